#include "base/task.h"

#include <QTimer>

namespace burrow {

Task<Semaphore::Slot> Semaphore::acquire(StopToken stop)
{
    if (stop.stop_requested())
        co_return Slot();
    if (m_free > 0) {
        --m_free;
        co_return Slot(this);
    }
    Completion<bool> turn;
    m_waiting.push_back(turn);
    const std::stop_callback onStop(stop, [&turn] { turn.resolve(false); });
    co_return co_await turn ? Slot(this) : Slot();
}

void Semaphore::release()
{
    while (!m_waiting.empty() && m_waiting.front().isResolved())
        m_waiting.pop_front();
    if (m_waiting.empty()) {
        ++m_free;
        return;
    }
    // Resumed from the event loop: a thousand waiters that each finish at once must not nest on the stack.
    Completion<bool> next = m_waiting.front();
    m_waiting.pop_front();
    QMetaObject::invokeMethod(
        &m_context,
        [this, next]() mutable {
            if (next.isResolved())
                release();
            else
                next.resolve(true);
        },
        Qt::QueuedConnection);
}

Task<bool> sleepFor(std::chrono::milliseconds duration, StopToken stop)
{
    Completion<bool> done;
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, &timer, [&done] { done.resolve(true); });
    const std::stop_callback onStop(stop, [&done] { done.resolve(false); });
    timer.start(duration);
    co_return co_await done;
}

} // namespace burrow
