#include "documents/utf8_stretch.h"

#include <algorithm>

namespace burrow {

namespace {

constexpr size_t stretchBlockBytes = 64;

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

ByteOffset Utf8Stretch::inDocument(size_t at) const
{
    if (m_isSource)
        return m_from + ByteOffset{static_cast<qint64>(at)};
    const size_t character = charactersBefore(at);
    const size_t offset = character < places().size() ? places()[character].offset : m_source.size();
    return m_from + ByteOffset{static_cast<qint64>(offset)};
}

/// Matches may overlap, so this is asked in any order: only a block is counted each time.
size_t Utf8Stretch::charactersBefore(size_t at) const
{
    const auto count = [this](size_t from, size_t to) {
        const auto bytes = m_converted.begin();
        return static_cast<size_t>(std::count_if(bytes + qsizetype(from), bytes + qsizetype(to), isLead));
    };
    const auto size = static_cast<size_t>(m_converted.size());
    if (m_counts.empty()) {
        m_counts.push_back(0);
        for (size_t block = 0; block + stretchBlockBytes <= size; block += stretchBlockBytes)
            m_counts.push_back(m_counts.back() + count(block, block + stretchBlockBytes));
    }
    const size_t block = at / stretchBlockBytes;
    return m_counts[block] + count(block * stretchBlockBytes, at);
}

const std::vector<PlacedCharacter>& Utf8Stretch::places() const
{
    if (m_places.empty())
        m_text.decoder().place(m_source, m_places);
    return m_places;
}

} // namespace burrow
