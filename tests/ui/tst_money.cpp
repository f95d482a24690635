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
};

BURROW_GUI_TEST_MAIN(MoneyTest)
#include "tst_money.moc"
