#include "support/random_run.h"
#include "timeline/playhead_bar.h"
#include "timeline/timeline_view.h"
#include "watched_application.h"
#include "window_fixture.h"

#include <QScrollBar>
#include <QSlider>

using namespace burrow;
using namespace burrow::test;

/// The past of a run, shown in the real window.
class PlayheadTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_program = std::make_unique<ProgramInWindow>(); }
    void cleanup() { m_program.reset(); }

    void everyMomentIsTheFoldOfItsEvents()
    {
        ask();
        const QByteArray whole = m_program->tree().toText();
        const RunTotals totals = m_program->tree().totals();
        trigger("One Event Back");
        QTRY_VERIFY(window().run().isAtMoment());
        Playhead& playhead = window().playhead();
        const std::vector<Event> events = eventsOfFile();
        QCOMPARE(size_t(playhead.length()), events.size());
        for (qsizetype at = playhead.position(); at >= 0; at -= 3) {
            playhead.moveTo(at);
            QTRY_COMPARE(playhead.position(), at);
            RunTree expected;
            expected.apply(std::span(events).first(size_t(at)));
            QCOMPARE(m_program->tree().toText(), expected.toText());
            QCOMPARE(m_program->tree().totals().totals, expected.totals().totals);
        }
        trigger("The Run as It Is");
        QCOMPARE(m_program->tree().toText(), whole);
        QCOMPARE(m_program->tree().totals().totals, totals.totals);
        QVERIFY(!window().run().isAtMoment());
    }

    void theEyeGoesWithTheEvent()
    {
        ask();
        const NodePath cell = NodePath::root().turn(1).cell(1);
        window().calls().setCurrent(m_program->tree().findPath(cell));
        trigger("The Moment of This Call");
        QTRY_VERIFY(window().run().isAtMoment());
        QCOMPARE(m_program->pathOf(window().calls().current()), QStringLiteral("root/turn1/cell1"));
        QCOMPARE(m_program->tree().findPath(NodePath::root().turn(2)), noNode);
        QVERIFY(window().findChild<PlayheadBar*>()->moment().startsWith(QStringLiteral("As it was at")));
        QCOMPARE(m_program->state(), RunState::Running);
    }

    void whatAPersonChoseAndFoldedStaysWhileItIsThere()
    {
        ask();
        const NodeIndex root = m_program->tree().roots().front();
        const NodeIndex turn = m_program->tree().findPath(NodePath::root().turn(1));
        QTreeView* const calls = window().calls().tree();
        const auto indexOf = [this](NodeIndex node) { return window().calls().filter().indexOf(node); };
        m_program->click(turn, CallTreeModel::Name);
        QCOMPARE(window().calls().current(), turn);
        calls->collapse(indexOf(turn));
        for (int i = 1; i <= 6; ++i) {
            trigger("One Event Back");
            QTRY_COMPARE(window().playhead().position(), window().playhead().length() - i);
            QCOMPARE(window().calls().current(), turn);
            QCOMPARE(window().inspector().node(), turn);
            QVERIFY(calls->selectionModel()->isSelected(indexOf(turn)));
            QVERIFY(calls->isExpanded(indexOf(root)));
            QVERIFY(!calls->isExpanded(indexOf(turn)));
        }
        window().playhead().moveTo(1); // before it began
        QTRY_COMPARE(window().playhead().position(), 1);
        QCOMPARE(m_program->tree().findPath(NodePath::root().turn(1)), noNode);
        trigger("The Run as It Is");
        QCOMPARE(window().calls().current(), turn);
    }

    void thePlaceInTheCallsStays()
    {
        const QString path = m_program->file("long.burrow");
        {
            RunFile file = *RunFile::create(path);
            (void)RandomRun(file, 1).play(80, 2);
        }
        const QSignalSpy shown(&window(), &MainWindow::runShown);
        window().openRun(path);
        QTRY_COMPARE(shown.size(), 1);
        QTreeView* const calls = window().calls().tree();
        m_program->click(m_program->tree().findPath(NodePath::root().turn(30)), CallTreeModel::Name);
        calls->verticalScrollBar()->setValue(calls->verticalScrollBar()->maximum() / 3);
        const QPersistentModelIndex top = calls->indexAt(QPoint(0, 0));
        QVERIFY(top.isValid() && calls->verticalScrollBar()->value() > 10);
        for (int i = 1; i <= 20; ++i) { // rows go at the end
            trigger("One Event Back");
            QTRY_COMPARE(window().playhead().position(), window().playhead().length() - i);
            QCOMPARE(QPersistentModelIndex(calls->indexAt(QPoint(0, 0))), top);
        }
        trigger("The Run as It Is");
        QCOMPARE(QPersistentModelIndex(calls->indexAt(QPoint(0, 0))), top);
    }

    void ofSeveralMovesAtOnceTheLastIsMade()
    {
        ask();
        trigger("One Event Back");
        QTRY_VERIFY(window().run().isAtMoment());
        Playhead& playhead = window().playhead();
        const std::vector<Event> events = eventsOfFile();
        for (const qsizetype at :
            {2, 9, 1, 5, 3}) // back and forward, and some of them while others are folded
            playhead.moveTo(at);
        QTRY_COMPARE(playhead.position(), 3);
        QCOMPARE(playhead.target(), 3);
        RunTree expected;
        expected.apply(std::span(events).first(3));
        QCOMPARE(m_program->tree().toText(), expected.toText());
        playhead.moveTo(1);
        trigger("The Run as It Is"); // before what was is folded
        QVERIFY(!window().run().isAtMoment());
        QTest::qWait(50);
        QVERIFY(!window().run().isAtMoment());
        QCOMPARE(m_program->state(), RunState::Answered);
    }

    void theAxisOfTheTimelineMovesThroughTheRun()
    {
        ask();
        const QByteArray whole = m_program->tree().toText();
        auto* const timeline = window().findChild<TimelineView*>();
        QTRY_VERIFY(timeline->nodeAt(QPointF(timeline->width() / 2.0, timeline->fontMetrics().height() + 12))
            != noNode);
        const auto press = [timeline](double share) {
            QTest::mouseClick(timeline, Qt::LeftButton, {}, QPoint(int(share * (timeline->width() - 1)), 4));
        };
        press(0.5);
        QTRY_VERIFY(window().run().isAtMoment());
        const auto shown = m_program->tree().lastEvent();
        const qsizetype half = window().playhead().position();
        const std::vector<Event> events = eventsOfFile();
        const auto begin = events.front().time, length = events.back().time - begin;
        // About the middle of the time: the axis begins with the first node, and ends a little after the
        // last.
        QVERIFY(shown <= begin + length * 3 / 4);
        QVERIFY(events[size_t(half)].time >= begin + length / 4);
        // All of the run stays in sight, and what is ahead can be gone to.
        press(0.9);
        QTRY_VERIFY(window().playhead().position() > half || window().playhead().isAtEnd());
        trigger("The Run as It Is");
        QVERIFY(!window().run().isAtMoment());
        QCOMPARE(m_program->tree().toText(), whole);
    }

    void whatRanLastedUntilThen()
    {
        ask();
        const NodePath cell = NodePath::root().turn(1).cell(1);
        window().calls().setCurrent(m_program->tree().findPath(cell));
        trigger("The Moment of This Call");
        QTRY_VERIFY(window().run().isAtMoment());
        const RunTree& tree = m_program->tree();
        const NodeIndex root = tree.roots().front();
        QCOMPARE(tree.node(root).state, NodeState::Running);
        const QModelIndex seconds
            = window().calls().filter().indexOf(root).siblingAtColumn(CallTreeModel::Seconds);
        const auto lasted = std::chrono::duration<double>(tree.lastEvent() - tree.node(root).begun).count();
        QVERIFY2(qAbs(seconds.data().toDouble() - lasted) < 0.1,
            qPrintable(seconds.data().toString() + QLatin1Char(' ') + QString::number(lasted)));
    }

    void theSliderMovesThroughTheRun()
    {
        ask();
        auto* const bar = window().findChild<PlayheadBar*>();
        trigger("One Event Back");
        QTRY_VERIFY(window().run().isAtMoment());
        bar->slider()->setValue(0);
        QTRY_VERIFY(window().run().isEmpty());
        bar->slider()->setValue(bar->slider()->maximum());
        QCOMPARE(m_program->state(), RunState::Answered);
    }

    void aRunThatGoesOnLeavesThePast()
    {
        const ScriptedServer server(reply);
        window().stops().add({.point = StopPoint::BeforeRequest, .at = NodePath::root().turn(2)});
        m_program->ask(server);
        QTRY_VERIFY_WITH_TIMEOUT(window().stops().here(), patience);
        QTRY_VERIFY(m_program->tree().findPath(NodePath::root().turn(1).cell(1)) != noNode);
        // Events of before the stop may still come, and lead back to the run as it is.
        const auto isInThePast = [this] {
            trigger("One Event Back");
            QTest::qWait(100);
            return window().run().isAtMoment();
        };
        QTRY_VERIFY(isInThePast());
        window().playhead().moveTo(1);
        QTRY_COMPARE(window().playhead().position(), 1);
        trigger("Resume");
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->engine().phase(), RunController::Phase::Idle, patience);
        RunTree expected;
        expected.apply(eventsOfFile());
        QCOMPARE(m_program->tree().toText(), expected.toText());
    }

private:
    static ScriptedReply reply(const ScriptedRequest& request)
    {
        return request.body.contains("print('looked')")
            ? chatReply("```repl\nanswer['content'] = str(x + 1)\nanswer['ready'] = True\n```\n")
            : chatReply("```repl\nx = 41\nprint('looked')\n```\n");
    }
    void ask()
    {
        const ScriptedServer server(reply);
        m_program->ask(server);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->engine().phase(), RunController::Phase::Idle, patience);
    }
    MainWindow& window() { return m_program->window(); }
    void trigger(const char* action) { m_program->action(QString::fromLatin1(action))->trigger(); }
    std::vector<Event> eventsOfFile()
    {
        Result<RunFile> file = RunFile::open(window().run().path(), RunFile::Access::Read);
        return file ? file->eventsAfter(0, 100'000).value_or(std::vector<Event>()) : std::vector<Event>();
    }

    std::unique_ptr<ProgramInWindow> m_program;
};

BURROW_GUI_TEST_MAIN(PlayheadTest)
#include "tst_playhead.moc"
