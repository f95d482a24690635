#include "money/estimate.h"
#include "money/money_panel.h"
#include "watched_application.h"
#include "window_fixture.h"

#include <QDockWidget>

using namespace burrow;
using namespace burrow::test;

class MoneyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aLimitIsRaisedAndTheRunGoesOn()
    {
        const ScriptedServer server(lookThenAnswer);
        ProgramInWindow program;
        program.window().askBar().setLimits({.maxTokens = 12'000}); // enough for one request, not for two
        program.ask(server);
        QTRY_COMPARE_WITH_TIMEOUT(program.state(), RunState::Limit, patience);
        QTRY_COMPARE_WITH_TIMEOUT(program.engine().phase(), RunController::Phase::Idle, patience);
        auto* const panel = program.window().findChild<MoneyPanel*>();
        program.window().dock(QStringLiteral("money"))->raise();
        const auto raise = [panel] {
            const auto buttons = panel->findChildren<QPushButton*>();
            const auto shown = std::ranges::find_if(buttons, &QWidget::isVisible);
            return shown == buttons.end() ? nullptr : *shown;
        };
        QTRY_VERIFY(raise());
        QCOMPARE(raise()->text(), QStringLiteral("Raise to 24,000 tokens and Go On"));
        raise()->click();
        QTRY_COMPARE_WITH_TIMEOUT(program.state(), RunState::Answered, patience);
        QTRY_VERIFY(!raise());
    }

    void whatWasNeverHeardToItsEndCountsInTheEstimate()
    {
        std::vector<Event> events;
        const auto open = [&events](EventKind kind, NodeKind node, qint64 parent, int ordinal) {
            const qint64 seq = std::ssize(events) + 1;
            events.push_back({.seq = seq,
                .node = seq,
                .parent = parent,
                .ordinal = ordinal,
                .kind = kind,
                .nodeKind = node});
            return seq;
        };
        const auto end = [&events](EventKind kind, qint64 node, NodeState state, qint64 cost) {
            events.push_back({.seq = std::ssize(events) + 1,
                .node = node,
                .usage = {.cost = MicroUsd{cost}},
                .kind = kind,
                .state = state});
        };
        const qint64 root = open(EventKind::NodeOpened, NodeKind::Rlm, 0, 1);
        for (int i = 1; i <= 3; ++i) {
            const qint64 turn = open(EventKind::RequestSent, NodeKind::Turn, root, i);
            end(EventKind::ReplyReceived, turn, NodeState::Ok, 100);
            const qint64 cell = open(EventKind::CellStarted, NodeKind::Cell, turn, 1);
            for (int call = 1; call <= 2; ++call) {
                const qint64 request = open(EventKind::RequestSent, NodeKind::Completion, cell, call);
                end(EventKind::RequestFailed, request, NodeState::Unknown, i == 3 ? 10 : 25);
            }
        }
        RunTree tree;
        tree.apply(events);
        const Estimate all = estimateOf(tree, {.maxIterations = 10});
        QCOMPARE(all.perTurn, MicroUsd{150});
        QCOMPARE(all.byLastTurn, MicroUsd{420 + 30 + 7 * 150});
        QCOMPARE(estimateOf(tree, {.maxIterations = 10, .maxCost = MicroUsd{1040}}).turnsToLimit, 4);
    }
};

BURROW_GUI_TEST_MAIN(MoneyTest)
#include "tst_money.moc"
