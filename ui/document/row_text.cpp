#include "document/row_text.h"

#include "base/visible_text.h"

namespace burrow {

RowText::RowText(const OpenText& text, const TextRow& row) : m_row(row)
{
    std::vector<PlacedCharacter> characters;
    text.decoder().place(text.bytes(row.begin, row.end), characters);
    m_shown.reserve(std::ssize(characters));
    m_offsets.reserve(characters.size());
    char32_t previous = 0;
    for (const PlacedCharacter& character : characters) {
        if (character.codePoint >= 0x20 && character.codePoint < 0x7F)
            m_shown += QChar(static_cast<char16_t>(character.codePoint));
        else
            m_shown += visibleCharacter(character.codePoint, previous, LineMode::MultiLine);
        m_offsets.resize(static_cast<size_t>(m_shown.size()), static_cast<quint16>(character.offset));
        previous = character.codePoint;
    }
}

int RowText::positionOf(ByteOffset offset) const
{
    if (offset >= m_row.end)
        return static_cast<int>(m_shown.size());
    const auto inRow = static_cast<quint16>(std::max<qint64>(0, (offset - m_row.begin).value));
    // The character that the offset is in: the last that begins at or before it, at its first position.
    const auto behind = std::ranges::upper_bound(m_offsets, inRow);
    if (behind == m_offsets.begin())
        return 0;
    return static_cast<int>(std::ranges::lower_bound(m_offsets, *std::prev(behind)) - m_offsets.begin());
}

ByteOffset RowText::offsetAt(int position) const
{
    if (position < 0 || static_cast<size_t>(position) >= m_offsets.size())
        return position < 0 ? m_row.begin : m_row.end;
    return m_row.begin + ByteOffset{m_offsets[static_cast<size_t>(position)]};
}

} // namespace burrow
