#include "base/thread_pool.h"

#include "base/thread_order.h"

#include <QCoreApplication>
#include <QThreadPool>

#include <atomic>

namespace burrow {

namespace {

class Job final : public QRunnable {
public:
    explicit Job(std::function<void()> work) : m_work(std::move(work)) { }
    void run() override
    {
        takeOver(this);
        m_work();
    }

private:
    std::function<void()> m_work;
};

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

void PoolAlarm::ring()
{
    auto* const event = new QEvent(QEvent::User);
    handOver(this);
    QCoreApplication::postEvent(this, event);
}

bool PoolAlarm::event(QEvent* event)
{
    takeOver(this);
    if (event->type() != QEvent::User)
        return QObject::event(event);
    m_done.resolve(true); // whoever waited may have deleted this
    return true;
}

void startInPool(std::function<void()> work)
{
    auto* const job = new Job(std::move(work)); // deleted by the pool
    handOver(job);
    QThreadPool::globalInstance()->start(job);
}

void startLook(std::function<void()> work)
{
    static QThreadPool threads;
    auto* const job = new Job(std::move(work)); // deleted by the pool
    handOver(job);
    threads.start(job);
}

void parallelFor(qsizetype count, const std::function<void(qsizetype)>& work, const StopToken& stop)
{
    if (count <= 0)
        return;
    // A helper that the pool starts late, after this function has returned, finds no index left; so the share
    // outlives it while the work need not.
    const auto share = std::make_shared<Share>(count, work, stop);
    const qsizetype helpers = std::min<qsizetype>(count, QThreadPool::globalInstance()->maxThreadCount()) - 1;
    for (qsizetype i = 0; i < helpers; ++i)
        startInPool([share] { takePart(*share); });
    takePart(*share);
    for (qsizetype finished; (finished = share->finished.load()) < count;)
        share->finished.wait(finished);
}

} // namespace burrow
