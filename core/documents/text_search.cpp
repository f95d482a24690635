#include "documents/text_search.h"

#include "base/thread_pool.h"
#include "documents/document_errors.h"
#include "documents/first_error.h"
#include "documents/line_breaks.h"
#include "documents/piece_search.h"
#include "documents/utf8_stretch.h"

#include <mutex>

namespace burrow {

namespace {

// Small enough to stay in a core's cache; results come in order after each batch.
constexpr qint64 pieceBytes = qint64(256) << 10;
constexpr qint64 batchPieces = 256;
// A piece ends with a line, unless none ends so near behind where it should.
constexpr qint64 farthestLineEnd = qint64(64) << 10;
// What is looked at before and behind a piece that does not.
constexpr qint64 contextBytes = qint64(4) << 10;

/// The document in pieces, each of which can be found without the others.
class Pieces {
public:
    explicit Pieces(const OpenText& text) : m_text(text), m_breaks(text.bytes(), text.encoding()) { }

    qint64 count() const
    {
        const qint64 bytes = (m_text.end() - m_text.begin()).value;
        return std::max<qint64>(1, (bytes + pieceBytes - 1) / pieceBytes);
    }
    ByteOffset border(qint64 piece) const
    {
        const ByteOffset nominal = m_text.begin() + ByteOffset{piece * pieceBytes};
        if (piece == 0 || nominal >= m_text.end())
            return std::min(nominal, m_text.end());
        const ByteOffset from{nominal.value / m_breaks.unitBytes() * m_breaks.unitBytes()};
        const auto line = m_breaks.firstStart(from, from + ByteOffset{farthestLineEnd});
        return line ? *line : m_text.cutNear(from);
    }
    bool beginsLine(ByteOffset at) const
    {
        return at == m_text.begin() || m_breaks.lastStart(at - ByteOffset{m_breaks.unitBytes()}, at);
    }
    /// Where the text that is looked at from @p border on begins, and up to @p border ends.
    ByteOffset contextBefore(ByteOffset border) const
    {
        const ByteOffset from = std::max(m_text.begin(), m_text.cutNear(border - ByteOffset{contextBytes}));
        return beginsLine(border) ? border : m_breaks.lastStart(from, border).value_or(from);
    }
    ByteOffset contextAfter(ByteOffset border) const
    {
        const ByteOffset to = std::min(m_text.end(), m_text.cutNear(border + ByteOffset{contextBytes}));
        return beginsLine(border) ? border : m_breaks.firstStart(border, to).value_or(to);
    }

private:
    const OpenText& m_text;
    LineBreaks m_breaks;
};

using Matches = std::vector<TextMatch>;

Result<Matches> searchPiece(
    const OpenText& text, const Pieces& pieces, qint64 index, PieceSearch& search, const StopToken& stop)
{
    const ByteOffset begin = pieces.border(index), end = pieces.border(index + 1);
    const ByteOffset from = pieces.contextBefore(begin), to = pieces.contextAfter(end);
    Utf8Stretch stretch(text, from, to);
    PieceSearch::Piece piece{.text = stretch.utf8(),
        .beginsLine = pieces.beginsLine(from),
        .endsLine = to == text.end() || pieces.beginsLine(to),
        .endsText = end == text.end()};
    piece.begin = from == begin ? 0 : stretch.inUtf8(begin);
    piece.end = to == end ? piece.text.size() : stretch.inUtf8(end);
    const auto found = search.run(piece, stop);
    if (!found)
        return std::unexpected(found.error());
    Matches matches;
    for (const LineMatcher::Match& match : *found)
        matches.push_back({stretch.inDocument(match.begin), stretch.inDocument(match.end)});
    return matches;
}

/// Lends each thread a PieceSearch.
class Searchers {
public:
    Searchers(const LineMatcher& matcher, const CandidateFilter* filter)
        : m_matcher(matcher), m_filter(filter)
    {
    }

    std::unique_ptr<PieceSearch> take()
    {
        const std::lock_guard lock(m_mutex);
        if (m_idle.empty())
            return std::make_unique<PieceSearch>(m_matcher, m_filter);
        std::unique_ptr<PieceSearch> search = std::move(m_idle.back());
        m_idle.pop_back();
        return search;
    }
    void giveBack(std::unique_ptr<PieceSearch> search)
    {
        const std::lock_guard lock(m_mutex);
        m_idle.push_back(std::move(search));
    }

private:
    const LineMatcher& m_matcher;
    const CandidateFilter* m_filter;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<PieceSearch>> m_idle;
};

/// Appends what does not overlap the last match: a long line's pieces may both find one.
void appendInOrder(Matches& all, const Matches& next, ByteOffset& behindLast)
{
    for (const TextMatch& match : next) {
        if (match.begin < behindLast)
            continue;
        all.push_back(match);
        behindLast = std::max(match.end, match.begin + ByteOffset{1});
    }
}

} // namespace

Result<TextSearch> TextSearch::compile(const SearchPattern& pattern)
{
    Result<LineMatcher> matcher = LineMatcher::compile(pattern);
    if (!matcher)
        return std::unexpected(matcher.error());
    TextSearch search;
    search.m_matcher = std::move(*matcher);
    search.m_filter = CandidateFilter::make(pattern);
    return search;
}

Result<TextSearch::Ending> TextSearch::run(
    const OpenText& text, const std::function<void(Part)>& onPart, const StopToken& stop) const
{
    const Pieces pieces(text);
    Searchers searchers(m_matcher, m_filter.get());
    ByteOffset behindLast;
    qint64 total = 0;
    for (qint64 first = 0; first < pieces.count(); first += batchPieces) {
        const qint64 count = std::min(batchPieces, pieces.count() - first);
        std::vector<Matches> found(static_cast<size_t>(count));
        FirstError error;
        parallelFor(
            count,
            [&](qsizetype i) {
                if (error.failed())
                    return;
                std::unique_ptr<PieceSearch> searcher = searchers.take();
                Result<Matches> matches = searchPiece(text, pieces, first + i, *searcher, stop);
                searchers.giveBack(std::move(searcher));
                if (matches)
                    found[static_cast<size_t>(i)] = std::move(*matches);
                else
                    error.note(matches.error());
            },
            stop);
        if (stop.stop_requested())
            return errors::cancelled();
        // Where the document changed, what was found in it means nothing.
        if (const Result<void> intact = text.check(); !intact)
            return std::unexpected(intact.error());
        if (const Result<void> done = error.take(); !done)
            return std::unexpected(done.error());
        Part part{{}, pieces.border(first + count)};
        for (const Matches& matches : found)
            appendInOrder(part.matches, matches, behindLast);
        const bool tooMany = total + std::ssize(part.matches) > mostMatches;
        if (tooMany)
            part.matches.resize(static_cast<size_t>(mostMatches - total));
        total += std::ssize(part.matches);
        onPart(std::move(part));
        if (tooMany)
            return Ending::TooManyMatches;
    }
    return Ending::WholeText;
}

} // namespace burrow
