#pragma once

#include "exit_status.h"
#include "options.h"
#include "session/recorded_run.h"
#include "session/session.h"

#include <chrono>

namespace burrow {

/// `ask`, `ask --continue`, `resume` and `replay`: each plays a run, shows its progress, and prints its
/// answer.
/// @p started is when the program began, since 1970.
Result<ExitStatus> ask(const AskOptions& options, std::chrono::microseconds started);
Result<ExitStatus> resume(const ResumeOptions& options, std::chrono::microseconds started);

Result<ExitStatus> replay(const ReplayOptions& options, std::chrono::microseconds started);

/// Goes on with @p run under @p limits. Errors: InvalidArgument.
void setLimits(RecordedRun& run, const LimitOptions& limits, const OutputOptions& output);
/// Plays what was taken up, shows its progress, and prints its answer.
ExitStatus playTakenUp(TakenUp taken, SessionOptions session, const OutputOptions& output);

} // namespace burrow
