#include "engine/gate.h"

#include <QCoreApplication>

#include <algorithm>

namespace burrow {

namespace {

/// The RLM call that @p path belongs to.
NodePath callOf(const NodePath& path)
{
    for (NodePath at = path; !at.isEmpty(); at = at.parent())
        if (at.name() != "cell" && at.name() != "call" && at.name() != "root")
            return at.parent();
    return path;
}

} // namespace

Task<Result<void>> Gate::pass(Stop here, StopToken stop)
{
    bool wasMatched = false; // not before the gate lets it: what waits at a held gate has met no breakpoint
    for (bool hasWaited = false; !m_isClosed && !stop.stop_requested(); hasWaited = true) {
        if (!holds(here.path) && stopsAt(here, hasWaited, std::exchange(wasMatched, true))) {
            m_until = nullptr;
            hold();
            if (onStop)
                onStop(here);
        }
        if (m_isClosed) // by who heard of the stop
            break;
        if (!holds(here.path))
            co_return Result<void>();
        Completion<bool> woken;
        m_waiting.push_back(woken);
        const std::stop_callback onStopRequest(stop, [&woken] { woken.resolve(false); });
        co_await woken;
    }
    co_return fail(ErrorCode::Cancelled, QCoreApplication::translate("Run", "The run was stopped."));
}

bool Gate::holds(const NodePath& path) const
{
    return std::ranges::any_of(m_held, [&](const NodePath& scope) { return isWithin(path, scope); });
}

bool Gate::stopsAt(const Stop& here, bool hasWaited, bool wasMatched)
{
    // The one from which a person stepped on has stopped here already.
    bool stops = m_until && (!hasWaited || here.path != m_from) && m_until(here);
    if (wasMatched)
        return stops;
    for (Breakpoint& breakpoint : m_breakpoints) {
        if (!breakpoint.matches(here, spent ? spent() : Spent()) || ++breakpoint.matched < breakpoint.hits)
            continue;
        if (!breakpoint.logOnly)
            stops = true;
        else if (onLog)
            onLog(here);
    }
    return stops;
}

Task<bool> Gate::sleep(std::chrono::milliseconds duration, StopToken stop)
{
    std::stop_source ended;
    const auto end = [&ended] { ended.request_stop(); };
    const std::stop_callback onStopRequest(stop, end);
    const std::stop_callback onClose(m_closed.get_token(), end);
    co_return co_await sleepFor(duration, ended.get_token());
}

void Gate::hold(const NodePath& scope)
{
    if (std::ranges::find(m_held, scope) == m_held.end())
        m_held.push_back(scope);
}

void Gate::release(const NodePath& scope)
{
    if (scope.isEmpty())
        m_held.clear();
    else
        std::erase(m_held, scope);
    wake();
}

void Gate::step(Step step, const NodePath& from)
{
    m_from = from;
    switch (step) {
    case Step::Into:
        m_until = [](const Stop&) { return true; };
        break;
    case Step::Over:
        m_until = [from](const Stop& here) { return here.path == from || !isWithin(here.path, from); };
        break;
    case Step::Out:
        m_until = [call = callOf(from)](
                      const Stop& here) { return here.path == call || !isWithin(here.path, call); };
        break;
    }
    release();
}

void Gate::runTo(const NodePath& path)
{
    m_from = {};
    m_until = [path](const Stop& here) { return here.path == path; };
    release();
}

void Gate::setBreakpoints(std::vector<Breakpoint> breakpoints)
{
    for (Breakpoint& breakpoint : breakpoints) {
        const auto same = std::ranges::find_if(m_breakpoints, [&](Breakpoint before) {
            before.matched = breakpoint.matched;
            return before == breakpoint;
        });
        if (same != m_breakpoints.end())
            breakpoint.matched = same->matched;
    }
    m_breakpoints = std::move(breakpoints);
}

void Gate::close()
{
    m_isClosed = true;
    wake();
    m_closed.request_stop();
}

/// Those who still have to wait do so again.
void Gate::wake()
{
    for (Completion<bool>& waiting : std::exchange(m_waiting, {}))
        waiting.resolve(true);
}

} // namespace burrow
