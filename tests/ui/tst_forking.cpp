#include "compare/compare_panel.h"
#include "edit/edit_page.h"
#include "runs/branch_button.h"
#include "runs/runs_panel.h"
#include "text/code_view.h"
#include "trajectory/machine_identity.h"
#include "watched_application.h"
#include "window/ask_bar.h"
#include "window_fixture.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QMenu>
#include <QTableView>
#include <QTreeView>

using namespace burrow;
using namespace burrow::test;
using Phase = RunController::Phase;

/// What a person changes at a node, and what comes of it, in the real window.
class ForkingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<ScriptedServer>(lookThenAnswer);
        m_program = std::make_unique<ProgramInWindow>();
    }
    void cleanup()
    {
        m_program.reset();
        m_server.reset();
    }

    void anEditedCellRunsInABranchAndPaysForWhatFollows()
    {
        askToTheEnd();
        const int sent = chats();
        edit(cell1, QStringLiteral("Edit the Code"), "x = 50\nprint('looked')\n");
        QVERIFY2(page().outlook().contains(QStringLiteral("Kept: 1 request")), qPrintable(page().outlook()));
        QVERIFY(page().outlook().contains(QStringLiteral("reused")));
        runFromHere();
        QCOMPARE(window().run().branch(), 2);
        QCOMPARE(answer(), "51");
        QCOMPARE(chats(), sent + 1);
        QTRY_COMPARE(window().run().branches().size(), 2);
        QVERIFY(m_program->tree().node(m_program->tree().findPath(NodePath::root().turn(1))).edited);
    }

    void aBranchOfABranchHasTheVariablesOfACheckpoint()
    {
        askToTheEnd();
        // So slow that a checkpoint follows.
        edit(cell1, QStringLiteral("Edit the Code"), "import time\ntime.sleep(0.1)\nx = 50\n");
        runFromHere();
        edit(NodePath::root().turn(2), QStringLiteral("Edit the Reply"),
            "```repl\nanswer['content'] = str(x + 5)\nanswer['ready'] = True\n```\n");
        runFromHere();
        QCOMPARE(window().run().branch(), 3);
        QCOMPARE(answer(), "55");
    }

    void whatAPlannedChangeMayReachIsStale()
    {
        askToTheEnd();
        const auto badge = [&](const NodePath& path) {
            return window()
                .calls()
                .filter()
                .indexOf(m_program->tree().findPath(path))
                .siblingAtColumn(CallTreeModel::Badge)
                .data()
                .toString();
        };
        QCOMPARE(badge(cell1), QString());
        begin(cell1, QStringLiteral("Edit the Code"));
        QCOMPARE(badge(NodePath::root().turn(1)), QString());
        QCOMPARE(badge(cell1), QStringLiteral("stale"));
        QCOMPARE(badge(NodePath::root().turn(2)), QStringLiteral("stale"));
        QTest::keyClick(&page(), Qt::Key_Escape);
        QCOMPARE(badge(cell1), QString());
        edit(cell1, QStringLiteral("Edit the Code"), "x = 50\nprint('looked')\n");
        runFromHere();
        QCOMPARE(badge(NodePath::root().turn(1)), QStringLiteral("edited"));
        QCOMPARE(badge(cell1), QStringLiteral("live"));
        QCOMPARE(badge(NodePath::root().turn(2)), QStringLiteral("live"));
    }

    void undoReturnsToTheSourceBranch()
    {
        askToTheEnd();
        edit(cell1, QStringLiteral("Edit the Code"), "x = 50\nprint('looked')\n");
        runFromHere();
        QTRY_COMPARE(window().run().branches().size(), 2);
        m_program->action(QStringLiteral("Undo the Change"))->trigger();
        QTRY_COMPARE(window().run().branch(), 1);
        QCOMPARE(answer(), "42");
        QVERIFY(!m_program->action(QStringLiteral("Undo the Change"))->isEnabled());
    }

    void branchesAreSwitchedByTheirMap()
    {
        askToTheEnd();
        auto* const map = window().findChild<BranchButton*>();
        QVERIFY(!map->isVisible());
        edit(NodePath::root().turn(2), QStringLiteral("Edit the Reply"),
            "```repl\nanswer['content'] = 'June'\nanswer['ready'] = True\n```\n");
        runFromHere();
        QCOMPARE(answer(), "June");
        QTRY_VERIFY(map->isVisible());
        QCOMPARE(map->text(), QStringLiteral("Branch 2: reply of root/turn2"));
        map->menu()->actions().front()->trigger();
        QTRY_COMPARE(window().run().branch(), 1);
        QCOMPARE(answer(), "42");
    }

    void branchesAreComparedSideBySide()
    {
        askToTheEnd();
        edit(cell1, QStringLiteral("Edit the Code"), "x = 50\nprint('looked')\n");
        runFromHere();
        QTRY_COMPARE(window().run().branches().size(), 2);
        auto* const map = window().findChild<BranchButton*>();
        map->menu()->actions().back()->menu()->actions().front()->trigger();
        const ComparePanel& panel = window().comparison();
        const QAbstractItemModel& model = *panel.tree()->model();
        QAbstractItemModelTester tester(const_cast<QAbstractItemModel*>(&model));
        const auto row = [&] {
            return model
                .match(model.index(0, CompareModel::Node), Qt::DisplayRole, QStringLiteral("cell 1"), 1,
                    Qt::MatchExactly | Qt::MatchRecursive)
                .value(0);
        };
        QTRY_VERIFY(row().isValid());
        QCOMPARE(row().siblingAtColumn(CompareModel::Difference).data().toString(), QStringLiteral("code"));
        QVERIFY(panel.summary().contains(QStringLiteral("Branch 1 spent")));
        panel.tree()->setCurrentIndex(row());
        QTRY_VERIFY(panel.leftText()->text().contains("x = 41"));
        QVERIFY(panel.rightText()->text().contains("x = 50"));
    }

    void theRunsListTheirBranches()
    {
        askToTheEnd();
        edit(cell1, QStringLiteral("Edit the Code"), "x = 50\nprint('looked')\n");
        runFromHere();
        window().dock(QStringLiteral("runs"))->show();
        window().dock(QStringLiteral("runs"))->raise();
        auto* const panel = window().findChild<RunsPanel*>();
        const QAbstractItemModel& model = *panel->tree()->model();
        QAbstractItemModelTester tester(const_cast<QAbstractItemModel*>(&model));
        QTRY_COMPARE(model.rowCount(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(model.index(0, 0)), 2, patience);
        const QModelIndex second = model.index(1, RunsModel::Question, model.index(0, 0));
        QCOMPARE(second.data().toString(), QStringLiteral("code of root/turn1/cell1"));
        Q_EMIT panel->tree()->activated(model.index(0, 0, model.index(0, 0)));
        QTRY_COMPARE(window().run().branch(), 1);
        QCOMPARE(answer(), "42");
        // To open a run has the list looked through again.
        QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(model.index(0, 0)), 2, patience);
        QVERIFY(!panel->compareAction()->isEnabled());
        for (int row : {1, 0})
            panel->tree()->selectionModel()->select(model.index(row, 0, model.index(0, 0)),
                QItemSelectionModel::Select | QItemSelectionModel::Rows);
        panel->compareAction()->trigger();
        QTRY_VERIFY(window().comparison().summary().contains(QStringLiteral("Branch 1 spent")));
    }

    void changedLinesAreMarkedAsAPersonWrites()
    {
        askToTheEnd();
        begin(cell1, QStringLiteral("Edit the Code"));
        using Mark = CodeView::Mark;
        const auto write = [this](const QByteArray& text) { page().editor()->setText(text, Syntax::Python); };
        const auto marks = [this] {
            QList<Mark> found;
            for (int line = 0; line < page().editor()->lineCount(); ++line)
                found << page().editor()->changeAt(line);
            return found;
        };
        write("x = 50\nprint('looked')\n");
        QTRY_COMPARE(marks(), (QList<Mark>{Mark::Changed, Mark::None, Mark::None}));
        write("print('looked')\n");
        QTRY_COMPARE(marks(), (QList<Mark>{Mark::Removed, Mark::None}));
        write("x = 50\n" + QByteArray("print('looked')\n").repeated(1000));
        write("x = 41\nprint('looked')\n"); // before the marks of the long text are known
        QTRY_COMPARE(marks(), (QList<Mark>{Mark::None, Mark::None, Mark::None}));
        QVERIFY(QThreadPool::globalInstance()->waitForDone(10'000));
        QTest::qWait(0);
        QCOMPARE(marks(), (QList<Mark>{Mark::None, Mark::None, Mark::None}));
    }

    void anEditedCellShowsWhatDiffersFromTheBranchThatWasLeft()
    {
        askToTheEnd();
        edit(cell1, QStringLiteral("Edit the Code"), "x = 41\ny = 9\nprint('looked')\n");
        runFromHere();
        CodeView* const code = window().inspector().view(Inspector::Cell);
        window().inspector().showTab(Inspector::Cell);
        const auto isMarked = [code](int line) { return code->changeAt(line) == CodeView::Mark::Changed; };
        select(cell1);
        QTRY_VERIFY(isMarked(1));
        QVERIFY(!isMarked(0) && !isMarked(2));
        select(NodePath::root().turn(2).cell(1)); // which only ran again
        QTRY_VERIFY(code->text().contains("answer"));
        QVERIFY(!isMarked(0) && !isMarked(1));
        // In a branch that leaves this one later, it still is what was edited.
        edit(NodePath::root().turn(2), QStringLiteral("Edit the Reply"),
            "```repl\nanswer['content'] = 'June'\nanswer['ready'] = True\n```\n");
        runFromHere();
        QCOMPARE(window().run().branch(), 3);
        select(cell1);
        QTRY_VERIFY(code->text().contains("y = 9"));
        QTRY_VERIFY(isMarked(1));
    }

    void anEditThatChangesNothingOpensNoBranch()
    {
        askToTheEnd();
        begin(cell1, QStringLiteral("Edit the Code"));
        QVERIFY(!page().runButton()->isEnabled());
        QTest::keyClick(&page(), Qt::Key_Escape);
        QVERIFY(!page().isVisible());
    }

    void theModelOfANodeIsChanged()
    {
        askToTheEnd();
        begin(NodePath::root().turn(2), QStringLiteral("Use Another Model"));
        page().model()->setEditText(QStringLiteral("other"));
        runFromHere();
        const NodeIndex turn = m_program->tree().findPath(NodePath::root().turn(2));
        QCOMPARE(window().run().modelName(m_program->tree().node(turn).model), QStringLiteral("other"));
        QVERIFY(m_server->requests().back().body.contains("\"other\""));
    }

    void theParametersOfANodeAreChanged()
    {
        askToTheEnd();
        begin(NodePath::root().turn(2), QStringLiteral("Change the Parameters"));
        QVERIFY(!page().runButton()->isEnabled());
        QCOMPARE(page().temperature()->text(), QStringLiteral("the server's own"));
        page().temperature()->setValue(0.5);
        runFromHere();
        QVERIFY(m_server->requests().back().body.contains("\"temperature\":0.5"));
        QVERIFY(m_server->requests().back().body.contains("\"max_tokens\":8192"));
    }

    void theModelOfAWholeRunIsChangedAtItsRoot()
    {
        askToTheEnd();
        const int sent = chats();
        begin(NodePath::root(), QStringLiteral("Use Another Model"));
        page().model()->setEditText(QStringLiteral("other"));
        QVERIFY2(page().outlook().contains(QStringLiteral("sent to other: 2 requests")),
            qPrintable(page().outlook()));
        runFromHere();
        QCOMPARE(chats(), sent + 2);
        QVERIFY(m_server->requests().back().body.contains("\"other\""));
    }

    void nothingIsSentThatALimitOnMoneyCouldNotCount()
    {
        window().askBar().setLimits({.maxCost = MicroUsd{1'000'000}});
        m_program->ask(*m_server);
        QTRY_VERIFY(window().messages().text().contains(QStringLiteral("price of the model root")));
        QVERIFY(!window().messages().text().contains(QStringLiteral("--"))); // no word of the terminal
        QTRY_COMPARE(m_program->engine().phase(), Phase::Idle);
        QCOMPARE(chats(), 0);
        window().askBar().setLimits({});
        askToTheEnd();
        const int sent = chats();
        window().askBar().setLimits({.maxCost = MicroUsd{1'000'000}});
        begin(NodePath::root().turn(2), QStringLiteral("Use Another Model"));
        page().model()->setEditText(QStringLiteral("other"));
        QTest::mouseClick(page().runButton(), Qt::LeftButton);
        QTRY_VERIFY(window().messages().text().contains(QStringLiteral("price of the model")));
        QTRY_COMPARE(m_program->engine().phase(), Phase::Idle);
        QCOMPARE(chats(), sent);
        QCOMPARE(RunFile::open(window().run().path(), RunFile::Access::Read)->branches().size(), 1);
    }

    void aPausedRunIsLeftForItsBranch()
    {
        window().stops().add({.point = StopPoint::BeforeRequest, .at = NodePath::root().turn(2)});
        m_program->ask(*m_server);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->engine().phase(), Phase::Paused, patience);
        QTRY_VERIFY(m_program->tree().findPath(cell1) != noNode);
        window().stops().clear();
        edit(cell1, QStringLiteral("Edit the Code"), "x = 7\nprint('looked')\n");
        runFromHere();
        QCOMPARE(window().run().branch(), 2);
        QCOMPARE(answer(), "8");
    }

    void aVariableIsChangedByALineOfItsCell()
    {
        askToTheEnd();
        select(cell1);
        QSignalSpy shown(&window().inspector(), &Inspector::shown);
        window().inspector().showTab(Inspector::Variables);
        auto* const table = window().inspector().findChild<QTableView*>();
        const auto row = [&] {
            const QModelIndexList found = table->model()->match(
                table->model()->index(0, 0), Qt::DisplayRole, QStringLiteral("x"), 1, Qt::MatchExactly);
            return found.isEmpty() ? QModelIndex() : found.front();
        };
        QTRY_VERIFY(row().isValid());
        table->setCurrentIndex(row());
        table->actions().front()->trigger();
        QTRY_VERIFY(page().editor()->text().endsWith("\nx = "));
        page().editor()->setText(page().editor()->text() + "99\n", Syntax::Python);
        runFromHere();
        QCOMPARE(answer(), "100");
    }

    void aRunFromElsewhereRunsNothingBeforeItIsTrusted()
    {
        askToTheEnd();
        // As if it had been made on another machine.
        QVERIFY(QFile::remove(MachineIdentity::defaultFolder() + QStringLiteral("/machine-secret")));
        const int sent = m_server->requestCount();
        edit(cell1, QStringLiteral("Edit the Code"), "x = 50\nprint('looked')\n");
        QTest::mouseClick(page().runButton(), Qt::LeftButton);
        QTRY_VERIFY(window().messages().text().contains(QString::fromLatin1(m_server->baseUrl())));
        QVERIFY(window().messages().text().contains(QStringLiteral("short.txt")));
        QVERIFY(!window().messages().text().contains(QStringLiteral("--"))); // no word of the terminal
        QTRY_COMPARE(m_program->engine().phase(), Phase::Idle);
        QCOMPARE(m_server->requestCount(), sent);
        QCOMPARE(RunFile::open(window().run().path(), RunFile::Access::Read)->branches().size(), 1);
        QCOMPARE(window().run().branch(), 1);
        for (QPushButton* const button : window().messages().findChildren<QPushButton*>())
            if (button->text().contains(QStringLiteral("Trust")))
                button->click();
        QTRY_COMPARE_WITH_TIMEOUT(answer(), "51", patience);
    }

private:
    MainWindow& window() { return m_program->window(); }
    EditPage& page() { return window().inspector().editPage(); }
    void askToTheEnd()
    {
        m_program->ask(*m_server);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->engine().phase(), Phase::Idle, patience);
    }
    void select(const NodePath& path) { window().calls().setCurrent(m_program->tree().findPath(path)); }
    void begin(const NodePath& at, const QString& name)
    {
        select(at);
        QAction* const action = m_program->action(name);
        QVERIFY(action);
        QVERIFY(action->isEnabled());
        action->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(page().outlook().startsWith(QStringLiteral("Kept")), patience);
    }
    void edit(const NodePath& at, const QString& name, const QByteArray& text)
    {
        begin(at, name);
        page().editor()->setText(text, Syntax::None);
    }
    void runFromHere()
    {
        QTRY_VERIFY(page().runButton()->isEnabled());
        const int branch = window().run().branch();
        QTest::mouseClick(page().runButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(window().run().branch() != branch, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->engine().phase(), Phase::Idle, patience);
        QTRY_COMPARE(m_program->state(), RunState::Answered);
    }
    QByteArray answer()
    {
        Result<RunFile> file = RunFile::open(window().run().path(), RunFile::Access::Read);
        return file ? file->text(m_program->tree().totals().answer).value_or("unreadable") : "no file";
    }
    int chats() const
    {
        return int(std::ranges::count_if(m_server->requests(),
            [](const ScriptedRequest& request) { return request.body.contains("messages"); }));
    }

    const NodePath cell1 = NodePath::root().turn(1).cell(1);
    std::unique_ptr<ScriptedServer> m_server;
    std::unique_ptr<ProgramInWindow> m_program;
};

BURROW_GUI_TEST_MAIN(ForkingTest)
#include "tst_forking.moc"
