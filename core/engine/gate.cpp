#include "engine/gate.h"

#include <QCoreApplication>

namespace burrow {

Task<Result<void>> Gate::pass(StopPoint, StopToken stop)
{
    while (m_state == State::Held && !stop.stop_requested()) {
        Completion<bool> woken;
        m_waiting.push_back(woken);
        const std::stop_callback onStop(stop, [&woken] { woken.resolve(false); });
        co_await woken;
    }
    if (m_state == State::Closed || stop.stop_requested())
        co_return fail(ErrorCode::Cancelled, QCoreApplication::translate("Run", "The run was stopped."));
    co_return Result<void>();
}

Task<bool> Gate::sleep(std::chrono::milliseconds duration, StopToken stop)
{
    std::stop_source ended;
    const auto end = [&ended] { ended.request_stop(); };
    const std::stop_callback onStop(stop, end);
    const std::stop_callback onClose(m_closed.get_token(), end);
    co_return co_await sleepFor(duration, ended.get_token());
}

void Gate::hold()
{
    if (m_state == State::Open)
        m_state = State::Held;
}

void Gate::release()
{
    if (m_state != State::Held)
        return;
    m_state = State::Open;
    wake();
}

void Gate::close()
{
    m_state = State::Closed;
    wake();
    m_closed.request_stop();
}

void Gate::wake()
{
    for (Completion<bool>& waiter : std::exchange(m_waiting, {}))
        waiter.resolve(true);
}

} // namespace burrow
