#pragma once

#include <string>

namespace burrow::launcher {

/// Becomes the interpreter @p executable running @p driver, with an environment that holds nothing of the
/// person's. Returns only where that failed, with errno set.
void becomePython(std::string executable, std::string driver);

} // namespace burrow::launcher
