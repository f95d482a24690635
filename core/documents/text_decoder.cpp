#include "documents/text_decoder.h"

#include "documents/codec_decoder.h"
#include "documents/single_byte_decoder.h"
#include "documents/utf16_decoder.h"
#include "documents/utf8_decoder.h"

namespace burrow {

CharWidth TextMeasure::width() const
{
    if (bits < 0x80)
        return CharWidth::Ascii;
    if (bits < 0x100)
        return CharWidth::Latin1;
    return bits < 0x10000 ? CharWidth::Ucs2 : CharWidth::Ucs4;
}

void TextMeasure::append(const TextMeasure& next, ByteOffset start)
{
    if (!firstReplaced && next.firstReplaced)
        firstReplaced = start + *next.firstReplaced;
    chars += next.chars;
    bits |= next.bits;
    replaced += next.replaced;
}

void TextMeasure::countReplaced(size_t offset)
{
    count(replacementCharacter);
    ++replaced;
    if (!firstReplaced)
        firstReplaced = ByteOffset{static_cast<qint64>(offset)};
}

std::unique_ptr<const TextDecoder> makeDecoder(const TextEncoding& encoding)
{
    switch (encoding.kind()) {
    case TextEncoding::Kind::Utf8:
        return std::make_unique<Utf8Decoder>();
    case TextEncoding::Kind::Utf16Le:
        return std::make_unique<Utf16Decoder>(std::endian::little);
    case TextEncoding::Kind::Utf16Be:
        return std::make_unique<Utf16Decoder>(std::endian::big);
    case TextEncoding::Kind::Latin1:
    case TextEncoding::Kind::Windows1252:
        return std::make_unique<SingleByteDecoder>(encoding.kind());
    case TextEncoding::Kind::Other:
        break;
    }
    return CodecDecoder::make(encoding.name());
}

} // namespace burrow
