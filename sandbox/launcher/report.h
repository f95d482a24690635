#pragma once

#include "options.h"

#include <string>

namespace burrow::launcher {

/// What was achieved. Written as one JSON line on the status descriptor just before Python starts, when
/// every protection is already in force:
///
///     {"pid":N, "level":"full", "refused":false, "namespaces":true, "landlock":7, "seccomp":true,
///      "limits":true, "own_user":true, "missing":["…"], "reason":"…"}
///
/// `refused` means that the level is below the one asked for, so Python is not started. Further lines are
/// {"error":"…"} where a step failed that has no lower level, and at the end {"exited":N} or {"signal":N}.
struct Report {
    long pid = 0; ///< the guest's, as the host sees it
    bool namespaces = false;
    int landlockAbi = 0; ///< 0: not in force
    bool seccomp = false;
    bool limits = false;
    bool ownUser = true; ///< false: runs as root, for whom the kernel counts no processes
    std::string reason; ///< why the first missing protection is missing

    Level level() const;
    bool refused(Level minimum) const { return level() < minimum; }
    std::string toJson(Level minimum) const;
};

/// One line of JSON with a single text: {"error":"…"}.
std::string errorLine(const std::string& message);

} // namespace burrow::launcher
