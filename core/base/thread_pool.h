#pragma once

#include "base/task.h"

#include <QObject>

#include <functional>
#include <optional>

/// Work for the processor, off the engine thread: indexing, hashing, transcoding.
namespace burrow {

/// Wakes a coroutine of the thread that made it, from any other thread.
class PoolAlarm final : public QObject {
public:
    Completion<bool> rung() const { return m_done; }
    /// Once. The alarm may be gone when this returns.
    void ring();

protected:
    bool event(QEvent* event) override;

private:
    Completion<bool> m_done;
};

/// Hands @p work to the global thread pool.
void startInPool(std::function<void()> work);
/// The same, to threads that do nothing but looks of some milliseconds: these never wait behind long work.
void startLook(std::function<void()> work);

/// Runs @p work(stop) in the global thread pool and resumes on the calling thread's event loop with what it
/// returned. @p work must look at the token often enough for a stop to be felt within 100 ms, and share
/// nothing that another thread changes.
template <typename Work>
Task<std::invoke_result_t<Work, const StopToken&>> runInPool(
    Work work, StopToken stop, void (*start)(std::function<void()>) = startInPool)
{
    std::optional<std::invoke_result_t<Work, const StopToken&>> value;
    PoolAlarm alarm;
    start([&] {
        value.emplace(work(stop));
        alarm.ring();
    });
    co_await alarm.rung();
    co_return std::move(*value);
}

/// Calls @p work(0) … work(@p count - 1) on the calling thread and idle threads of the pool, and returns when
/// all have returned, or sooner where @p stop is requested: then some were not called. Made for calls of
/// about a millisecond.
void parallelFor(qsizetype count, const std::function<void(qsizetype)>& work, const StopToken& stop);

} // namespace burrow
