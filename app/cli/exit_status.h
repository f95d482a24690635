#pragma once

#include "base/result.h"

namespace burrow {

/// What the process ends with; part of the interface of burrow-cli.
enum class ExitStatus {
    Answered = 0,
    Usage = 2,
    Limit = 3,
    Provider = 4,
    Sandbox = 5,
    Document = 6,
    Diverged = 7,
    Interrupted = 130,
};

ExitStatus exitStatusOf(ErrorCode code);

} // namespace burrow
