#pragma once

#include <QString>

namespace burrow {

/// What a person looks for.
struct SearchPattern {
    enum class Syntax { Literal, Regex }; ///< Regex: as PCRE2 defines it
    enum class Case { Sensitive, Insensitive };

    QString text;
    Syntax syntax = Syntax::Literal;
    Case letterCase = Case::Sensitive;

    friend bool operator==(const SearchPattern&, const SearchPattern&) = default;
};

} // namespace burrow
