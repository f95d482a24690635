#pragma once

#include <expected>
#include <string>

namespace burrow::launcher {

/// Success, or what failed and why: "mount tmpfs: Operation not permitted".
using Step = std::expected<void, std::string>;

/// The failure of the system call that was just made, in the system's own words.
std::unexpected<std::string> failed(const std::string& what);

} // namespace burrow::launcher
