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
/// {"error":"…"} where a step failed that has no lower level, {"unfit":"…"} where it was the Python's, and
/// {"exited":N} or {"signal":N} when the guest has ended. In namespaces, {"lives":N} when a restored guest
/// has taken its place, and {"lost":N} when a frozen copy has ended or could not be found; N is the id in
/// there.
struct Report {
    long pid = 0; ///< as the host sees it, of the guest, or in namespaces of the process that tends it
    Level level = Level::None;
    std::vector<std::string> missing; ///< the protections that are not in force
    std::vector<std::string> details; ///< further facts for people
    std::string reason; ///< why the first missing protection is missing

    bool refused(Level minimum) const { return level < minimum; }
    std::string toJson(Level minimum) const;
};

/// One line of JSON with a single text: {"error":"…"}.
std::string errorLine(const std::string& message);
/// {"unfit":"…"}: why the guest cannot be that Python; another may do.
std::string unfitLine(const std::string& reason);

} // namespace burrow::launcher
