// How well the window keeps up: a run that goes on in a tree of many nodes, and the filter over all of them.
//     bench_window [NODES] [SECONDS]

#include "calls/calls_view.h"
#include "ui/random_run.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTreeView>

#include <cstdio>
#include <ctime>

using namespace burrow;
using namespace std::chrono_literals;

namespace {

constexpr int eventsASecond = 1000;
constexpr auto tick = 4ms;

/// Notes how late the event loop comes round: what a person feels as a frame that is late.
class Heartbeat : public QObject {
public:
    Heartbeat()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_gaps.push_back(double(m_clock.nsecsElapsed()) / 1e6);
            m_clock.restart();
        });
        m_clock.start();
        m_timer.start(tick);
    }
    void report(const char* what, double seconds, double cpuSeconds)
    {
        std::ranges::sort(m_gaps);
        const auto at = [this](double part) { return m_gaps[size_t(part * double(m_gaps.size() - 1))]; };
        std::printf("%s: median %.1f ms, 99 %% %.1f ms, worst %.1f ms between turns; %.0f %% of a core\n",
            what, at(0.5), at(0.99), m_gaps.back(), 100 * cpuSeconds / seconds);
    }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<double> m_gaps;
};

double cpuSeconds()
{
    return double(std::clock()) / CLOCKS_PER_SEC;
}

void play(const std::vector<Event>& events, RunFeed& feed, int seconds)
{
    Heartbeat heart;
    QElapsedTimer clock;
    clock.start();
    const double cpuBefore = cpuSeconds();
    size_t fed = 0;
    while (clock.elapsed() < seconds * 1000 && fed < events.size()) {
        const size_t due = qMin(events.size(), size_t(clock.elapsed()) * eventsASecond / 1000);
        if (due > fed)
            feed.append(std::span(events).subspan(fed, due - fed));
        fed = due;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    heart.report("live", double(clock.elapsed()) / 1000, cpuSeconds() - cpuBefore);
}

void filter(CallsView& view)
{
    QElapsedTimer clock;
    clock.start();
    qint64 first = -1, last = -1;
    QObject::connect(&view.filter(), &CallFilter::searched, &view, [&] {
        if (first < 0 && view.filter().matches() > 0)
            first = clock.elapsed();
        if (last < 0 && !view.filter().isSearching())
            last = clock.elapsed();
    });
    view.filter().setCriteria({.text = QStringLiteral("call 17")});
    while (last < 0)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    std::printf("filter: first results after %lld ms, all %d after %lld ms\n", static_cast<long long>(first),
        view.filter().matches(), static_cast<long long>(last));
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const int nodes = argc > 1 ? QByteArray(argv[1]).toInt() : 100'000;
    const int seconds = argc > 2 ? QByteArray(argv[2]).toInt() : 20;
    const QTemporaryDir folder;
    RunFile file = *RunFile::create(folder.filePath(QStringLiteral("run.burrow")));
    // Half of the calls that a turn may make, and the turn and its cell.
    const std::vector<Event> events = test::RandomRun(file, 1).play(nodes / 52 + 500, 100);
    const auto opening = std::ranges::find_if(events, [&, seen = 0](const Event& event) mutable {
        seen += event.opensNode() ? 1 : 0;
        return seen > nodes;
    });

    ShownRun run;
    CallsView view(run);
    view.resize(700, 900);
    view.show();
    RunFeed feed;
    feed.append(std::span(events.begin(), opening));
    run.follow(feed);
    while (run.tree().size() < nodes)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    std::printf("%d nodes\n", run.tree().size());
    play(std::vector<Event>(opening, events.end()), feed, seconds);
    filter(view);
    return 0;
}
