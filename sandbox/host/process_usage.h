#pragma once

#include <QtTypes>

#include <chrono>

namespace burrow {

/// What a guest's process and all that descend from it use.
struct ProcessUsage {
    /// Bytes that no file backs: own and shared memory, what was swapped out, page tables, the scratch
    /// folder. What several processes share counts for each of them.
    qint64 memory = 0;
    qint64 processes = 0;
    qint64 threads = 0;
    std::chrono::milliseconds cpu{0}; ///< since they started
};

/// 0 of what cannot be learned. A few file reads for each process. One file per system.
ProcessUsage usageOf(qint64 pid);

/// The memory alone, with what is shared counted once. Reads page tables: some 20 ms for each GiB.
qint64 exactMemoryOf(qint64 pid);

/// The same of that process alone. What several processes share counts in equal parts for each.
qint64 memoryShareOf(qint64 pid);

/// Whether every thread of it, and of all that descend from it, waits for something.
bool isIdle(qint64 pid);

} // namespace burrow
