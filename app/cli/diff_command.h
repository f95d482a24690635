#pragma once

#include "exit_status.h"
#include "options.h"

namespace burrow {

/// Prints what differs between two branches, of one run or of two.
Result<ExitStatus> diff(const DiffOptions& options);

} // namespace burrow
