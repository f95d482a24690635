#include "trajectory/runs_folder.h"

#include <QStandardPaths>

namespace burrow {

QString runsFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)
        + QStringLiteral("/burrow/runs");
}

} // namespace burrow
