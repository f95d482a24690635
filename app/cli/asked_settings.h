#pragma once

#include "engine/run_settings.h"
#include "options.h"

namespace burrow {

/// What the options of `ask` say, with the defaults for the rest. Errors: InvalidArgument, naming the option.
Result<RunSettings> settingsFor(const AskOptions& options);

} // namespace burrow
