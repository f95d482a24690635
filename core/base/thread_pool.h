#pragma once

#include "base/task.h"

#include <QThreadPool>

#include <functional>

/// Work for the processor, off the engine thread: indexing, hashing, transcoding.
namespace burrow {

/// Runs @p work(stop) in the global thread pool and resumes on the calling thread's event loop with what it
/// returned. @p work must look at the token often enough for a stop to be felt within 100 ms, and share
/// nothing that another thread changes.
template <typename Work>
Task<std::invoke_result_t<Work, const StopToken&>> runInPool(Work work, StopToken stop)
{
    using Value = std::invoke_result_t<Work, const StopToken&>;
    QObject context;
    Completion<Value> done;
    QThreadPool::globalInstance()->start([&context, &work, done, stop] {
        QMetaObject::invokeMethod(
            &context, [done, value = work(stop)]() mutable { done.resolve(std::move(value)); },
            Qt::QueuedConnection);
    });
    co_return co_await done;
}

/// Calls @p work(0) … work(@p count - 1) on the calling thread and idle threads of the pool, and returns when
/// all have returned, or sooner where @p stop is requested: then some were not called. Made for calls of
/// about a millisecond.
void parallelFor(qsizetype count, const std::function<void(qsizetype)>& work, const StopToken& stop);

} // namespace burrow
