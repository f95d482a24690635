#pragma once

#include "options.h"

#include <string>

namespace burrow::launcher {

/// The rules that sandbox_init() is given on macOS: everything is denied but reading and running this Python
/// and the system's libraries. Plain text without any system call, so that it is tested on every system.
std::string macosProfile(const Options& options);

} // namespace burrow::launcher
