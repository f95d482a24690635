#pragma once

#include "base/units.h"
#include "documents/bytes.h"
#include "documents/text_encoding.h"

#include <optional>

namespace burrow {

/// Where lines begin in the bytes of a document: behind LF, CR LF, and CR that no LF follows. Looks only at
/// the bytes that it is asked about.
class LineBreaks {
public:
    LineBreaks(Bytes text, const TextEncoding& encoding);

    /// How many lines begin in (@p from, @p to]; both between characters.
    qint64 count(ByteOffset from, ByteOffset to) const;

    /// The first or last line that begins in (@p from, @p to].
    std::optional<ByteOffset> firstStart(ByteOffset from, ByteOffset to) const;
    std::optional<ByteOffset> lastStart(ByteOffset from, ByteOffset to) const;

    /// Where the text of a line ends whose successor begins at @p next: before its line break.
    ByteOffset endBefore(ByteOffset next) const;

    bool isSpace(ByteOffset at) const { return unitAt(at) == u' '; }
    /// 2 for UTF-16, else 1. In all other encodings here, line breaks are bytes of their own.
    int unitBytes() const { return m_unit == Unit::Byte ? 1 : 2; }

private:
    enum class Unit { Byte, Utf16Le, Utf16Be };

    char16_t unitAt(ByteOffset at) const;
    bool breaksAfter(ByteOffset at) const;
    std::optional<ByteOffset> firstByteStart(ByteOffset from, ByteOffset to) const;

    Bytes m_text;
    Unit m_unit;
};

} // namespace burrow
