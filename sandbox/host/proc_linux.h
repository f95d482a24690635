#pragma once

#include <QByteArray>
#include <QList>

#include <limits>

/// What /proc tells of a process. Nothing of one that has gone.
namespace burrow::proc {

/// The whole of /proc/@p pid/@p name, or its first @p most bytes.
QByteArray contentsOf(
    qint64 pid, const QByteArray& name, qsizetype most = std::numeric_limits<qsizetype>::max());

/// The number on the line that begins with @p name, in bytes where it is one of kB. @p name includes the end
/// of the line before. 0: there is none.
qint64 valueOf(const QByteArray& lines, const char* name);

/// Their ids.
QByteArrayList threadsOf(qint64 pid);

/// Each of a process' @p threads has children of its own.
QList<qint64> childrenOf(qint64 pid, qint64 threads = 1);

} // namespace burrow::proc
