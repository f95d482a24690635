#include "base/thread_pool.h"

#include <QTest>
#include <QThread>

using namespace burrow;

namespace {

Task<void> workAndNoteThreads(QThread** worker, QThread** resumed, int* value)
{
    *value = co_await runInPool(
        [worker](const StopToken&) {
            *worker = QThread::currentThread();
            return 42;
        },
        {});
    *resumed = QThread::currentThread();
}

Task<void> workUntilStopped(StopToken stop, bool* started, bool* ended)
{
    std::atomic_ref<bool> flag(*started);
    *ended = co_await runInPool(
        [flag](const StopToken& token) {
            flag.store(true);
            while (!token.stop_requested())
                QThread::usleep(100);
            return true;
        },
        stop);
}

} // namespace

class ThreadPoolTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void workRunsElsewhereAndItsAwaiterResumesHere()
    {
        QThread *worker = nullptr, *resumed = nullptr;
        int value = 0;
        const Task<void> task = workAndNoteThreads(&worker, &resumed, &value);
        QVERIFY(!task.isReady());
        QTRY_COMPARE(value, 42);
        QCOMPARE(resumed, QThread::currentThread());
        QVERIFY(worker != resumed);
    }

    void aStopReachesTheWork()
    {
        std::stop_source stop;
        bool started = false, ended = false;
        const Task<void> task = workUntilStopped(stop.get_token(), &started, &ended);
        QTRY_VERIFY(std::atomic_ref(started).load());
        QVERIFY(!ended);
        stop.request_stop();
        QTRY_VERIFY(ended);
    }

    void aParallelLoopCallsEveryIndexOnce()
    {
        std::vector<std::atomic<int>> calls(10'000);
        parallelFor(std::ssize(calls), [&](qsizetype i) { ++calls[static_cast<size_t>(i)]; }, {});
        for (const std::atomic<int>& count : calls)
            QCOMPARE(count.load(), 1);
        parallelFor(0, [&](qsizetype) { ++calls[0]; }, {});
        QCOMPARE(calls[0].load(), 1);
    }

    void aParallelLoopInsideTheBusyPoolFinishes()
    {
        std::atomic<int> calls = 0;
        parallelFor(32, [&](qsizetype) { parallelFor(100, [&](qsizetype) { ++calls; }, {}); }, {});
        QCOMPARE(calls.load(), 3200);
    }

    void aStopEndsAParallelLoopEarly()
    {
        std::stop_source stop;
        std::atomic<int> calls = 0;
        parallelFor(
            1'000'000,
            [&](qsizetype) {
                if (++calls == 10)
                    stop.request_stop();
            },
            stop.get_token());
        QVERIFY(calls.load() >= 10);
        QVERIFY(calls.load() < 1'000);
    }
};

QTEST_GUILESS_MAIN(ThreadPoolTest)
#include "tst_thread_pool.moc"
