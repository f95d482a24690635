#pragma once

#include "base/result.h"
#include "documents/bytes.h"
#include "documents/search_pattern.h"

#include <memory>
#include <vector>

namespace burrow {

/// Finds the matches inside one line of UTF-8, by PCRE2: what it says, goes. Immutable; each thread brings a
/// LineMatcher::Scratch of its own.
class LineMatcher {
public:
    /// A line, or a window of a long one. A match begins in [from, to] of it.
    struct Subject {
        Bytes bytes;
        size_t from = 0, to = 0;
        bool beginsLine = true, endsLine = true;
    };
    struct Match {
        size_t begin, end; ///< in Subject::bytes
    };
    struct Scratch;
    struct DeleteScratch {
        void operator()(Scratch* scratch) const;
    };

    /// Errors: InvalidArgument, saying what is wrong with the pattern and where.
    static Result<LineMatcher> compile(const SearchPattern& pattern);

    std::unique_ptr<Scratch, DeleteScratch> makeScratch() const;

    /// Appends to @p out the matches that are not empty, from left to right; where there is none, an empty
    /// one if there is. Errors: LimitReached, where that takes too many steps. It never takes much over a
    /// tenth of a second.
    Result<void> match(const Subject& subject, Scratch& scratch, std::vector<Match>& out) const;

private:
    struct Code;

    std::shared_ptr<const Code> m_code;
};

} // namespace burrow
