#pragma once

#include "base/result.h"
#include "base/task.h"

#include <chrono>

#include <vector>

namespace burrow {

/// The moments at which a run can be held.
enum class StopPoint { BeforeRequest, BeforeCell, AtHostCall };

/// The one place where a run waits for a person: everything that would start something new passes it first.
/// Engine thread only.
class Gate {
public:
    /// Waits while the gate is held. Errors: Cancelled once it was closed or @p stop was requested.
    Task<Result<void>> pass(StopPoint point, StopToken stop);

    /// Waits @p duration, or less where the gate is closed or @p stop is requested. Returns whether the whole
    /// time passed.
    Task<bool> sleep(std::chrono::milliseconds duration, StopToken stop);

    /// Lets nothing new start; what is in flight finishes.
    void hold();
    void release();
    /// Lets nothing new start, ever again. Those who wait get Cancelled.
    void close();

private:
    enum class State { Open, Held, Closed };
    void wake();

    State m_state = State::Open;
    std::stop_source m_closed;
    std::vector<Completion<bool>> m_waiting;
};

} // namespace burrow
