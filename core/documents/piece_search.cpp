#include "documents/piece_search.h"

namespace burrow {

namespace {

// What PCRE2 sees of a long line at a time, and what it may look at around that.
constexpr size_t windowBytes = size_t(64) << 10, contextBytes = size_t(4) << 10;

/// The last place up to @p at that is between two characters.
size_t between(Bytes text, size_t at)
{
    constexpr int longestTail = 3; // continuation bytes
    for (int i = 0; i < longestTail && at > 0 && at < text.size() && (text[at] & 0xC0) == 0x80; ++i)
        --at;
    return at;
}

ByteOffset offset(size_t value)
{
    return {static_cast<qint64>(value)};
}

} // namespace

PieceSearch::PieceSearch(const LineMatcher& matcher, const CandidateFilter* filter)
    : m_matcher(matcher), m_filter(filter), m_matcherScratch(matcher.makeScratch())
{
    if (m_filter)
        m_filterScratch = m_filter->makeScratch();
}

Result<PieceSearch::Matches> PieceSearch::run(const Piece& piece, const StopToken& stop)
{
    m_piece = piece;
    m_matches.clear();
    std::optional<std::vector<size_t>> candidates;
    if (m_filterScratch)
        candidates = m_filter->candidates(piece.text, *m_filterScratch);
    // For the filter no line begins behind a line break at the very end.
    if (candidates && piece.endsText)
        candidates->push_back(piece.text.size());
    const LineBreaks breaks(piece.text, TextEncoding::Kind::Utf8);
    const ByteOffset whole = offset(piece.text.size());
    size_t candidate = 0;
    for (size_t begin = 0; begin < piece.end || (begin == piece.end && piece.endsText);) {
        if (candidates) {
            while (candidate < candidates->size() && (*candidates)[candidate] < begin)
                ++candidate;
            if (candidate == candidates->size())
                break;
            const ByteOffset at = offset((*candidates)[candidate]);
            begin = static_cast<size_t>(breaks.lastStart(offset(begin), at).value_or(offset(begin)).value);
            if (begin == piece.end && !piece.endsText)
                break;
        }
        const std::optional<ByteOffset> next = breaks.firstStart(offset(begin), whole);
        const size_t end = next ? static_cast<size_t>(breaks.endBefore(*next).value) : piece.text.size();
        if (const Result<void> searched = searchLine(begin, end); !searched)
            return std::unexpected(searched.error());
        if (!next || stop.stop_requested())
            break;
        begin = static_cast<size_t>(next->value);
    }
    return std::move(m_matches);
}

/// Searches the line from @p begin to @p end of the piece's text, in windows where it is long.
Result<void> PieceSearch::searchLine(size_t begin, size_t end)
{
    const size_t last = std::min(end, m_piece.end);
    for (size_t from = std::max(begin, m_piece.begin); from <= last;) {
        const bool isLast = last - from <= windowBytes;
        const size_t next = between(m_piece.text, from + windowBytes);
        const size_t to = isLast ? last : next - 1;
        const size_t before
            = from - begin > contextBytes ? between(m_piece.text, from - contextBytes) : begin;
        const size_t after = end - to > contextBytes ? between(m_piece.text, to + contextBytes) : end;
        const LineMatcher::Subject window{.bytes = m_piece.text.subspan(before, after - before),
            .from = from - before,
            .to = to - before,
            .beginsLine = before == begin && (begin > 0 || m_piece.beginsLine),
            .endsLine = after == end && (end < m_piece.text.size() || m_piece.endsLine)};
        const size_t known = m_matches.size();
        if (const Result<void> matched = m_matcher.match(window, *m_matcherScratch, m_matches); !matched)
            return matched;
        for (size_t i = known; i < m_matches.size(); ++i)
            m_matches[i] = {m_matches[i].begin + before, m_matches[i].end + before};
        if (isLast)
            break;
        from = m_matches.size() > known ? std::max(next, m_matches.back().end) : next;
    }
    return {};
}

} // namespace burrow
