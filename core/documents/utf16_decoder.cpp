#include "documents/utf16_decoder.h"

#include <QChar>

namespace burrow {

char16_t Utf16Decoder::unitAt(Bytes bytes, size_t offset) const
{
    const unsigned first = bytes[offset], second = bytes[offset + 1];
    return static_cast<char16_t>(m_order == std::endian::little ? first | second << 8 : first << 8 | second);
}

/// Calls @p emit(code point, offset) for every character but an odd last byte.
template <typename Emit> void Utf16Decoder::forEach(Bytes piece, Emit emit) const
{
    const size_t end = piece.size() / 2 * 2;
    for (size_t at = 0; at < end; at += 2) {
        const char16_t unit = unitAt(piece, at);
        if (QChar::isHighSurrogate(unit) && at + 2 < end) {
            if (const char16_t low = unitAt(piece, at + 2); QChar::isLowSurrogate(low)) {
                emit(QChar::surrogateToUcs4(unit, low), at);
                at += 2;
                continue;
            }
        }
        emit(char32_t(unit), at);
    }
}

size_t Utf16Decoder::borderFrom(Bytes bytes, size_t, size_t offset) const
{
    const size_t at = offset + offset % 2;
    if (at + 2 > bytes.size())
        return bytes.size();
    const bool insidePair = at >= 2 && QChar::isLowSurrogate(unitAt(bytes, at))
        && QChar::isHighSurrogate(unitAt(bytes, at - 2));
    return insidePair ? at + 2 : at;
}

TextMeasure Utf16Decoder::measure(Bytes piece) const
{
    TextMeasure measure;
    forEach(piece, [&measure](char32_t codePoint, size_t) { measure.count(codePoint); });
    if (piece.size() % 2 != 0)
        measure.countReplaced(piece.size() - 1);
    return measure;
}

qint64 Utf16Decoder::decode(Bytes piece, CharWidth width, void* out) const
{
    return withUnits(width, out, [this, piece]<typename Unit>(Unit* const first) {
        Unit* next = first;
        forEach(piece, [&next](char32_t codePoint, size_t) { *next++ = static_cast<Unit>(codePoint); });
        if (piece.size() % 2 != 0)
            *next++ = static_cast<Unit>(replacementCharacter);
        return qint64(next - first);
    });
}

void Utf16Decoder::place(Bytes piece, std::vector<PlacedCharacter>& out) const
{
    forEach(piece, [&out](char32_t codePoint, size_t at) { out.push_back({codePoint, at}); });
    if (piece.size() % 2 != 0)
        out.push_back({replacementCharacter, piece.size() - 1});
}

bool Utf16Decoder::isStoredForm(const TextMeasure& measure, qint64 bytes) const
{
    return m_order == std::endian::little && measure.width() == CharWidth::Ucs2 && measure.chars * 2 == bytes;
}

} // namespace burrow
