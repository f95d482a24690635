#include "document/row_layout.h"

#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace burrow {

namespace {

constexpr int tabStop = 8; // characters
constexpr qreal leading = 1.15;
constexpr qreal unlimited = 1e7;

} // namespace

RowFormat RowFormat::of(const QFont& font, qreal wrapWidth)
{
    const QFontMetricsF metrics(font);
    RowFormat format{.font = font, .wrapWidth = wrapWidth};
    format.tabWidth = tabStop * metrics.horizontalAdvance(u' ');
    format.pitch = std::ceil(metrics.lineSpacing() * leading);
    format.baseline = std::round((format.pitch - metrics.height()) / 2 + metrics.ascent());
    return format;
}

RowLayout::RowLayout(const OpenText& text, const TextRow& row, const RowFormat& format)
    : m_text(text, row), m_format(format), m_layout(m_text.shown(), format.font)
{
    QTextOption option;
    option.setWrapMode(
        format.wrapWidth > 0 ? QTextOption::WrapAtWordBoundaryOrAnywhere : QTextOption::NoWrap);
    // Without wrapping a line has no right edge for text from right to left to stand at.
    if (format.wrapWidth <= 0)
        option.setAlignment(Qt::AlignLeft | Qt::AlignAbsolute);
    option.setTabStopDistance(format.tabWidth);
    m_layout.setTextOption(option);
    m_layout.setCacheEnabled(true);
    m_layout.beginLayout();
    for (int i = 0;; ++i) {
        QTextLine line = m_layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(format.wrapWidth > 0 ? format.wrapWidth : unlimited);
        // All lines have one pitch, whatever fonts stand in for what the font lacks.
        line.setPosition({0, i * format.pitch + format.baseline - line.ascent()});
    }
    m_layout.endLayout();
}

qreal RowLayout::width() const
{
    return m_layout.maximumWidth();
}

int RowLayout::lineOf(ByteOffset offset) const
{
    const QTextLine line = m_layout.lineForTextPosition(m_text.positionOf(offset));
    return line.isValid() ? line.lineNumber() : 0;
}

ByteOffset RowLayout::lineBegin(int line) const
{
    return m_text.offsetAt(lineFor(line).textStart());
}

ByteOffset RowLayout::lineEnd(int line) const
{
    return m_text.offsetAt(lineFor(line).textStart() + lineFor(line).textLength());
}

ByteOffset RowLayout::offsetAt(int line, qreal x) const
{
    return m_text.offsetAt(lineFor(line).xToCursor(x));
}

qreal RowLayout::xOf(int line, ByteOffset offset) const
{
    return lineFor(line).cursorToX(m_text.positionOf(offset));
}

ByteOffset RowLayout::after(ByteOffset offset, Step step) const
{
    const auto mode = step == Step::Word ? QTextLayout::SkipWords : QTextLayout::SkipCharacters;
    int position = m_text.positionOf(offset);
    while (position < m_text.shown().size()) {
        position = m_layout.nextCursorPosition(position, mode);
        // Inside a symbol such as ⟨U+202E⟩ there is no place for a cursor.
        if (m_text.offsetAt(position) > offset)
            return m_text.offsetAt(position);
    }
    return row().end;
}

ByteOffset RowLayout::before(ByteOffset offset, Step step) const
{
    const auto mode = step == Step::Word ? QTextLayout::SkipWords : QTextLayout::SkipCharacters;
    int position = m_text.positionOf(offset);
    while (position > 0) {
        position = m_layout.previousCursorPosition(position, mode);
        if (m_text.offsetAt(position) < offset)
            return m_text.offsetAt(position);
    }
    return row().begin;
}

void RowLayout::draw(
    QPainter& painter, int first, int count, QPointF origin, const std::vector<Mark>& marks) const
{
    QList<QTextLayout::FormatRange> ranges;
    for (const Mark& mark : marks) {
        const int begin = m_text.positionOf(std::max(mark.begin, row().begin));
        const int end = m_text.positionOf(std::min(mark.end, row().end));
        if (begin < end)
            ranges.append({begin, end - begin, mark.format});
    }
    const QRectF clip(origin.x(), origin.y(), unlimited, count * m_format.pitch);
    m_layout.draw(&painter, origin - QPointF(0, first * m_format.pitch), ranges, clip);
}

void RowLayout::drawCursor(QPainter& painter, int line, QPointF origin, ByteOffset offset) const
{
    m_layout.drawCursor(&painter, origin - QPointF(0, line * m_format.pitch), m_text.positionOf(offset));
}

} // namespace burrow
