#include "figure.h"

namespace burrow::bench {

QString seconds(double value)
{
    return value < 0.0995 ? QStringLiteral("%1 ms").arg(value * 1e3, 0, 'f', 2)
                          : QStringLiteral("%1 s").arg(value, 0, 'f', 2);
}

QString megabytes(double value)
{
    return QStringLiteral("%1 MB").arg(value, 0, 'f', 1);
}

} // namespace burrow::bench
