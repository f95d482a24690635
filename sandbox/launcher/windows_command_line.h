#pragma once

#include <string>
#include <vector>

namespace burrow::launcher {

/// The one text that CreateProcess() takes for @p arguments, so that the program's C runtime reads the very
/// same ones out of it. Plain text without any system call, so that it is tested on every system.
std::string windowsCommandLine(const std::vector<std::string>& arguments);

} // namespace burrow::launcher
