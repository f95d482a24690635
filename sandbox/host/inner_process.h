#pragma once

#include <QtTypes>

/// Processes in a guest's namespace of process ids, as the host sees them. One file per system.
namespace burrow {

/// The child of @p outer whose id is @p inner in the namespace that @p outer is the first process of. 0:
/// none.
qint64 childCalled(qint64 outer, qint64 inner);

/// Whether the process shares memory that it may write with those forked from it.
bool hasSharedMemory(qint64 pid);

} // namespace burrow
