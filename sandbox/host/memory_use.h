#pragma once

#include <QtTypes>

namespace burrow {

/// What the process @p pid and all that descend from it hold that is not backed by a file: their own memory,
/// shared memory, what was swapped out, and the files in their scratch folder. What several of them share
/// counts for each. In bytes; 0 where nothing can be learned. One file per system.
qint64 memoryUseOf(qint64 pid);

/// The same with what they share counted once. Reads page tables: some 2 ms for 100 MB.
qint64 exactMemoryUseOf(qint64 pid);

} // namespace burrow
