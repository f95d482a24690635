// How well the window keeps up with large runs. Prints a line with what was measured, and one with the floor.
//     bench_window write RUN NODES     makes a run file for the others
//     bench_window live RUN SECONDS    a run goes on with 1,000 events a second in the tree of RUN
//     bench_window filter RUN          the filter over all calls of RUN
//     bench_window playhead RUN        steps back in the past of RUN, and jumps

#include "calls/calls_view.h"
#include "frames.h"
#include "lm/live_texts.h"
#include "settings/key_store.h"
#include "support/random_run.h"
#include "trajectory/branch.h"
#include "window/ask_bar.h"
#include "window/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QSettings>
#include <QTemporaryDir>

#include <cstdio>

using namespace burrow;
using namespace std::chrono_literals;

namespace {

constexpr int eventsASecond = 1000;
constexpr auto tick = 4ms;

class NoKeys final : public KeyStore {
public:
    void read(const QString&, QObject*, std::function<void(ApiKey)> use) override { use({}); }
    void write(const QString&, ApiKey, QObject*, std::function<void(Result<void>)> done) override
    {
        done({});
    }
};

/// An engine whose events the benchmark makes up.
class NoEngine final : public RunController {
public:
    Phase phase() const override { return m_phase; }
    RunFeed& feed() override { return m_feed; }
    const LiveTexts& liveTexts() const override { return m_texts; }
    void play(RunOrder) override { m_phase = Phase::Playing; }
    void pause() override { }
    void pauseNow() override { }
    void resume() override { }
    void hold(const NodePath&) override { }
    void holdNow(const NodePath&) override { }
    void letGo(const NodePath&) override { }
    void step(Step) override { }
    void runTo(const NodePath&) override { }
    void setBreakpoints(std::vector<Breakpoint>) override { }
    void stopSoftly() override { }
    void stopNow() override { m_phase = Phase::Idle; }
    void setKey(const QString&, ApiKey) override { }
    void listModels(const QString&, KeyUse) override { }

private:
    Phase m_phase = Phase::Idle;
    RunFeed m_feed;
    LiveTexts m_texts;
};

/// The whole window, as a person has it.
struct Stage {
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    NoKeys keys;
    NoEngine engine;
    MainWindow window{engine, keys, settings};

    Stage() { window.show(); }
};

void wait()
{
    QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

void print(const QString& measured, const QString& floor)
{
    std::printf("%s\n%s\n", qUtf8Printable(measured), qUtf8Printable(floor));
}

/// Half of the calls that a turn may make, and the turn and its cell.
int turnsFor(int nodes)
{
    return nodes / 52;
}

void write(const QString& path, int nodes)
{
    RunFile file = *RunFile::create(path);
    (void)test::RandomRun(file, 1).play(turnsFor(nodes), 100);
    if (const auto committed = file.commit(); !committed)
        qFatal("%s", qPrintable(committed.error().message));
}

std::vector<Event> eventsOf(const QString& path)
{
    std::vector<Event> events;
    RunFile file = *RunFile::open(path, RunFile::Access::Read);
    (void)readBranch(file, 1,
        [&events](std::span<const Event> some) { events.insert(events.end(), some.begin(), some.end()); });
    return events;
}

void play(std::span<const Event> events, RunFeed& feed, int seconds)
{
    bench::Frames frames;
    QTimer heart;
    heart.setTimerType(Qt::PreciseTimer);
    QObject::connect(&heart, &QTimer::timeout, &heart, [&frames] { frames.end(); });
    QElapsedTimer clock;
    clock.start();
    const auto used = test::threadTime();
    frames.begin();
    heart.start(tick);
    size_t fed = 0;
    while (clock.elapsed() < seconds * 1000 && fed < events.size()) {
        const size_t due = qMin(events.size(), size_t(clock.elapsed()) * eventsASecond / 1000);
        if (due > fed)
            feed.append(events.subspan(fed, due - fed));
        fed = due;
        wait();
    }
    const double share
        = std::chrono::duration<double>(test::threadTime() - used).count() / (double(clock.elapsed()) / 1000);
    print(frames.wall() + QStringLiteral("; %1 %").arg(100 * share, 0, 'f', 0),
        QStringLiteral("cpu: ") + frames.processor());
}

void live(const QString& path, int seconds)
{
    Stage stage;
    const std::vector<Event> events = eventsOf(path);
    const std::span all(events);
    const size_t later = size_t(seconds) * eventsASecond;
    const auto before = all.first(events.size() - qMin(events.size(), later));
    stage.window.askBar().setDocuments({path});
    stage.window.askBar().setQuestion(QStringLiteral("What?"));
    stage.window.ask();
    Q_EMIT stage.engine.opened(path, 1);
    stage.engine.feed().append(before);
    while (stage.window.run().tree().lastEvent() < before.back().time)
        wait();
    play(all.subspan(before.size()), stage.engine.feed(), seconds);
}

void show(Stage& stage, const QString& path)
{
    bool shown = false;
    QObject::connect(&stage.window, &MainWindow::runShown, &stage.window, [&shown] { shown = true; });
    stage.window.openRun(path);
    while (!shown)
        wait();
}

/// From each move until its moment is shown; the median in milliseconds.
double moves(Stage& stage, bench::Frames& frames, int count, const std::function<qsizetype()>& next)
{
    Playhead& playhead = stage.window.playhead();
    std::vector<qint64> all;
    for (int i = 0; i < count; ++i) {
        QElapsedTimer clock;
        clock.start();
        const qsizetype to = next();
        playhead.moveTo(to);
        frames.begin();
        while (playhead.position() != to) {
            wait();
            frames.end();
        }
        all.push_back(clock.nsecsElapsed());
    }
    std::ranges::sort(all);
    return double(all[all.size() / 2]) / 1e6;
}

void playhead(const QString& path)
{
    Stage stage;
    show(stage, path);
    Playhead& playhead = stage.window.playhead();
    QElapsedTimer clock;
    clock.start();
    playhead.moveBy(-1);
    while (!stage.window.run().isAtMoment())
        wait();
    const qint64 first = clock.elapsed();
    bench::Frames frames;
    QRandomGenerator random(1);
    const double steps = moves(stage, frames, 40, [&] { return playhead.position() - 1; });
    const double jumps
        = moves(stage, frames, 10, [&] { return qsizetype(random.bounded(int(playhead.length()))); });
    print(QStringLiteral("%1 ms; %2 ms").arg(steps, 0, 'f', 0).arg(jumps, 0, 'f', 0),
        QStringLiteral("first: %1 ms; turns: %2").arg(first).arg(frames.wall()));
}

void filter(const QString& path)
{
    Stage stage;
    show(stage, path);
    bench::Frames frames;
    CallFilter& calls = stage.window.calls().filter();
    QElapsedTimer clock;
    clock.start();
    qint64 first = -1, last = -1;
    QObject::connect(&calls, &CallFilter::searched, &stage.window, [&] {
        if (first < 0 && calls.matches() > 0)
            first = clock.elapsed();
        if (last < 0 && !calls.isSearching())
            last = clock.elapsed();
    });
    frames.begin();
    calls.setCriteria({.text = QStringLiteral("call 17")});
    while (last < 0) {
        wait();
        frames.end();
    }
    print(QStringLiteral("%1 ms; %2 ms").arg(first).arg(last), QStringLiteral("turns: ") + frames.wall());
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    if (arguments.size() == 3 && arguments[0] == QLatin1String("write"))
        write(arguments[1], arguments[2].toInt());
    else if (arguments.size() == 3 && arguments[0] == QLatin1String("live"))
        live(arguments[1], arguments[2].toInt());
    else if (arguments.size() == 2 && arguments[0] == QLatin1String("filter"))
        filter(arguments[1]);
    else if (arguments.size() == 2 && arguments[0] == QLatin1String("playhead"))
        playhead(arguments[1]);
    else
        return 2;
    return 0;
}
