#pragma once

#include <QString>

namespace burrow {

/// Where @p now first differs from @p recorded, for people: the line, and what stands there in both.
QString firstDifference(const QByteArray& recorded, const QByteArray& now);

} // namespace burrow
