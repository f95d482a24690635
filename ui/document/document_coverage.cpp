#include "document/document_coverage.h"

#include "base/quantities.h"
#include "base/words.h"
#include "documents/document_errors.h"
#include "documents/text_excerpt.h"
#include "trajectory/recorded_request.h"
#include "trajectory/run_file.h"

#include <QHash>
#include <QLocale>
#include <QRegularExpression>

namespace burrow {

namespace {

constexpr qint64 leastRead = 64, leastCited = 24; // bytes of UTF-8
constexpr int mostPlaces = 3; // in which a document has what is cited
constexpr qint64 mostTextBytes = qint64(128) << 20;
constexpr qint64 mostAnswerBytes = qint64(1) << 20;
constexpr qint64 mostDocumentBytes = qint64(1) << 30; // that are looked at unasked

using words::tr;

/// The texts on record in which stretches of documents may stand.
struct RunTexts {
    std::vector<QByteArray> texts;
    std::vector<NodeIndex> nodes; ///< that were given them, or printed them
    QByteArray answer;
    bool isComplete = true;
};

/// What a model is told of earlier turns is what their cells printed, so turns add nothing.
bool mayHoldDocuments(const RunTree::Node& node)
{
    return node.kind == NodeKind::Completion || node.kind == NodeKind::Cell
        || (node.kind == NodeKind::Rlm && node.parent != noNode);
}

Result<RunTexts> readRunTexts(RunFile& file, const CoverageOrder& order, const StopToken& stop)
{
    RunTexts run;
    qint64 bytes = 0;
    for (int i = 0; i < order.nodes.size(); ++i) {
        if (stop.stop_requested())
            return errors::cancelled();
        const RunTree::Node& node = order.nodes[NodeIndex(i)];
        if (!mayHoldDocuments(node))
            continue;
        const Result<QByteArray> text
            = node.kind == NodeKind::Cell ? file.text(node.output) : readInput(file, node.kind, node.input);
        if (!text)
            return std::unexpected(text.error());
        bytes += text->size();
        run.isComplete = bytes <= mostTextBytes;
        if (!run.isComplete)
            break;
        if (text->size() >= leastRead) {
            run.texts.push_back(*text);
            run.nodes.push_back(NodeIndex(i));
        }
    }
    return file.text(order.answer).transform([&run](const QByteArray& answer) {
        run.answer = answer.first(qMin(answer.size(), mostAnswerBytes));
        return std::move(run);
    });
}

/// Words of @p answer that say by themselves where they come from: codes, sums, dates written in one.
std::optional<TextSearch> wordSearch(const QByteArray& answer)
{
    constexpr int most = 100;
    static const QRegularExpression word(QStringLiteral("[\\p{L}\\p{N}]+(?:[-_./:,'][\\p{L}\\p{N}]+)*"));
    static const QRegularExpression digit(QStringLiteral("\\p{N}"));
    QStringList found;
    const QString text = QString::fromUtf8(answer);
    for (const QRegularExpressionMatch& match : word.globalMatch(text)) {
        const QString candidate = match.captured();
        if (candidate.size() >= 5 && candidate.size() <= 100 && candidate.contains(digit)
            && !found.contains(candidate))
            found << QRegularExpression::escape(candidate);
        if (found.size() == most)
            break;
    }
    if (found.isEmpty())
        return std::nullopt;
    Result<TextSearch> search = TextSearch::compile(
        {QStringLiteral("(?<![\\p{L}\\p{N}])(?:%1)(?![\\p{L}\\p{N}])").arg(found.join(u'|')),
            SearchPattern::Syntax::Regex, SearchPattern::Case::Sensitive});
    return search ? std::optional(std::move(*search)) : std::nullopt;
}

/// Finds what one run read and cites in one document after the other.
class CoverageSearch {
public:
    CoverageSearch(const RunTree::Nodes& nodes, RunTexts run)
        : m_nodes(nodes)
        , m_readers(std::move(run.nodes))
        , m_isComplete(run.isComplete)
        , m_read(std::move(run.texts), leastRead)
        , m_quotes({run.answer}, leastCited)
        , m_words(wordSearch(run.answer))
    {
    }

    Result<DocumentCoverage> in(const OpenText& text, const StopToken& stop) const
    {
        DocumentCoverage coverage{.path = text.path(), .size = (text.end() - text.begin()).value};
        const Result<void> looked
            = findRead(text, coverage, stop).and_then([&] { return findCited(text, coverage, stop); });
        return looked ? Result<DocumentCoverage>(std::move(coverage)) : std::unexpected(looked.error());
    }

private:
    Result<void> findRead(const OpenText& text, DocumentCoverage& coverage, const StopToken& stop) const
    {
        Result<PassageSearch::Found> found = m_read.run(text, stop);
        if (!found)
            return std::unexpected(found.error());
        coverage.isComplete = m_isComplete && found->isComplete;
        coverage.read = std::move(found->passages);
        QHash<int, int> indexOf; // of a text among the nodes that read here
        for (Passage& passage : coverage.read) {
            const auto known = indexOf.constFind(passage.text);
            const int index = known == indexOf.cend() ? int(coverage.nodes.size()) : *known;
            if (known == indexOf.cend()) {
                indexOf.insert(passage.text, index);
                const RunTree::Node& node = m_nodes[m_readers[size_t(passage.text)]];
                coverage.nodes.push_back(node.id);
                ++(node.kind == NodeKind::Cell ? coverage.cells : coverage.calls);
            }
            passage.text = index;
            if (!coverage.places.empty() && passage.begin <= coverage.places.back().end)
                coverage.places.back().end = std::max(coverage.places.back().end, passage.end);
            else
                coverage.places.push_back({passage.begin, passage.end});
        }
        for (const TextMatch& place : coverage.places)
            coverage.bytesRead += (place.end - place.begin).value;
        return {};
    }

    Result<void> findCited(const OpenText& text, DocumentCoverage& coverage, const StopToken& stop) const
    {
        const Result<PassageSearch::Found> quotes = m_quotes.run(text, stop);
        if (!quotes)
            return std::unexpected(quotes.error());
        coverage.isComplete = coverage.isComplete && quotes->isComplete;
        std::vector<TextMatch> cited;
        for (const Passage& quote : quotes->passages)
            cited.push_back({quote.begin, quote.end});
        const auto take = [&](const TextSearch::Part& part) {
            cited.insert(cited.end(), part.matches.begin(), part.matches.end());
        };
        if (m_words) {
            const Result<TextSearch::Ending> ending = m_words->run(text, take, stop);
            if (!ending && ending.error().code != ErrorCode::LimitReached)
                return std::unexpected(ending.error());
            if (ending != TextSearch::Ending::WholeText)
                coverage.isComplete = false; // what was found up to there stays right
        }
        return keepRare(text, std::move(cited)).transform([&](std::vector<TextMatch> rare) {
            coverage.cited = std::move(rare);
        });
    }

    /// What a document says again and again is a common phrase there, and cited from nowhere.
    static Result<std::vector<TextMatch>> keepRare(const OpenText& text, std::vector<TextMatch> all)
    {
        QHash<QByteArray, int> count;
        const auto bytesOf = [&text](const TextMatch& match) {
            const Bytes bytes = text.bytes(match.begin, match.end);
            return QByteArray(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
        };
        for (const TextMatch& match : all)
            ++count[bytesOf(match)];
        std::erase_if(all, [&](const TextMatch& match) { return count.value(bytesOf(match)) > mostPlaces; });
        std::ranges::sort(all, {}, [](const TextMatch& match) { return std::pair(match.begin, match.end); });
        std::vector<TextMatch> joined;
        for (const TextMatch& match : all) {
            if (!joined.empty() && match.begin < joined.back().end)
                joined.back().end = std::max(joined.back().end, match.end);
            else
                joined.push_back(match);
        }
        return text.check().transform([&joined] { return std::move(joined); });
    }

    const RunTree::Nodes& m_nodes;
    std::vector<NodeIndex> m_readers; ///< by text
    bool m_isComplete;
    PassageSearch m_read;
    PassageSearch m_quotes;
    std::optional<TextSearch> m_words;
};

Result<DocumentCoverage> coverageOf(
    const DocumentRecord& document, const CoverageSearch& search, const StopToken& stop)
{
    return OpenText::open(document.path, TextEncoding::fromName(document.encoding.toLatin1()))
        .and_then([&](const std::shared_ptr<const OpenText>& text) { return search.in(*text, stop); });
}

} // namespace

Result<void> findCoverage(const CoverageOrder& order,
    const std::function<void(std::shared_ptr<const DocumentCoverage>)>& use, const StopToken& stop)
{
    Result<RunFile> file = RunFile::open(order.runFile, RunFile::Access::Read);
    if (!file)
        return std::unexpected(file.error());
    Result<std::vector<DocumentRecord>> documents = file->documents();
    if (!documents)
        return std::unexpected(documents.error());
    Result<RunTexts> texts = readRunTexts(*file, order, stop);
    if (!texts)
        return std::unexpected(texts.error());
    const CoverageSearch search(order.nodes, std::move(*texts));
    std::ranges::stable_partition(*documents, [&](const auto& of) { return of.path == order.first; });
    qint64 bytes = 0;
    for (const DocumentRecord& document : *documents) {
        if (!document.skipped.isEmpty())
            continue;
        bytes += document.size; // also of what is known, which was looked at once
        const bool isTooMuch = bytes > mostDocumentBytes && document.path != order.first;
        if (isTooMuch || order.known.contains(document.path))
            continue;
        Result<DocumentCoverage> coverage = coverageOf(document, search, stop);
        if (stop.stop_requested())
            return errors::cancelled();
        if (!coverage)
            coverage = DocumentCoverage{.path = document.path, .problem = coverage.error().message};
        use(std::make_shared<const DocumentCoverage>(std::move(*coverage)));
    }
    return {};
}

QString describe(const DocumentCoverage& coverage)
{
    if (!coverage.problem.isEmpty())
        return coverage.problem;
    QStringList parts;
    if (coverage.bytesRead == 0) {
        parts << tr("nothing read word for word");
    } else {
        const double percent = 100.0 * double(coverage.bytesRead) / double(qMax(qint64(1), coverage.size));
        QStringList readers;
        if (coverage.calls > 0)
            readers << formatCalls(coverage.calls);
        if (coverage.cells > 0)
            readers << (coverage.cells == 1 ? tr("1 cell") : tr("%1 cells").arg(formatCount(coverage.cells)));
        parts << tr("%1 % read by %2")
                     .arg(percent < 1 ? tr("less than 1") : QLocale().toString(int(percent)),
                         readers.join(tr(" and ")));
    }
    if (!coverage.cited.empty())
        parts << (coverage.cited.size() == 1
                ? tr("1 place cited")
                : tr("%1 places cited").arg(formatCount(qint64(coverage.cited.size()))));
    if (!coverage.isComplete)
        parts << tr("not all was looked at");
    return parts.join(QStringLiteral(" · "));
}

} // namespace burrow
