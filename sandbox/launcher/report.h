#pragma once

#include "options.h"

#include <string>
#include <vector>

namespace burrow::launcher {

/// What was achieved, on every system. Written as one JSON line on the status descriptor just before Python
/// starts, when every protection is already in force:
///
///     {"pid":N, "level":"full", "refused":false, "missing":["…"], "details":["Landlock 7"], "reason":"…"}
///
/// `refused` means that the level is below the one asked for, so Python is not started. Further lines are
/// {"error":"…"} where a step failed that has no lower level, and at the end {"exited":N} or {"signal":N}.
struct Report {
    long pid = 0; ///< the guest's, as the host sees it
    Level level = Level::None;
    std::vector<std::string> missing; ///< the protections that are not in force
    std::vector<std::string> details; ///< further facts for people
    std::string reason; ///< why the first missing protection is missing

    bool refused(Level minimum) const { return level < minimum; }
    std::string toJson(Level minimum) const;
};

/// One line of JSON with a single text: {"error":"…"}.
std::string errorLine(const std::string& message);

} // namespace burrow::launcher
