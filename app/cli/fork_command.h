#pragma once

#include "exit_status.h"
#include "options.h"

#include <chrono>

namespace burrow {

/// Opens a branch of a run with one change in it, and plays it. @p started: when the program began, since
/// 1970.
Result<ExitStatus> fork(const ForkOptions& options, std::chrono::microseconds started);

} // namespace burrow
