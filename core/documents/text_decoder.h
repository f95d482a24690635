#pragma once

#include "base/text_span.h"
#include "documents/bytes.h"
#include "documents/text_encoding.h"

#include <memory>
#include <optional>
#include <vector>

namespace burrow {

/// What a piece of text will be once it is decoded.
struct TextMeasure {
    qint64 chars = 0;
    /// At least all code points, or-ed; its highest bit is right as far as the width depends on it.
    char32_t bits = 0;
    qint64 replaced = 0; ///< U+FFFD that stand for bytes that are no text
    std::optional<ByteOffset> firstReplaced;

    CharWidth width() const;
    /// Adds what follows; @p start is where it lies.
    void append(const TextMeasure& next, ByteOffset start);
    void count(char32_t codePoint)
    {
        ++chars;
        bits |= codePoint;
    }
    void countReplaced(size_t offset);
};

/// A character, and where its bytes begin in the piece that it was decoded from.
struct PlacedCharacter {
    char32_t codePoint;
    size_t offset;
};

inline constexpr char32_t replacementCharacter = 0xFFFD;

/// Turns the bytes of one encoding into code points. Immutable: any number of threads may use one. Works on
/// pieces that begin and end on borders, so that one long text is decoded in parallel.
class TextDecoder {
public:
    virtual ~TextDecoder() = default;

    /// A place at or soon after @p offset where @p bytes may be cut without changing what they mean. @p start
    /// is a border before it: 0, or the one found last.
    virtual size_t borderFrom(Bytes bytes, size_t start, size_t offset) const = 0;

    virtual TextMeasure measure(Bytes piece) const = 0;

    /// Writes the characters of @p piece to @p out, which has room for piece.size() of them, and returns how
    /// many there are. Code points beyond @p width are cut off: measure() told which width is enough.
    virtual qint64 decode(Bytes piece, CharWidth width, void* out) const = 0;

    /// Appends to @p out what decode() would write, with the places. For the little that a person sees.
    virtual void place(Bytes piece, std::vector<PlacedCharacter>& out) const = 0;

    /// Whether bytes that measure like this lie in the file as CPython stores the characters.
    virtual bool isStoredForm(const TextMeasure& measure, qint64 bytes) const = 0;
};

/// The decoder for @p encoding; null where it needs a codec that this Qt lacks.
std::unique_ptr<const TextDecoder> makeDecoder(const TextEncoding& encoding);

/// Calls @p decodeTo with a pointer of the unit that @p width is stored in.
template <typename Decode> qint64 withUnits(CharWidth width, void* out, Decode decodeTo)
{
    switch (width) {
    case CharWidth::Ucs2:
        return decodeTo(static_cast<char16_t*>(out));
    case CharWidth::Ucs4:
        return decodeTo(static_cast<char32_t*>(out));
    case CharWidth::Ascii:
    case CharWidth::Latin1:
        break;
    }
    return decodeTo(static_cast<unsigned char*>(out));
}

} // namespace burrow
