#pragma once

#include "exit_status.h"
#include "options.h"

namespace burrow {

/// Writes a text with one planted fact, and prints its question and answer. Errors: those of writeSample().
Result<ExitStatus> sample(const SampleOptions& options);

} // namespace burrow
