#pragma once

#include "documents/search_pattern.h"

#include <optional>

namespace burrow {

/// On which texts another engine than PCRE2 is sure to find every line in which PCRE2 finds a match.
struct FilterableTexts {
    bool beyondAscii = true; ///< else only ASCII: the engines differ in what Unicode calls a letter
    bool carriageReturns = true; ///< else only LF ends a line

    friend bool operator==(const FilterableTexts&, const FilterableTexts&) = default;
};

/// Nothing where the pattern uses what engines take differently. Goes by the letters of the pattern: what is
/// not known to be safe is not.
std::optional<FilterableTexts> filterableTexts(const SearchPattern& pattern);

} // namespace burrow
