#include "repl/checkpoint_thinning.h"

#include <algorithm>
#include <functional>

namespace burrow {

namespace {

constexpr quint64 keptAll = 4; ///< cells for which each checkpoint is kept

bool isKept(quint64 cells, quint64 newest)
{
    const quint64 divisibleBy = cells & (~cells + 1); // 0 for 0, which is kept for ever
    return cells == 0 || (newest - cells) / divisibleBy < keptAll;
}

} // namespace

std::vector<CheckpointId> checkpointsToDrop(std::vector<Checkpoint> checkpoints, qint64 budget)
{
    std::ranges::sort(checkpoints, std::greater(), &Checkpoint::cells);
    std::vector<CheckpointId> dropped;
    qint64 left = budget;
    for (const Checkpoint& checkpoint : checkpoints) {
        const bool isNewest = &checkpoint == &checkpoints.front();
        if (!isNewest && !isKept(checkpoint.cells, checkpoints.front().cells)) {
            dropped.push_back(checkpoint.id);
            continue;
        }
        left -= checkpoint.bytes; // stays below zero, so that whatever is older goes, too
        if (left < 0 && !isNewest)
            dropped.push_back(checkpoint.id);
    }
    return dropped;
}

} // namespace burrow
