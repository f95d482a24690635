#include "base/task.h"

#include <QElapsedTimer>
#include <QTest>

using namespace burrow;
using namespace std::chrono_literals;

namespace {

Task<void> hold(Semaphore* semaphore, StopToken stop, int* inside, int* most, int* served)
{
    const Semaphore::Slot slot = co_await semaphore->acquire(stop);
    if (!slot)
        co_return;
    *most = std::max(*most, ++*inside);
    co_await sleepFor(1ms, stop);
    --*inside;
    ++*served;
}

Task<void> sleepInto(std::chrono::milliseconds duration, StopToken stop, std::optional<bool>* whole)
{
    *whole = co_await sleepFor(duration, stop);
}

} // namespace

class TaskTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSemaphoreAdmitsNoMoreThanItsSlots()
    {
        Semaphore semaphore(4);
        std::stop_source stop;
        int inside = 0, most = 0, served = 0;
        std::vector<Task<void>> tasks;
        for (int i = 0; i < 100; ++i)
            tasks.push_back(hold(&semaphore, stop.get_token(), &inside, &most, &served));
        QTRY_COMPARE(served, 100);
        QCOMPARE(most, 4);
    }

    void aStopFreesThoseWhoWait()
    {
        Semaphore semaphore(1);
        std::stop_source stop;
        int inside = 0, most = 0, served = 0;
        std::vector<Task<void>> tasks;
        for (int i = 0; i < 10; ++i)
            tasks.push_back(hold(&semaphore, stop.get_token(), &inside, &most, &served));
        stop.request_stop();
        QTRY_COMPARE(served, 1);
        for (const Task<void>& task : tasks)
            QTRY_VERIFY(task.isReady());
        std::stop_source fresh;
        tasks.push_back(hold(&semaphore, fresh.get_token(), &inside, &most, &served));
        QTRY_COMPARE(served, 2);
    }

    void aSleepEndsEarlyWhenStopped()
    {
        std::stop_source stop;
        std::optional<bool> whole;
        const Task<void> task = sleepInto(1h, stop.get_token(), &whole);
        QVERIFY(!whole);
        stop.request_stop();
        QTRY_COMPARE(whole, std::optional(false));
        const Task<void> brief = sleepInto(1ms, {}, &whole);
        QTRY_COMPARE(whole, std::optional(true));
    }
};

QTEST_GUILESS_MAIN(TaskTest)
#include "tst_task.moc"
