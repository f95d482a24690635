#include "stops/breakpoint_dialog.h"
#include "stops/breakpoints_panel.h"
#include "watched_application.h"
#include "window_fixture.h"

#include <QComboBox>
#include <QDockWidget>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>

using namespace burrow;
using namespace burrow::test;
using Phase = RunController::Phase;

/// Breakpoints and steps in the real window, over a run that plays.
class SteppingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_program = std::make_unique<ProgramInWindow>(); }
    void cleanup() { m_program.reset(); }

    void aBreakpointStopsTheRunAndShowsWhere()
    {
        const ScriptedServer server(lookThenAnswer);
        window().stops().add({.point = StopPoint::BeforeCell, .at = {}});
        m_program->ask(server);
        QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Paused, patience);
        QTRY_COMPARE(selected(), QStringLiteral("root/turn1"));
        QVERIFY(
            window().runBar().summary().startsWith(QStringLiteral("paused before root/turn1/cell1 runs")));
        const QModelIndex row = window().calls().filter().indexOf(window().calls().current());
        QCOMPARE(row.siblingAtColumn(CallTreeModel::Mark).data(Qt::AccessibleTextRole).toString(),
            QStringLiteral("paused here"));
        QVERIFY(row.data(Qt::BackgroundRole).isValid());
        const int sent = server.requestCount();
        QTest::qWait(300);
        QCOMPARE(server.requestCount(), sent);
    }

    void aHeldCallWaitsWhileTheRunPlays()
    {
        // The first turn is asked and not answered before it is held.
        ScriptedServer server([](const ScriptedRequest& request) {
            ScriptedReply reply = lookThenAnswer(request);
            reply.latency = std::chrono::milliseconds(300);
            return reply;
        });
        m_program->ask(server);
        const NodePath turn = NodePath::root().turn(1);
        QTRY_VERIFY_WITH_TIMEOUT(m_program->tree().findPath(turn) != noNode, patience);
        QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Playing, patience);
        window().calls().setCurrent(m_program->tree().findPath(turn));
        QAction* const hold = m_program->action(QStringLiteral("Hold This Call"));
        QTRY_VERIFY(hold->isEnabled());
        hold->trigger();
        QVERIFY(hold->isChecked());
        QTRY_VERIFY(window().runBar().summary().contains(QStringLiteral("1 held")));
        const QModelIndex row = window().calls().filter().indexOf(m_program->tree().findPath(turn));
        QCOMPARE(row.siblingAtColumn(CallTreeModel::Mark).data(Qt::AccessibleTextRole).toString(),
            QStringLiteral("held"));
        // Its reply arrives, and its cell does not run.
        QTRY_COMPARE_WITH_TIMEOUT(
            m_program->tree().node(m_program->tree().findPath(turn)).state, NodeState::Ok, patience);
        QTest::qWait(200);
        QCOMPARE(m_program->tree().findPath(turn.cell(1)), noNode);
        QCOMPARE(phase(), Phase::Playing);
        hold->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        QVERIFY(!window().runBar().summary().contains(QStringLiteral("held")));
    }

    void stepsGoFromStopToStop()
    {
        const ScriptedServer server(lookThenAnswer);
        window().stops().add({.point = StopPoint::BeforeCell, .at = {}});
        m_program->ask(server);
        QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Paused, patience);
        m_program->action(QStringLiteral("Step Over"))->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(window().runBar().summary().startsWith(
                                     QStringLiteral("paused after the output of root/turn1/cell1")),
            patience);
        QTRY_COMPARE(selected(), QStringLiteral("root/turn1/cell1"));
        m_program->action(QStringLiteral("Step Into"))->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(
            window().runBar().summary().startsWith(QStringLiteral("paused before the request of root/turn2")),
            patience);
        window().stops().clear();
        m_program->action(QStringLiteral("Step Out"))->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(window().runBar().summary().startsWith(
                                     QStringLiteral("paused before the answer of root is taken")),
            patience);
        m_program->action(QStringLiteral("Resume"))->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        QVERIFY(!window().stops().here());
    }

    void aRunGoesOnToTheSelectedCall()
    {
        const ScriptedServer server(lookThenAnswer);
        window().stops().add({.point = StopPoint::BeforeRequest, .at = {}});
        m_program->ask(server);
        QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Paused, patience);
        window().stops().clear();
        QTRY_COMPARE(selected(), QStringLiteral("root"));
        m_program->action(QStringLiteral("Run to Here"))->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(window().runBar().summary().startsWith(
                                     QStringLiteral("paused before the answer of root is taken")),
            patience);
    }

    void aClickInTheMarginSetsABreakpointAndTakesItBack()
    {
        const ScriptedServer server(lookThenAnswer);
        m_program->ask(server);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        const NodeIndex turn = m_program->tree().findPath(NodePath::root().turn(2));
        m_program->click(turn, CallTreeModel::Mark);
        QCOMPARE(window().stops().breakpoints().size(), 1);
        QCOMPARE(window().stops().breakpoints().front().at, NodePath::root().turn(2));
        QCOMPARE(list()->item(0)->text(), QStringLiteral("anywhere, in root/turn2"));
        m_program->click(turn, CallTreeModel::Mark);
        QVERIFY(window().stops().breakpoints().empty());
    }

    void conditionsAreAskedForInADialog()
    {
        m_program->action(QStringLiteral("New Breakpoint"))->trigger();
        auto* const dialog = window().findChild<BreakpointDialog*>();
        QVERIFY(dialog);
        const auto field = [&](const QString& name) {
            for (QLineEdit* const line : dialog->findChildren<QLineEdit*>())
                if (line->accessibleName() == name)
                    return line;
            return static_cast<QLineEdit*>(nullptr);
        };
        field(QStringLiteral("Node"))->setText(QStringLiteral("no node"));
        dialog->accept();
        QVERIFY(dialog->isVisible());
        field(QStringLiteral("Node"))->setText(QStringLiteral("root/turn2"));
        field(QStringLiteral("Text holds"))->setText(QStringLiteral("answer"));
        field(QStringLiteral("Spent at least"))->setText(QStringLiteral("0.50"));
        dialog->accept();
        QCOMPARE(list()->item(0)->text(),
            QStringLiteral("before a cell, in root/turn2, text holds “answer”, $0.50 spent"));
        list()->setCurrentRow(0);
        list()->setFocus();
        window().dock(QStringLiteral("breakpoints"))->show();
        list()->actions().front()->trigger();
        QVERIFY(window().stops().breakpoints().empty());
    }

    void aBreakpointThatOnlyLogsStopsNothing()
    {
        const ScriptedServer server(lookThenAnswer);
        const QSignalSpy noted(&m_program->engine(), &RunController::noted);
        window().stops().add({.point = StopPoint::AfterOutput, .at = {}, .logOnly = true});
        m_program->ask(server);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        QTRY_VERIFY(std::ranges::any_of(noted, [](const QList<QVariant>& line) {
            return line.front().toString().contains(QStringLiteral("after the output of root/turn1/cell1"));
        }));
    }

    void theWindowRemembersItsColumnsWhenItCloses()
    {
        const auto seconds = [](MainWindow& window) {
            return window.calls().tree()->header()->sectionSize(CallTreeModel::Seconds);
        };
        const ScriptedServer server(lookThenAnswer);
        m_program->ask(server);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Idle, patience);
        const int wider = seconds(window()) + 17;
        window().calls().tree()->header()->resizeSection(CallTreeModel::Seconds, wider);
        QVERIFY(window().close());
        m_program->reopen();
        QCOMPARE(seconds(window()), wider);
    }

    void breakpointsAreKeptForTheNextRun()
    {
        const ScriptedServer server(lookThenAnswer);
        m_program->ask(server);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Idle, patience);
        window().stops().add({.point = StopPoint::AfterReply, .at = {}, .hits = 2});
        for (int run = 0; run < 2; ++run) {
            window().ask();
            QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Paused, patience);
            QTRY_VERIFY(window().stops().here());
            QCOMPARE(window().stops().here()->path, NodePath::root().turn(2));
            m_program->action(QStringLiteral("Stop Now"))->trigger();
            QTRY_COMPARE_WITH_TIMEOUT(phase(), Phase::Idle, patience);
        }
    }

private:
    MainWindow& window() { return m_program->window(); }
    Phase phase() const { return m_program->engine().phase(); }
    QString selected() { return m_program->pathOf(window().calls().current()); }
    QListWidget* list() { return window().findChild<BreakpointsPanel*>()->list(); }

    std::unique_ptr<ProgramInWindow> m_program;
};

BURROW_GUI_TEST_MAIN(SteppingTest)
#include "tst_stepping.moc"
