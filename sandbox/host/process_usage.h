#pragma once

#include "base/task.h"

#include <QHash>

#include <chrono>

namespace burrow {

/// What a guest's process and all that descend from it use.
struct ProcessUsage {
    qint64 pid = 0; ///< of the first
    /// Bytes that no file backs: own and shared memory, and what was swapped out. What several processes
    /// share counts for each of them.
    qint64 held = 0;
    qint64 unshared = 0; ///< bytes of page tables, of what the kernel keeps of mappings, and of scratch
    /// Bytes that faults have brought in since they started: `held` cannot have grown by more, however many
    /// processes came and went.
    qint64 faulted = 0;
    qint64 processes = 0;
    qint64 threads = 0;
    std::chrono::milliseconds cpu{0}; ///< since they started

    qint64 memory() const { return held + unshared; }
};

/// The same where what several processes share counts once.
struct CloseUsage {
    ProcessUsage usage;
    /// Of `held`, for each process by its id in the guest's namespace: what is shared counts in equal parts.
    QHash<qint64, qint64> shares;
};

// Never on the engine thread: how long these take depends on what a cell has made. One file per system.

/// Zeros for what cannot be learned. A few file reads for each process.
ProcessUsage usageOf(qint64 pid);

/// True only where the processes stand still. Reads page tables: some 20 ms for each GiB of each process.
/// After a stop what it returns is not whole.
CloseUsage closeUsageOf(qint64 pid, const StopToken& stop);

/// The memory of those children of @p pid that are called @p inside in its namespace, as in
/// CloseUsage::shares. After a stop some are missing.
QHash<qint64, qint64> memoryShares(qint64 pid, const QList<qint64>& inside, const StopToken& stop);

/// Whether the child of @p pid that is called @p inside shares memory that it may write with those forked
/// from it.
bool hasSharedMemory(qint64 pid, qint64 inside);

/// Whether every thread of it, and of all that descend from it, waits for something, or was stopped.
bool isIdle(qint64 pid);

} // namespace burrow
