#pragma once

#include "base/node_path.h"
#include "base/result.h"
#include "base/units.h"

#include <optional>

namespace burrow {

/// The moments at which a run can be held.
enum class StopPoint { BeforeRequest, AfterReply, BeforeCell, AtHostCall, AfterOutput, BeforeAnswer };

/// Where a run is about to go on.
struct Stop {
    StopPoint point = StopPoint::BeforeRequest;
    NodePath path;
    QByteArray model; ///< of a request or its reply
    QByteArray text; ///< what is asked, replied, run, printed or answered
};

/// What a run has used so far.
struct Spent {
    MicroUsd cost;
    qint64 tokens = 0;
};

/// Stops a run where all that it names holds.
struct Breakpoint {
    std::optional<StopPoint> point;
    NodePath at; ///< this node and what is below it; everywhere where it is empty
    std::optional<int> depth; ///< of the RLM call, 0 for a root
    QByteArray model;
    QByteArray text; ///< part of the text
    std::optional<MicroUsd> cost; ///< the run has spent this much
    std::optional<qint64> tokens; ///< the run has used this many
    int hits = 1; ///< stops at this match, and at every later one
    bool logOnly = false; ///< tells of a match, and does not stop

    int matched = 0; ///< so far

    bool matches(const Stop& stop, const Spent& spent) const;

    friend bool operator==(const Breakpoint&, const Breakpoint&) = default;
};

/// Whether @p path is @p scope or below it; an empty scope holds everything.
bool isWithin(const NodePath& path, const NodePath& scope);

/// Reads `KIND` or conditions, separated by commas: `request`, `reply`, `cell`, `call`, `output`, `answer`;
/// `at=NODE`, `depth=N`, `model=NAME`, `text=PART` (the last one, it may hold commas), `cost=$`, `tokens=N`,
/// `hits=N`, `log`. Errors: InvalidArgument, naming the part.
Result<Breakpoint> parseBreakpoint(const QString& text);

/// One line for people: the moment and the node.
QString describe(const Stop& stop);

} // namespace burrow
