#pragma once

#include "exit_status.h"
#include "options.h"

namespace burrow {

/// Prints what Burrow finds on this machine: sandbox level and why, Python, providers that answer, versions.
Result<ExitStatus> doctor(const DoctorOptions& options);

} // namespace burrow
