#include "base/thread_pool.h"

#include <atomic>

namespace burrow {

namespace {

struct Share {
    qsizetype count;
    const std::function<void(qsizetype)>& work;
    StopToken stop;
    std::atomic<qsizetype> next = 0;
    std::atomic<qsizetype> finished = 0;
};

/// Takes one index after another. After a stop the rest is counted as finished without being called.
void takePart(Share& share)
{
    for (;;) {
        const qsizetype index = share.next.fetch_add(1);
        if (index >= share.count)
            return;
        if (!share.stop.stop_requested())
            share.work(index);
        if (share.finished.fetch_add(1) + 1 == share.count)
            share.finished.notify_all();
    }
}

} // namespace

void parallelFor(qsizetype count, const std::function<void(qsizetype)>& work, const StopToken& stop)
{
    if (count <= 0)
        return;
    // A helper that the pool starts late, after this function has returned, finds no index left; so the share
    // outlives it while the work need not.
    const auto share = std::make_shared<Share>(count, work, stop);
    QThreadPool* pool = QThreadPool::globalInstance();
    const qsizetype helpers = std::min<qsizetype>(count, pool->maxThreadCount()) - 1;
    for (qsizetype i = 0; i < helpers; ++i)
        pool->start([share] { takePart(*share); });
    takePart(*share);
    for (qsizetype finished; (finished = share->finished.load()) < count;)
        share->finished.wait(finished);
}

} // namespace burrow
