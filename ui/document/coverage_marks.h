#pragma once

#include "document/document_coverage.h"

#include <QRect>

class QPainter;
class QPalette;

namespace burrow {

/// Draws @p coverage along the longer side of @p area, which stands for the whole document: blocks where it
/// was read, and diamonds over them where the answer cites it.
void paintCoverage(
    QPainter& painter, const QRectF& area, const DocumentCoverage& coverage, const QPalette& palette);

} // namespace burrow
