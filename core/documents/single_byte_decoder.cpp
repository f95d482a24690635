#include "documents/single_byte_decoder.h"

#include <algorithm>

namespace burrow {

namespace {

// Windows-1252 from 0x80 to 0x9F (https://encoding.spec.whatwg.org/index-windows-1252.txt).
constexpr char16_t windows1252[] = {0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6,
    0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
    0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};

} // namespace

SingleByteDecoder::SingleByteDecoder(TextEncoding::Kind kind)
{
    for (size_t i = 0; i < m_table.size(); ++i)
        m_table[i] = static_cast<char16_t>(i);
    if (kind == TextEncoding::Kind::Windows1252)
        std::ranges::copy(windows1252, m_table.begin() + 0x80);
}

size_t SingleByteDecoder::borderFrom(Bytes bytes, size_t, size_t offset) const
{
    return std::min(offset, bytes.size());
}

TextMeasure SingleByteDecoder::measure(Bytes piece) const
{
    TextMeasure measure;
    measure.chars = std::ssize(piece);
    for (const unsigned char byte : piece)
        measure.bits |= m_table[byte];
    return measure;
}

qint64 SingleByteDecoder::decode(Bytes piece, CharWidth width, void* out) const
{
    return withUnits(width, out, [this, piece]<typename Unit>(Unit* next) {
        for (const unsigned char byte : piece)
            *next++ = static_cast<Unit>(m_table[byte]);
        return std::ssize(piece);
    });
}

void SingleByteDecoder::place(Bytes piece, std::vector<PlacedCharacter>& out) const
{
    for (size_t at = 0; at < piece.size(); ++at)
        out.push_back({m_table[piece[at]], at});
}

bool SingleByteDecoder::isStoredForm(const TextMeasure& measure, qint64) const
{
    // Below U+0100 both tables say what the byte says.
    return measure.bits < 0x100;
}

} // namespace burrow
