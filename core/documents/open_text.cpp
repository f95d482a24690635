#include "documents/open_text.h"

#include "documents/document_errors.h"
#include "documents/encoding_detector.h"
#include "documents/line_breaks.h"
#include "documents/utf8_decoder.h"

namespace burrow {

namespace {

constexpr size_t detectedBytes = size_t(16) << 20;
constexpr qint64 farthestCut = 256;

} // namespace

Result<std::shared_ptr<const OpenText>> OpenText::open(
    const QString& path, const std::optional<TextEncoding>& encoding)
{
    Result<MappedFile> file = MappedFile::open(path);
    if (!file)
        return std::unexpected(file.error());
    const std::shared_ptr<OpenText> text(new OpenText(path, std::move(*file)));
    const Bytes head = text->bytes().first(std::min(text->bytes().size(), detectedBytes));
    const ByteOrderMark mark = byteOrderMark(head);
    const bool marked = mark.encoding && (!encoding || *encoding == *mark.encoding);
    if (encoding)
        text->m_encoding = *encoding;
    else
        text->m_encoding = mark.encoding ? *mark.encoding : detectEncoding(head, asciiPrefix(head));
    text->m_begin = {marked ? mark.bytes : 0};
    text->m_decoder = makeDecoder(text->m_encoding);
    if (!text->m_decoder)
        return errors::unknownEncoding(QString::fromLatin1(text->m_encoding.name()));
    return text;
}

Bytes OpenText::bytes(ByteOffset from, ByteOffset to) const
{
    const qint64 begin = std::clamp<qint64>(from.value, 0, end().value);
    const qint64 stop = std::clamp<qint64>(to.value, begin, end().value);
    return bytes().subspan(static_cast<size_t>(begin), static_cast<size_t>(stop - begin));
}

ByteOffset OpenText::cutNear(ByteOffset nominal) const
{
    if (nominal <= m_begin || nominal >= end())
        return std::clamp(nominal, m_begin, end());
    const ByteOffset lowest = std::max(m_begin, nominal - ByteOffset{farthestCut});
    const LineBreaks units(bytes(), m_encoding);
    const ByteOffset unit{units.unitBytes()};
    for (ByteOffset at = {nominal.value / unit.value * unit.value}; at - unit >= lowest; at -= unit) {
        // In every encoding here a space is one unit, and part of no longer character.
        if (units.isSpace(at - unit))
            return at;
    }
    return characterBorder(nominal);
}

ByteOffset OpenText::characterBorder(ByteOffset nominal) const
{
    constexpr qint64 longestCharacter = 4;
    for (qint64 back = 0; back < longestCharacter && nominal.value - back > m_begin.value; ++back) {
        const auto at = static_cast<size_t>(nominal.value - back);
        if (m_encoding.kind() == TextEncoding::Kind::Other)
            break; // only decoding from the start could tell
        if (m_decoder->borderFrom(bytes(), 0, at) == at)
            return {nominal.value - back};
    }
    return nominal;
}

} // namespace burrow
