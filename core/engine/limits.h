#pragma once

#include "base/units.h"
#include "repl/repl_limits.h"

#include <chrono>
#include <optional>

namespace burrow {

/// What a run may use. Each holds for the whole tree of a run, children included; an empty one does not
/// limit.
struct RunLimits {
    int maxIterations = 30; ///< turns of one RLM call
    int maxDepth = 1; ///< 0: no sub-calls; 1: plain completions; 2: child RLMs; and so on. Of a run for ever
    int maxConcurrentCalls = 64; ///< requests in flight
    int maxConcurrentChildren = 8; ///< child RLMs at work on one level
    int maxConsecutiveErrors
        = 10; ///< failing cells in a row, after which a call is asked for its best answer
    int maxOutputTokens = 8192; ///< sent with every request
    ReplLimits repl;
    std::optional<MicroUsd> maxCost;
    std::optional<qint64> maxTokens; ///< input and output together
    std::optional<qint64> maxCalls; ///< requests sent below the root, retries included
    std::optional<std::chrono::milliseconds> maxTime;
};

} // namespace burrow
