#pragma once

#include "options.h"

namespace burrow::launcher {

// waiter_macos.cpp

/// Waits for the guest, passes SIGINT on, turns SIGTERM and the host's end into its death, and says on the
/// status descriptor how it ended. macOS has no signal for the death of a parent, so the host's end is seen
/// in a pipe.
[[noreturn]] void waitForGuest(int guest, const Options& options);

} // namespace burrow::launcher
