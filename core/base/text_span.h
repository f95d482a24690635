#pragma once

#include "base/units.h"

#include <QString>

namespace burrow {

/// How CPython stores the characters of a str, and so how they must lie in a file to be mapped as one.
/// The width must be exactly minimal: ASCII text stored in two bytes compares unequal to itself.
enum class CharWidth { Ascii, Latin1, Ucs2, Ucs4 };

constexpr int bytesPerChar(CharWidth width)
{
    switch (width) {
    case CharWidth::Ascii:
    case CharWidth::Latin1:
        return 1;
    case CharWidth::Ucs2:
        return 2;
    case CharWidth::Ucs4:
        return 4;
    }
    return 1;
}

/// Where the characters of one document lie on disk, little-endian, ready to be mapped by a guest.
/// In the file a NUL character follows the text, or nothing does.
struct TextSpan {
    QString file; ///< absolute path: the document itself, or its image in the cache
    ByteOffset offset; ///< of the first character; a multiple of bytesPerChar(width)
    CharOffset length; ///< in characters
    CharWidth width = CharWidth::Ascii;

    friend bool operator==(const TextSpan&, const TextSpan&) = default;
};

} // namespace burrow
