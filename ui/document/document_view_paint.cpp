#include "document/document_view.h"

#include "look/look.h"

#include <QLocale>
#include <QPainter>
#include <QPaintEvent>
#include <QScrollBar>

namespace burrow {

namespace {

constexpr qreal margin = 8; // pixels beside numbers and text

QColor between(const QColor& one, const QColor& other, float part)
{
    const auto mix = [part](float a, float b) { return a + (b - a) * part; };
    return QColor::fromRgbF(
        mix(one.redF(), other.redF()), mix(one.greenF(), other.greenF()), mix(one.blueF(), other.blueF()));
}

QTextCharFormat colours(const QColor& background, const QColor& text)
{
    QTextCharFormat format;
    format.setBackground(background);
    format.setForeground(text);
    return format;
}

} // namespace

/// Wide enough for the last line's number; as long as that is unknown, for as many as there may be.
qreal DocumentView::gutterWidth() const
{
    if (!m_document)
        return 0;
    const LineIndex& lines = m_document->lines();
    const qint64 size = std::max<qint64>(1, (m_document->text().end() - m_document->text().begin()).value);
    const qint64 most = lines.isComplete() ? lines.lineCount() : size / 32;
    const qsizetype digits = std::max<qsizetype>(3, QString::number(most).size());
    return QFontMetricsF(font()).horizontalAdvance(QString(digits, u'0')) + 2 * margin;
}

qreal DocumentView::textLeft() const
{
    return gutterWidth() + margin;
}

void DocumentView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette().base());
    if (m_layout)
        paintLines(painter);
}

void DocumentView::paintLines(QPainter& painter) const
{
    const std::vector<SeenLine> lines = visibleLines();
    const qreal pitch = m_layout->format().pitch;
    const bool changed = m_document->state() == ViewedDocument::State::Changed;
    const QPalette::ColorGroup group = changed ? QPalette::Disabled : QPalette::Active;
    const QPointF left(textLeft() - horizontalScrollBar()->value(), 0);
    painter.save();
    painter.setClipRect(QRectF(gutterWidth(), 0, viewport()->width(), viewport()->height()));
    painter.setPen(palette().color(group, QPalette::Text));
    for (size_t i = 0; i < lines.size();) {
        size_t end = i;
        while (end < lines.size() && lines[end].row == lines[i].row)
            ++end;
        const RowLayout& row = *lines[i].row;
        const QPointF origin = left + QPointF(0, double(i) * pitch);
        row.draw(painter, lines[i].line, static_cast<int>(end - i), origin, marksOf(row.row()));
        i = end;
    }
    const SeenLine cursor = m_layout->lineAt(m_selection.cursor);
    for (size_t i = 0; i < lines.size() && hasFocus(); ++i) {
        if (lines[i].row->row() == cursor.row->row() && lines[i].line == cursor.line)
            cursor.row->drawCursor(
                painter, cursor.line, left + QPointF(0, double(i) * pitch), m_selection.cursor);
    }
    painter.restore();
    paintGutter(painter, lines);
}

/// Whether one of @p places, which do not overlap, lies in the line or goes through it.
bool DocumentView::hasPlace(const std::vector<TextMatch>& places, const SeenLine& line)
{
    const auto place = std::ranges::upper_bound(places, line.begin(), {}, &TextMatch::end);
    return place != places.end() && place->begin < std::max(line.end(), line.begin() + ByteOffset{1});
}

/// Numbers where lines begin, a sign where a row goes on with the line above, and a bar where it was read.
void DocumentView::paintGutter(QPainter& painter, const std::vector<SeenLine>& lines) const
{
    const QRectF area(0, 0, gutterWidth(), viewport()->height());
    const QColor base = palette().color(QPalette::Base), text = palette().color(QPalette::Text);
    painter.fillRect(area, between(base, text, 0.04F));
    painter.setFont(font());
    painter.setPen(between(base, text, 0.62F));
    const QColor read = look::colours(palette()).live;
    const RowFormat& format = m_layout->format();
    for (size_t i = 0; i < lines.size(); ++i) {
        const TextRow& row = lines[i].row->row();
        QString label;
        if (lines[i].line == 0 && m_document->rows().beginsLine(row)) {
            if (const std::optional<LineNumber> number = m_document->lines().lineAt(row.begin))
                label = QString::number(number->value + 1);
        } else {
            label = QStringLiteral("\u21AA");
        }
        const QRectF place(0, double(i) * format.pitch, area.width() - margin, format.pitch);
        painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter, label);
        if (m_coverage && hasPlace(m_coverage->places, lines[i]))
            painter.fillRect(QRectF(area.right() - 3, place.top(), 3, format.pitch), read);
    }
}

/// What is cited in @p row, the matches over it, and the selection over both.
std::vector<RowLayout::Mark> DocumentView::marksOf(const TextRow& row) const
{
    std::vector<RowLayout::Mark> marks;
    if (m_coverage) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
        format.setUnderlineColor(look::colours(palette()).unknown);
        format.setForeground(look::colours(palette()).unknown);
        const std::vector<TextMatch>& cited = m_coverage->cited;
        auto place = std::ranges::upper_bound(cited, row.begin, {}, &TextMatch::end);
        for (; place != cited.end() && place->begin < row.end; ++place)
            marks.push_back({place->begin, place->end, format});
    }
    if (m_matches) {
        const bool dark = palette().color(QPalette::Base).lightnessF() < 0.5F;
        const QTextCharFormat format
            = dark ? colours(QColor(0x5C4A00), QColor(0xFFF1C2)) : colours(QColor(0xFFE58A), Qt::black);
        // None is longer than a row and what surrounds it may be.
        const ByteOffset from = row.begin - ByteOffset{qint64(64) << 10};
        auto match = std::ranges::lower_bound(*m_matches, from, {}, &TextMatch::begin);
        for (; match != m_matches->end() && match->begin < row.end; ++match) {
            if (match->end > row.begin)
                marks.push_back({match->begin, match->end, format});
        }
    }
    if (!m_selection.isEmpty() && m_selection.begin() < row.end && m_selection.end() > row.begin) {
        const QPalette::ColorGroup group = hasFocus() ? QPalette::Active : QPalette::Inactive;
        marks.push_back({m_selection.begin(), m_selection.end(),
            colours(palette().color(group, QPalette::Highlight),
                palette().color(group, QPalette::HighlightedText))});
    }
    return marks;
}

QRect DocumentView::cursorRect() const
{
    const std::vector<SeenLine> lines = visibleLines();
    if (!m_layout)
        return {};
    const SeenLine cursor = m_layout->lineAt(m_selection.cursor);
    for (size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].row->row() != cursor.row->row() || lines[i].line != cursor.line)
            continue;
        const qreal x
            = textLeft() - horizontalScrollBar()->value() + cursor.row->xOf(cursor.line, m_selection.cursor);
        const qreal pitch = m_layout->format().pitch;
        return QRectF(x, double(i) * pitch, 1, pitch).toAlignedRect();
    }
    return {};
}

ByteOffset DocumentView::offsetAt(QPoint point) const
{
    const std::vector<SeenLine> lines = visibleLines();
    if (lines.empty())
        return {};
    const auto index = static_cast<qint64>(std::max(0.0, point.y() / m_layout->format().pitch));
    const SeenLine& line = lines[static_cast<size_t>(std::min<qint64>(index, std::ssize(lines) - 1))];
    return line.row->offsetAt(line.line, point.x() - textLeft() + horizontalScrollBar()->value());
}

} // namespace burrow
