#include "documents/utf8_stretch.h"

#include <algorithm>

namespace burrow {

namespace {

bool isLead(char byte)
{
    return (byte & 0xC0) != 0x80;
}

} // namespace

Utf8Stretch::Utf8Stretch(const OpenText& text, ByteOffset from, ByteOffset to)
    : m_text(text)
    , m_from(from)
    , m_source(text.bytes(from, to))
    , m_isSource(text.encoding() == TextEncoding::Kind::Utf8)
{
    if (m_isSource)
        return;
    std::vector<char32_t> characters(m_source.size());
    const qint64 count = text.decoder().decode(m_source, CharWidth::Ucs4, characters.data());
    m_converted = QString::fromUcs4(characters.data(), count).toUtf8();
}

size_t Utf8Stretch::inUtf8(ByteOffset at) const
{
    if (m_isSource)
        return static_cast<size_t>((at - m_from).value);
    const auto source = static_cast<size_t>((at - m_from).value);
    const auto character = std::ranges::lower_bound(places(), source, {}, &PlacedCharacter::offset);
    qint64 left = character - places().begin();
    for (qsizetype i = 0; i < m_converted.size(); ++i) {
        if (isLead(m_converted[i]) && left-- == 0)
            return static_cast<size_t>(i);
    }
    return static_cast<size_t>(m_converted.size());
}

ByteOffset Utf8Stretch::inDocument(size_t at)
{
    if (m_isSource)
        return m_from + ByteOffset{static_cast<qint64>(at)};
    if (at < m_counted)
        m_counted = m_characters = 0;
    for (; m_counted < at; ++m_counted)
        m_characters += isLead(m_converted[static_cast<qsizetype>(m_counted)]);
    const size_t offset = m_characters < places().size() ? places()[m_characters].offset : m_source.size();
    return m_from + ByteOffset{static_cast<qint64>(offset)};
}

const std::vector<PlacedCharacter>& Utf8Stretch::places() const
{
    if (m_places.empty())
        m_text.decoder().place(m_source, m_places);
    return m_places;
}

} // namespace burrow
