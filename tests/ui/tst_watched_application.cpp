#include "watched_application.h"

#include <QEventLoop>
#include <QTimer>

using namespace burrow::test;
using namespace std::chrono_literals;

namespace {

/// Gathers what the watch says instead of failing.
class Gathering : public WatchedApplication {
public:
    using WatchedApplication::WatchedApplication;
    QStringList told;

protected:
    void onLate(const QString& what) override { told << what; }
};

void compute(std::chrono::nanoseconds duration)
{
    const auto begun = threadTime();
    while (threadTime() - begun < duration) { }
}

} // namespace

/// The watch over the event loop that all other tests of the desktop run under.
class WatchedApplicationTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { application().told.clear(); }

    void anEventThatComputesForLongIsTold()
    {
        afterwards([] { compute(1200ms); });
        QCOMPARE(application().told.size(), 1);
        QVERIFY2(application().told.front().contains(QStringLiteral("took 12")),
            qPrintable(application().told.front()));
    }
    void manyThatAreShortAreNot()
    {
        for (int i = 0; i < 20; ++i)
            afterwards([] { compute(10ms); });
        QCOMPARE(application().told, QStringList());
    }
    void aLoopOfTheEventsOwnDoesNotCount()
    {
        afterwards([] {
            QEventLoop loop;
            for (int i = 0; i < 20; ++i)
                QTimer::singleShot(i, &loop, [] { compute(10ms); });
            QTimer::singleShot(50, &loop, &QEventLoop::quit);
            loop.exec();
        });
        QCOMPARE(application().told, QStringList());
    }
    void anEventOfAnInnerLoopIsTold()
    {
        afterwards([] {
            QEventLoop loop;
            QTimer::singleShot(0, &loop, [&loop] {
                compute(1200ms);
                loop.quit();
            });
            loop.exec();
        });
        QCOMPARE(application().told.size(), 1);
    }

private:
    static Gathering& application() { return *static_cast<Gathering*>(qApp); }

    template <typename Work> void afterwards(Work work)
    {
        bool done = false;
        QTimer::singleShot(0, this, [&] {
            work();
            done = true;
        });
        QTRY_VERIFY(done);
    }
};

int main(int argc, char** argv)
{
    return runWatched<WatchedApplicationTest, Gathering>(argc, argv);
}

#include "tst_watched_application.moc"
