#pragma once

#include "base/task.h"
#include "documents/candidate_filter.h"
#include "documents/line_breaks.h"
#include "documents/line_matcher.h"

namespace burrow {

/// Searches one piece of UTF-8 text by itself. One for each thread.
class PieceSearch {
public:
    /// @p filter may be null.
    PieceSearch(const LineMatcher& matcher, const CandidateFilter* filter);

    /// A piece, with what surrounds it in the line that it begins or ends in.
    struct Piece {
        Bytes text;
        size_t begin = 0, end = 0; ///< matches begin in between
        bool beginsLine = true, endsLine = true; ///< whether text does
        bool endsText = true; ///< whether an empty line at the end of text is one
    };
    using Matches = std::vector<LineMatcher::Match>;

    /// The matches, in order, as offsets into Piece::text. Errors: LimitReached. After a stop some are
    /// missing.
    Result<Matches> run(const Piece& piece, const StopToken& stop);

private:
    Result<void> searchLine(size_t begin, size_t end);

    const LineMatcher& m_matcher;
    const CandidateFilter* m_filter;
    std::unique_ptr<LineMatcher::Scratch, LineMatcher::DeleteScratch> m_matcherScratch;
    CandidateFilter::ScratchPointer m_filterScratch;
    Piece m_piece;
    Matches m_matches;
};

} // namespace burrow
