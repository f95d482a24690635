#pragma once

#include "exit_status.h"
#include "options.h"

namespace burrow {

/// Prints the tree of a run. Errors: those of RunFile::open().
Result<ExitStatus> show(const ShowOptions& options);

} // namespace burrow
