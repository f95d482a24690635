#include "run_reference.h"

#include <QFileInfo>

namespace burrow {

RunReference RunReference::from(const QString& text)
{
    const qsizetype at = text.lastIndexOf(QLatin1Char('@'));
    bool isNumber = false;
    const int branch = at < 0 ? 0 : QStringView(text).sliced(at + 1).toInt(&isNumber);
    if (!isNumber || branch < 1 || QFileInfo::exists(text))
        return {text, 1};
    return {text.left(at), branch};
}

QString RunReference::text() const
{
    return branch == 1 ? path : QStringLiteral("%1@%2").arg(path).arg(branch);
}

} // namespace burrow
