#pragma once

#include "base/result.h"
#include "base/task.h"
#include "engine/breakpoint.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

namespace burrow {

/// How far a run that is held goes on before it is held again.
enum class Step {
    Into, ///< to the next stop, wherever it is
    Over, ///< to the next stop that is not below where it is held
    Out, ///< to the next stop outside the RLM call in which it is held
};

/// The one place where a run waits for a person: everything that would start something new passes it first.
/// Engine thread only.
class Gate {
public:
    /// Waits while the run is held here. Errors: Cancelled once the gate was closed or @p stop was requested.
    Task<Result<void>> pass(Stop here, StopToken stop);

    /// Waits @p duration, or less where the gate is closed or @p stop is requested. Returns whether the whole
    /// time passed.
    Task<bool> sleep(std::chrono::milliseconds duration, StopToken stop);

    /// Lets nothing new start at @p scope or below it, in the whole run where it is empty; what is in flight
    /// finishes.
    void hold(const NodePath& scope = {});
    /// Takes back hold(); with an empty @p scope, every one.
    void release(const NodePath& scope = {});
    /// Lets a run that is held at @p from go on to the next stop that @p step means.
    void step(Step step, const NodePath& from);
    /// Lets a run that is held go on until it stops at @p path.
    void runTo(const NodePath& path);
    /// Whether the run as a whole is held, and not only parts of it.
    bool isHeld() const { return std::ranges::contains(m_held, NodePath()); }
    /// Whether @p path is held, with the run or with a part of it.
    bool holds(const NodePath& path) const;

    /// One that was set before goes on counting its matches.
    void setBreakpoints(std::vector<Breakpoint> breakpoints);
    /// Called where a breakpoint, a step or runTo() has stopped the run; the run is held then.
    std::function<void(const Stop&)> onStop;
    /// Called where a breakpoint matches that only logs.
    std::function<void(const Stop&)> onLog;
    /// What the run has spent so far; for breakpoints with a threshold.
    std::function<Spent()> spent;

    /// Lets nothing new start, ever again. Those who wait get Cancelled.
    void close();

private:
    bool stopsAt(const Stop& here, bool hasWaited, bool wasMatched);
    void wake();

    std::vector<NodePath> m_held; ///< scopes; an empty path is the whole run
    std::function<bool(const Stop&)> m_until; ///< of a step; empty where none is under way
    NodePath m_from; ///< where that step began
    std::vector<Breakpoint> m_breakpoints;
    bool m_isClosed = false;
    std::stop_source m_closed;
    std::vector<Completion<bool>> m_waiting;
};

} // namespace burrow
