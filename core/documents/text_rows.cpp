#include "documents/text_rows.h"

namespace burrow {

namespace {

// A line is cut near every multiple of this in the file that has so much of the line before it: a rule that
// gives the same rows wherever one begins to look.
constexpr qint64 step = 4096;
// So near before a line's end it is not cut any more; more than a line break has.
constexpr qint64 tooShort = 4;

qint64 floorToStep(qint64 offset)
{
    return offset / step * step;
}

} // namespace

TextRows::TextRows(const OpenText& text) : m_text(text), m_breaks(text.bytes(), text.encoding()) { }

/// Where the line around the multiple @p nominal is cut because of it; nothing where it is not.
std::optional<ByteOffset> TextRows::cutAt(qint64 nominal) const
{
    const ByteOffset from{nominal - step};
    if (from < m_text.begin() || nominal >= m_text.end().value)
        return std::nullopt;
    if (m_breaks.firstStart(from, {nominal + tooShort}))
        return std::nullopt;
    return m_text.cutNear({nominal});
}

ByteOffset TextRows::rowBegin(ByteOffset offset) const
{
    const qint64 base = floorToStep(offset.value);
    const ByteOffset farthest = std::max(m_text.begin(), ByteOffset{base - 2 * step});
    const std::optional<ByteOffset> line = m_breaks.lastStart(farthest, offset);
    for (qint64 nominal = base + step; nominal >= base - step && nominal > 0; nominal -= step) {
        if (line && nominal <= line->value)
            break;
        if (const std::optional<ByteOffset> cut = cutAt(nominal); cut && *cut <= offset)
            return *cut;
    }
    return line.value_or(m_text.begin());
}

TextRow TextRows::rowFrom(ByteOffset begin) const
{
    const qint64 base = floorToStep(begin.value);
    const std::optional<ByteOffset> line
        = m_breaks.firstStart(begin, std::min(m_text.end(), ByteOffset{base + 4 * step}));
    for (qint64 nominal = base + step; nominal <= base + 3 * step; nominal += step) {
        if (line && nominal >= line->value)
            break;
        if (const std::optional<ByteOffset> cut = cutAt(nominal); cut && *cut > begin)
            return {begin, *cut, *cut};
    }
    if (line)
        return {begin, m_breaks.endBefore(*line), *line};
    return {begin, m_text.end(), m_text.end()};
}

TextRow TextRows::rowAt(ByteOffset offset) const
{
    const qint64 inside = std::clamp(offset, m_text.begin(), m_text.end()).value;
    return rowFrom(rowBegin({inside / m_breaks.unitBytes() * m_breaks.unitBytes()}));
}

std::optional<TextRow> TextRows::rowAfter(const TextRow& row) const
{
    const bool last = row.next == m_text.end() && row.end == row.next;
    return last ? std::nullopt : std::optional(rowFrom(row.next));
}

std::optional<TextRow> TextRows::rowBefore(const TextRow& row) const
{
    if (row.begin <= m_text.begin())
        return std::nullopt;
    return rowAt(row.begin - ByteOffset{m_breaks.unitBytes()});
}

bool TextRows::beginsLine(const TextRow& row) const
{
    return row.begin == m_text.begin()
        || m_breaks.lastStart(row.begin - ByteOffset{m_breaks.unitBytes()}, row.begin).has_value();
}

} // namespace burrow
