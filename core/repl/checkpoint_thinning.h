#pragma once

#include "repl/repl.h"

namespace burrow {

/// Which of @p checkpoints to give up: the newest are all kept, of older ones exponentially fewer, and of
/// those only as many as @p budget bytes allow, the oldest going first. The newest is always kept.
///
/// What is kept depends on the number of cells alone (one whose number is divisible by 2ⁿ is kept 2ⁿ times as
/// long), so thinning after every cell leaves the same as thinning once.
std::vector<CheckpointId> checkpointsToDrop(std::vector<Checkpoint> checkpoints, qint64 budget);

} // namespace burrow
