#pragma once

#include "exit_status.h"
#include "options.h"

#include <chrono>

namespace burrow {

/// `ask`, `ask --continue` and `resume`: each plays a run, shows its progress, and prints its answer.
/// @p started is when the program began, since 1970.
Result<ExitStatus> ask(const AskOptions& options, std::chrono::microseconds started);
Result<ExitStatus> resume(const ResumeOptions& options, std::chrono::microseconds started);

} // namespace burrow
