#pragma once

#include "engine/limits.h"
#include "trajectory/run_tree.h"

#include <QString>

namespace burrow {

/// What a run that plays may yet spend: at most, and if it goes on like it did.
struct Estimate {
    int requests = 0; ///< in flight
    MicroUsd inFlight; ///< that these cost at most
    int turns = 0; ///< the last ones, of whose cost `perTurn` is the mean; 0: too few for a guess
    MicroUsd perTurn;
    int lastTurn = 0; ///< that the question may take
    MicroUsd byLastTurn; ///< what the run has spent by then
    MicroUsd limit;
    int turnsToLimit = 0; ///< until the run reaches the limit; 0 where it takes all its turns before

    friend bool operator==(const Estimate&, const Estimate&) = default;
};

/// A question is guessed at once two of its turns are over, with all that they called, and had cost
/// something. What was never heard to its end counts as billed, as it does in the budget. Looks at what runs
/// alone, however many nodes there are.
Estimate estimateOf(const RunTree& tree, const RunLimits& limits);

/// In full sentences; empty where there is nothing to say.
QString describe(const Estimate& estimate);

} // namespace burrow
