#include "document/coverage_marks.h"

#include "look/look.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace burrow {

void paintCoverage(
    QPainter& painter, const QRectF& area, const DocumentCoverage& coverage, const QPalette& palette)
{
    const look::Colours& colours = look::colours(palette);
    const bool isUpright = area.height() > area.width();
    const double length = isUpright ? area.height() : area.width();
    const double breadth = isUpright ? area.width() : area.height();
    const double perByte = length / double(qMax(qint64(1), coverage.size));
    const auto block = [&](double from, double to) {
        return isUpright ? QRectF(area.left(), area.top() + from, breadth, to - from)
                         : QRectF(area.left() + from, area.top(), to - from, breadth);
    };
    // Pixel by pixel, so that a document with many places costs no more.
    for (double pixel = 0; pixel < length; ++pixel) {
        const ByteOffset from{static_cast<qint64>(pixel / perByte)};
        const ByteOffset to{static_cast<qint64>((pixel + 1) / perByte)};
        const auto place = std::ranges::upper_bound(coverage.places, from, {}, &TextMatch::end);
        if (place != coverage.places.end() && place->begin < std::max(to, from + ByteOffset{1}))
            painter.fillRect(block(pixel, pixel + 1), colours.live);
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette.color(QPalette::Base), 1));
    painter.setBrush(colours.unknown);
    const double radius = breadth / 2;
    double drawnUpTo = -1;
    for (const TextMatch& cited : coverage.cited) {
        const double at = double((cited.begin.value + cited.end.value) / 2) * perByte;
        if (at < drawnUpTo)
            continue;
        drawnUpTo = std::floor(at) + 1;
        const QPointF centre = block(qBound(radius, at, length - radius), 0).topLeft()
            + (isUpright ? QPointF(radius, 0) : QPointF(0, radius));
        painter.drawPolygon(QPolygonF{centre + QPointF(0, -radius), centre + QPointF(radius, 0),
            centre + QPointF(0, radius), centre + QPointF(-radius, 0)});
    }
    painter.restore();
}

} // namespace burrow
