#include "document/mark_strip.h"

#include "document/coverage_marks.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace burrow {

MarkStrip::MarkStrip(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("What the run read and cites of the document"));
    setCursor(Qt::PointingHandCursor);
    hide();
}

void MarkStrip::setCoverage(std::shared_ptr<const DocumentCoverage> coverage)
{
    m_coverage = std::move(coverage);
    const QString text = m_coverage ? describe(*m_coverage) : QString();
    setToolTip(text.toHtmlEscaped());
    setAccessibleDescription(text);
    update();
}

void MarkStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Window));
    if (m_coverage)
        paintCoverage(painter, QRectF(rect()).adjusted(2, 1, -2, -1), *m_coverage, palette());
}

/// To the mark that is nearest to the press.
void MarkStrip::mousePressEvent(QMouseEvent* event)
{
    if (!m_coverage || event->button() != Qt::LeftButton)
        return;
    const auto wanted = static_cast<qint64>(
        event->position().y() / qMax(1, height()) * static_cast<double>(m_coverage->size));
    std::optional<ByteOffset> nearest;
    qint64 distance = 0;
    const auto take = [&](const TextMatch& mark) {
        const qint64 away = std::max({mark.begin.value - wanted, wanted - mark.end.value, qint64(0)});
        if (nearest && away >= distance)
            return;
        distance = away;
        nearest = away == 0 ? ByteOffset{wanted} : mark.begin;
    };
    const auto look = [&](const std::vector<TextMatch>& marks) {
        const auto behind = std::ranges::upper_bound(marks, ByteOffset{wanted}, {}, &TextMatch::begin);
        if (behind != marks.begin())
            take(*std::prev(behind));
        if (behind != marks.end())
            take(*behind);
    };
    look(m_coverage->places);
    look(m_coverage->cited);
    if (nearest)
        Q_EMIT chosen(*nearest);
}

} // namespace burrow
