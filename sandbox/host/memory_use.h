#pragma once

#include <QtTypes>

namespace burrow {

/// What the process @p pid holds that is not backed by a file: its own memory, shared memory, what was
/// swapped out, and the files in its scratch folder. In bytes; 0 where nothing can be learned. One file per
/// system.
qint64 memoryUseOf(qint64 pid);

} // namespace burrow
