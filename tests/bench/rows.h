#pragma once

#include "figure.h"
#include "workspace.h"

#include <functional>
#include <vector>

/// The rows of the table by topic, one file each: document_rows.cpp and so on.
namespace burrow::bench {

struct Row {
    const char* name; ///< by which `burrow-bench NAME` measures it alone
    const char* what;
    const char* target;
    std::function<Measured<Figure>()> measure;
};

/// What large documents cost before the first request.
std::vector<Row> documentRows(const Workspace& workspace);
/// Turns, sub-calls and children over a scripted server.
std::vector<Row> callRows(const Workspace& workspace);
/// Starting a guest, and its calls of the host.
std::vector<Row> guestRows(const Workspace& workspace);
/// Frozen copies of guests.
std::vector<Row> checkpointRows(const Workspace& workspace);
/// Pauses, forks, replays and comparisons.
std::vector<Row> replayRows(const Workspace& workspace);
/// What a run leaves on the disk, and reading it back.
std::vector<Row> runFileRows(const Workspace& workspace);

/// How large runs and documents feel in the window.
std::vector<Row> windowRows(const Workspace& workspace);

} // namespace burrow::bench
