#include "show_command.h"

#include "base/json.h"
#include "base/quantities.h"
#include "base/visible_text.h"
#include "base/words.h"
#include "session/document_records.h"
#include "trajectory/badge.h"
#include "trajectory/node_words.h"
#include "trajectory/run_file.h"
#include "trajectory/unfinished.h"

#include <array>
#include <cstdio>

namespace burrow {

namespace {

using words::tr;

/// What became of a node that is right goes before that it is.
QString stateWord(const RunTree::Node& node, bool isFork)
{
    const Badge badge = node.state == NodeState::Ok ? badgeOf(node, isFork) : Badge::None;
    return badge == Badge::None ? wordFor(shownState(node)) : wordFor(badge);
}

using Row = std::array<QString, 6>;
constexpr size_t leftColumns = 3;

/// One line a node, indented by depth: node, state, model, tokens, money, seconds. A branch also shows what
/// its source has and it has not.
class Table {
public:
    /// @p source is null for a run as it was asked.
    Table(const RunTree& tree, const RunTree* source, const std::vector<QByteArray>& models)
        : m_tree(tree), m_source(source), m_models(models)
    {
        if (source)
            for (const MissingNode& missing : missingNodes(*source, tree))
                m_missing[missing.parent].push_back(missing);
        m_rows.push_back({tr("node"), tr("state"), tr("model"), tr("tokens"), tr("cost"), tr("time")});
        for (const NodeIndex root : tree.roots())
            add(root, 0);
        addMissing(noNode, 0);
    }

    QString text() const
    {
        std::array<qsizetype, 6> widths{};
        for (const Row& row : m_rows) {
            for (size_t column = 0; column < row.size(); ++column)
                widths[column] = std::max(widths[column], row[column].size());
        }
        QString text;
        for (const Row& row : m_rows) {
            QString line;
            for (size_t column = 0; column < row.size(); ++column)
                line += (column < leftColumns ? row[column].leftJustified(widths[column])
                                              : row[column].rightJustified(widths[column]))
                    + QStringLiteral("  ");
            while (line.endsWith(QLatin1Char(' ')))
                line.chop(1);
            text += line + QLatin1Char('\n');
        }
        return text;
    }

private:
    void add(NodeIndex index, int level)
    {
        const RunTree::Node& node = m_tree.node(index);
        const auto model = size_t(node.model);
        const QByteArray name = model < m_models.size() ? m_models[model] : QByteArray();
        const Totals& used = node.subtree;
        m_rows.push_back({nameOf(m_tree.path(index), level), stateWord(node, m_source),
            QString::fromUtf8(visibleText(name, LineMode::SingleLine)),
            used.requests > 0 ? tr("%1 in %2 out")
                                    .arg(formatCount(used.inputTokens, used.estimatedTokens),
                                        formatCount(used.outputTokens, used.estimatedTokens))
                              : QString(),
            used.requests > 0 ? formatMoney(used.spent, used.estimated) : QString(),
            node.ended.count() > 0 ? formatDuration(node.ended - node.begun) : QString()});
        for (const NodeIndex child : node.children)
            add(child, level + 1);
        addMissing(index, level + 1);
    }

    /// What they used is the source's.
    void addMissing(NodeIndex parent, int level)
    {
        for (const MissingNode& missing : m_missing.value(parent))
            m_rows.push_back({nameOf(m_source->path(missing.node), level), wordFor(missing.badge)});
    }

    static QString nameOf(const NodePath& path, int level)
    {
        return QString(level * 2, QLatin1Char(' '))
            + QString::fromLatin1(path.text().sliced(path.text().lastIndexOf('/') + 1));
    }

    const RunTree& m_tree;
    const RunTree* m_source;
    QHash<NodeIndex, std::vector<MissingNode>> m_missing; ///< by parent
    const std::vector<QByteArray>& m_models;
    std::vector<Row> m_rows;
};

QString summary(const RunTree& tree)
{
    const RunTotals& run = tree.totals();
    QString text
        = tr("%1 · %2 · %3 · %4 tokens · %5")
              .arg(wordFor(run.state), formatTurns(run.turns), formatCalls(run.calls),
                  formatCount(run.totals.inputTokens + run.totals.outputTokens, run.totals.estimatedTokens),
                  formatMoney(run.totals.spent, run.totals.estimated));
    if (run.totals.unknown > 0)
        text += QStringLiteral(" · ") + formatUnknown(run.totals.unknown, run.totals.unknownUpTo);
    return text;
}

using Documents = std::vector<DocumentRecord>;

QString replacedText(const Documents& documents)
{
    QString text;
    for (const QString& line : replacedLines(documents))
        text += visibleText(line, LineMode::SingleLine) + QLatin1Char('\n');
    return text;
}

nlohmann::ordered_json replacedJson(const Documents& documents)
{
    auto json = nlohmann::ordered_json::array();
    for (const DocumentRecord& document : documents) {
        if (document.replaced > 0)
            json.push_back({{"path", document.path.toStdString()},
                {"encoding", document.encoding.toStdString()}, {"replaced", document.replaced},
                {"first_byte", document.firstReplaced.value_or(ByteOffset{}).value}});
    }
    return json;
}

QString skippedText(const Documents& documents)
{
    QString text;
    for (const DocumentRecord& document : documents) {
        if (!document.skipped.isEmpty())
            text += visibleText(
                        tr("skipped: %1 (%2)").arg(document.path, document.skipped), LineMode::SingleLine)
                + QLatin1Char('\n');
    }
    return text;
}

nlohmann::ordered_json skippedJson(const Documents& documents)
{
    auto json = nlohmann::ordered_json::array();
    for (const DocumentRecord& document : documents) {
        if (!document.skipped.isEmpty())
            json.push_back(
                {{"path", document.path.toStdString()}, {"reason", document.skipped.toStdString()}});
    }
    return json;
}

/// The branches of a run that has more than one.
QString branchesText(RunFile& file)
{
    QString text;
    if (file.branches().size() < 2)
        return text;
    for (const Branch& branch : file.branches()) {
        const Result<RunTree> tree = loadTree(file, branch.id);
        if (!tree)
            continue;
        const RunTotals& run = tree->totals();
        text += tr("branch %1 · %2 · %3 · %4 reused · %5\n")
                    .arg(branch.id)
                    .arg(wordFor(run.state), formatMoney(run.totals.spent, run.totals.estimated),
                        formatMoney(run.totals.reused),
                        branch.parent == 0
                            ? reasonOf(branch)
                            : tr("%1, left branch %2").arg(reasonOf(branch)).arg(branch.parent));
    }
    return text;
}

/// A limit that something of the run ran into.
struct LimitLine {
    QByteArray node; ///< its path; empty: the run as a whole
    QByteArray text;
};

Result<std::vector<LimitLine>> limitsReached(RunFile& file, int branch, const RunTree& tree)
{
    std::vector<LimitLine> lines;
    std::vector<Event> reached;
    const auto read = readBranch(file, branch, [&reached](std::span<const Event> events) {
        std::ranges::copy_if(events, std::back_inserter(reached),
            [](const Event& event) { return event.kind == EventKind::LimitReached; });
    });
    if (!read)
        return std::unexpected(read.error());
    for (const Event& event : reached) {
        Result<QByteArray> text = file.text(event.body);
        if (!text)
            return std::unexpected(text.error());
        const NodeIndex node = tree.findId(event.node);
        lines.push_back({node == noNode ? QByteArray() : tree.path(node).text(), std::move(*text)});
    }
    return lines;
}

QString limitsText(const std::vector<LimitLine>& lines)
{
    QString text;
    for (const LimitLine& line : lines)
        text += visibleText(
                    tr("limit: %1: %2").arg(QString::fromUtf8(line.node), QString::fromUtf8(line.text)),
                    LineMode::SingleLine)
            + QLatin1Char('\n');
    return text;
}

QByteArray jsonSummary(
    const RunTree& tree, RunFile& file, const Documents& documents, const std::vector<LimitLine>& limits)
{
    const RunTotals& run = tree.totals();
    nlohmann::ordered_json json;
    json["state"] = nameOf(run.state);
    json["turns"] = run.turns;
    json["calls"] = run.calls;
    json["spent_usd"] = double(run.totals.spent.value) / 1e6;
    json["estimated_usd"] = double(run.totals.estimated.value) / 1e6;
    json["reused_usd"] = double(run.totals.reused.value) / 1e6;
    json["tokens"] = run.totals.inputTokens + run.totals.outputTokens;
    json["input_tokens"] = run.totals.inputTokens;
    json["output_tokens"] = run.totals.outputTokens;
    json["estimated_tokens"] = run.totals.estimatedTokens;
    json["requests"] = run.totals.requests;
    json["unknown_outcomes"] = run.totals.unknown;
    json["unknown_up_to_usd"] = double(run.totals.unknownUpTo.value) / 1e6;
    json["nodes"] = tree.size();
    json["branches"] = file.branches().size();
    json["limits"] = nlohmann::ordered_json::array();
    for (const LimitLine& line : limits)
        json["limits"].push_back({{"node", line.node.toStdString()}, {"text", line.text.toStdString()}});
    json["replaced"] = replacedJson(documents);
    json["skipped"] = skippedJson(documents);
    json["answer"] = file.text(run.answer).value_or(QByteArray()).toStdString();
    return toText(json, JsonForm::Ascii);
}

} // namespace

Result<ExitStatus> show(const ShowOptions& options)
{
    Result<RunFile> file = RunFile::open(options.run.path, RunFile::Access::Read);
    if (!file)
        return std::unexpected(file.error());
    const Result<RunTree> tree = loadTree(*file, options.run.branch);
    if (!tree)
        return std::unexpected(tree.error());
    const Result<Documents> documents = file->documents();
    if (!documents)
        return std::unexpected(documents.error());
    const auto limits = limitsReached(*file, options.run.branch, *tree);
    if (!limits)
        return std::unexpected(limits.error());
    std::optional<RunTree> source;
    const auto branch = std::ranges::find(file->branches(), options.run.branch, &Branch::id);
    if (branch != file->branches().end() && branch->parent != 0) {
        Result<RunTree> left = loadTree(*file, branch->parent);
        if (!left)
            return std::unexpected(left.error());
        source = std::move(*left);
    }
    const QByteArray text = options.json
        ? jsonSummary(*tree, *file, *documents, *limits) + '\n'
        : (Table(*tree, source ? &*source : nullptr, file->models()).text() + summary(*tree)
              + QLatin1Char('\n') + branchesText(*file) + limitsText(*limits) + replacedText(*documents)
              + skippedText(*documents))
              .toUtf8();
    std::fwrite(text.constData(), 1, size_t(text.size()), stdout);
    return ExitStatus::Answered;
}

} // namespace burrow
