// What a pause lets go on, and what a run is worth after it.
#include "tiny_sessions.h"

#include <QTest>
#include <QTimer>

using namespace burrow;
using namespace burrow::testing;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArrayList allCells{"root/turn1/cell1", "root/turn1/cell1/call1/turn1/cell1", "root/turn2/cell1"};

/// Those of allCells that are meant.
QByteArrayList meant(const CellControl::Which& which)
{
    QByteArrayList cells = allCells;
    cells.removeIf([&which](const QByteArray& cell) { return !which(*NodePath::parse(cell)); });
    return cells;
}

/// A run that is paused at once when its @p at-th request was sent, and resumed after @p length.
class PausedRun {
public:
    PausedRun(quint32 seed, size_t at, std::chrono::milliseconds length, NodePath scope = {})
        : model(seed), m_scope(std::move(scope))
    {
        model.latency = 5ms;
        model.onSend = [this, at, length](const ChatRequest&) {
            if (model.asked.size() == at)
                QTimer::singleShot(0, &m_context, [this, length] { pause(length); });
        };
    }

    RunOutcome play(RunLimits limits = {.maxDepth = 3})
    {
        RunFile file = *RunFile::create(path);
        Session session(file, model);
        session.cells = {[this](const CellControl::Which& which) { stopped << meant(which); },
            [this](const CellControl::Which& which) { letGo << meant(which); }};
        session.onRun = [this](Run& run) { m_run = &run; };
        return session.play(limits);
    }

    RunTree tree()
    {
        RunFile file = *RunFile::open(path, RunFile::Access::Read);
        return *loadTree(file);
    }

    QTemporaryDir folder;
    QString path = folder.filePath(u"run.burrow"_s);
    TinyModel model;
    QList<QByteArrayList> stopped, letGo; ///< cells
    size_t sentBefore = 0, sentAtResume = 0;

private:
    void pause(std::chrono::milliseconds length)
    {
        QVERIFY(m_run->pauseNow(m_scope));
        sentBefore = model.asked.size();
        QTimer::singleShot(length, &m_context, [this] {
            sentAtResume = model.asked.size();
            QVERIFY(m_run->resume(m_scope));
        });
    }

    NodePath m_scope;
    Run* m_run = nullptr;
    QObject m_context;
};

/// A run that somebody else pauses, and the cells that it lets go on.
struct WatchedRun {
    QTemporaryDir folder;
    TinyModel model{1};
    RunFile file = *RunFile::create(folder.filePath(u"run.burrow"_s));
    Session session{file, model};
    QByteArrayList letGo;

    WatchedRun()
    {
        session.cells = {[](const CellControl::Which&) {},
            [this](const CellControl::Which& which) { letGo << meant(which); }};
    }
};

} // namespace

class PauseTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPauseNowCallsRequestsBackAndSendsThemAgain_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 4; ++seed)
            QTest::addRow("program %u", seed) << seed;
    }
    void aPauseNowCallsRequestsBackAndSendsThemAgain()
    {
        QFETCH(quint32, seed);
        Recorded unpaused(seed);
        PausedRun run(seed, 4, 30ms);
        const RunOutcome outcome = run.play();
        QCOMPARE(outcome.answer, unpaused.outcome.answer);
        QCOMPARE(run.sentAtResume, run.sentBefore);
        const Totals totals = run.tree().totals().totals;
        QVERIFY(totals.unknown > 0);
        QCOMPARE(run.model.asked.size(), unpaused.model.asked.size() + size_t(totals.unknown));
        QCOMPARE(totals.requests, int(run.model.asked.size()));
        QCOMPARE(run.stopped, QList<QByteArrayList>{allCells});
        QCOMPARE(run.letGo, QList<QByteArrayList>{allCells});

        RunFile file = *RunFile::open(run.path, RunFile::Access::Read);
        TinyModel none(0);
        const RunOutcome replayed = Session(file, none, 1, RecordMode::Verify).play();
        QVERIFY2(!replayed.error, replayed.error ? qPrintable(replayed.error->message) : "");
        QVERIFY(none.asked.empty());
    }

    void whatHadArrivedIsRecorded()
    {
        PausedRun run(1, 1, 10ms);
        (void)run.play();
        RunFile file = *RunFile::open(run.path, RunFile::Access::Read);
        const std::vector<Event> events = *file.eventsAfter(0, 1000);
        const auto failed = std::ranges::find(events, EventKind::RequestFailed, &Event::kind);
        QVERIFY(failed != events.end());
        QCOMPARE(*file.text(failed->body), "abo");
        QCOMPARE(failed->state, NodeState::Unknown);
    }

    void aPauseOfANodeLeavesTheOthersAlone()
    {
        PausedRun run(1, 1, 10ms, *NodePath::parse("root/turn2"));
        QCOMPARE(run.play().state, RunState::Answered);
        QCOMPARE(run.tree().totals().totals.unknown, 0); // the first turn was under way
        QCOMPARE(run.stopped.front(), QByteArrayList{"root/turn2/cell1"});
    }

    void pausedTimeCountsTowardNoLimit()
    {
        PausedRun run(1, 2, 2500ms);
        RunLimits limits{.maxDepth = 3};
        limits.maxTime = 2000ms;
        QCOMPARE(run.play(limits).state, RunState::Answered);
        QVERIFY(run.tree().totals().played < 2000ms);
    }

    void theClockOfARunGoesOnWhileAPartIsHeld()
    {
        PausedRun run(1, 1, 60s, *NodePath::parse("root/turn2"));
        RunLimits limits{.maxDepth = 3};
        limits.maxTime = 1500ms;
        const RunOutcome outcome = run.play(limits);
        QCOMPARE(outcome.state, RunState::Limit);
        QCOMPARE(run.tree().findPath(*NodePath::parse("root/turn2")), noNode);
    }

    void aPartThatIsLetGoStandsWhileTheRunIsPaused()
    {
        WatchedRun watched;
        QObject context;
        const NodePath part = *NodePath::parse("root/turn1");
        size_t sent = 0;
        watched.session.onRun = [&](Run& run) {
            watched.model.onSend = [&](const ChatRequest&) {
                if (watched.model.asked.size() > 1)
                    return;
                QTimer::singleShot(0, &context, [&run, &part] {
                    QVERIFY(run.pauseNow(part));
                    QVERIFY(!run.isPaused());
                    QVERIFY(run.pause());
                    QVERIFY(run.resume(part));
                    QVERIFY(run.isPaused());
                });
                QTimer::singleShot(50, &context, [&] {
                    QVERIFY(watched.letGo.isEmpty());
                    sent = watched.model.asked.size();
                    QVERIFY(run.resume());
                });
            };
        };
        QCOMPARE(watched.session.play().state, RunState::Answered);
        QCOMPARE(sent, size_t(1));
        QCOMPARE(watched.letGo, allCells);
    }

    void aPartStandsUntilItIsLetGoItself()
    {
        WatchedRun watched;
        watched.session.onRun = [&](Run& run) {
            watched.model.onSend = [&](const ChatRequest&) {
                if (watched.model.asked.size() > 1)
                    return;
                const NodePath outer = *NodePath::parse("root/turn1");
                const NodePath inner = *NodePath::parse("root/turn1/cell1/call1");
                QVERIFY(run.pauseNow(inner) && run.pauseNow(outer));
                QVERIFY(run.resume(outer));
                QCOMPARE(watched.letGo, QByteArrayList{"root/turn1/cell1"});
                QVERIFY(run.resume(inner));
                QCOMPARE(watched.letGo,
                    (QByteArrayList{"root/turn1/cell1", "root/turn1/cell1/call1/turn1/cell1"}));
            };
        };
        QCOMPARE(watched.session.play().state, RunState::Answered);
    }

    void aRunThatIsStoppedInAPauseEnds()
    {
        TinyModel model(1);
        QTemporaryDir folder;
        RunFile file = *RunFile::create(folder.filePath(u"run.burrow"_s));
        Session session(file, model);
        QObject context;
        session.onRun = [&](Run& run) {
            model.onSend = [&](const ChatRequest&) {
                QTimer::singleShot(0, &context, [&run] { (void)run.pauseNow(); });
                QTimer::singleShot(5, &context, [&run] { run.stopNow(); });
            };
        };
        QCOMPARE(session.play().state, RunState::Stopped);
    }
};

QTEST_GUILESS_MAIN(PauseTest)
#include "tst_pause.moc"
