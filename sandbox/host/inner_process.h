#pragma once

#include <QList>

/// Processes in a guest's namespace of process ids, as the host sees them. One file per system.
namespace burrow {

/// The child of @p outer whose id is @p inner in the namespace that @p outer is the first process of. 0:
/// none.
qint64 childCalled(qint64 outer, qint64 inner);

/// @p first and all that descend from it.
QList<qint64> processesOf(qint64 first);

/// Bytes that no file backs. What several processes share counts in equal parts for each. Reads page tables:
/// some 2 ms for 100 MB.
qint64 memoryShareOf(qint64 pid);

/// Whether the process shares memory that it may write with those forked from it.
bool hasSharedMemory(qint64 pid);

} // namespace burrow
