#pragma once

#include "base/task.h"
#include "documents/candidate_filter.h"
#include "documents/line_matcher.h"
#include "documents/open_text.h"

#include <functional>

namespace burrow {

/// Where a match lies in its document.
struct TextMatch {
    ByteOffset begin, end;

    friend bool operator==(const TextMatch&, const TextMatch&) = default;
};

/// Finds a pattern in documents of any size, on all cores. A match lies within one line; in a line of more
/// than 64 KiB, one of more than 4 KiB may be missed. `^` and `$` are the ends of a line.
class TextSearch {
public:
    /// What was found since the last part, in order.
    struct Part {
        std::vector<TextMatch> matches;
        ByteOffset searched; ///< how far the document has been searched
    };
    enum class Ending { WholeText, TooManyMatches };
    static constexpr qint64 mostMatches = 1'000'000;

    /// Errors: InvalidArgument, saying what is wrong with the pattern and where.
    static Result<TextSearch> compile(const SearchPattern& pattern);

    /// Searches @p text on threads of the pool, and calls @p onPart on the calling thread at least every 64
    /// MiB. Ends early at mostMatches. Errors: LimitReached (the pattern takes too many steps), Cancelled,
    /// DocumentChanged; what was found before stays right.
    Result<Ending> run(
        const OpenText& text, const std::function<void(Part)>& onPart, const StopToken& stop) const;

private:
    LineMatcher m_matcher;
    std::shared_ptr<const CandidateFilter> m_filter;
};

} // namespace burrow
