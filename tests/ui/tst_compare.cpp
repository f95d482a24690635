#include "compare/compare_panel.h"
#include "support/random_run.h"
#include "text/code_view.h"
#include "text/line_difference.h"
#include "trajectory/unfinished.h"
#include "watched_application.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QTemporaryDir>
#include <QTreeView>

using namespace burrow;
using namespace burrow::test;

namespace {

constexpr int patience = 60'000; // ms

/// Where a row comes, as a person reads it: `question 1/turn 2`.
QModelIndex find(const QAbstractItemModel& model, const QString& way)
{
    QModelIndex at;
    for (const QString& name : way.split(QLatin1Char('/'))) {
        const QModelIndex parent = at;
        at = {};
        for (int row = 0; row < model.rowCount(parent) && !at.isValid(); ++row)
            if (model.index(row, 0, parent).data().toString() == name)
                at = model.index(row, 0, parent);
        if (!at.isValid())
            break;
    }
    return at;
}

BranchComparison compared(const RunBranch& left, const RunBranch& right)
{
    Result<BranchComparison> comparison = compareBranches(left, right);
    if (!comparison)
        qFatal("%s", qPrintable(comparison.error().message));
    return std::move(*comparison);
}

int rowsBelow(const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    int rows = model.rowCount(parent);
    for (int row = 0; row < model.rowCount(parent); ++row)
        rows += rowsBelow(model, model.index(row, 0, parent));
    return rows;
}

} // namespace

class CompareTest : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    int m_files = 0;

    RunFile create()
    {
        return *RunFile::create(m_folder.filePath(QStringLiteral("%1.burrow").arg(++m_files)));
    }
    /// A run of its own, at most @p calls a turn.
    RunBranch run(quint32 seed, int turns, int calls, const QByteArray& question = "What?")
    {
        RunFile file = create();
        RandomRun run(file, seed);
        run.setQuestion(question);
        (void)run.play(turns, calls);
        return {file.path()};
    }
    static QString text(const QModelIndex& index, CompareModel::Column column)
    {
        return index.siblingAtColumn(column).data().toString();
    }

private Q_SLOTS:
    void aRowSaysWhatDiffers()
    {
        CompareModel model;
        const QAbstractItemModelTester tester(&model);
        model.setComparison(compared(run(1, 2, 4), run(1, 3, 4, "And why?")));
        const QModelIndex root = find(model, QStringLiteral("question 1"));
        QCOMPARE(text(root, CompareModel::Difference), QStringLiteral("prompt"));
        const QModelIndex last = find(model, QStringLiteral("question 1/turn 3"));
        QCOMPARE(text(last, CompareModel::Difference), QStringLiteral("only on the right"));
        QCOMPARE(text(last, CompareModel::LeftTokens), QString());
        QVERIFY(!text(last, CompareModel::RightTokens).isEmpty());
        QCOMPARE(model.path(last), NodePath::root().turn(3));
    }

    void changedLinesAreTheFewest_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<std::vector<ChangedLines>>("changes");
        const auto row = [](const char* name, const char* left, const char* right,
                             const std::vector<ChangedLines>& changes) {
            QTest::newRow(name) << QByteArray(left) << QByteArray(right) << changes;
        };
        row("none", "a\nb\n", "a\nb\n", {});
        row("one", "a\nb\nc\n", "a\nx\ny\nc\n", {{1, 1, 1, 2}});
        row("two", "a\nb\nc\nd\n", "x\nb\nc\ny\n", {{0, 1, 0, 1}, {3, 1, 3, 1}});
        row("added", "a\nb\n", "a\nnew\nb\n", {{1, 0, 1, 1}});
        row("removed", "a\nb\nc\nd\n", "a\nd\n", {{1, 2, 1, 0}});
        row("removed and added", "a\nb\nc\nd\ne\n", "a\nc\nd\nx\ne\n", {{1, 1, 1, 0}, {4, 0, 3, 1}});
        row("all", "a", "b", {{0, 1, 0, 1}});
    }
    void changedLinesAreTheFewest()
    {
        QFETCH(QByteArray, left);
        QFETCH(QByteArray, right);
        QFETCH(std::vector<ChangedLines>, changes);
        QCOMPARE(changedLines(left, right), changes);
    }

    void markedLinesAreSeen()
    {
        CodeView view(CodeView::Layout::Code, QStringLiteral("text"));
        view.resize(300, 100);
        view.show();
        view.setText("one\ntwo\n", Syntax::None);
        const QImage before = view.grab().toImage();
        view.markLines(1, 1);
        const QImage marked = view.grab().toImage();
        QVERIFY(marked != before);
        view.setText("one\ntwo\n", Syntax::None);
        QCOMPARE(view.grab().toImage(), before);
        view.markChanges({{.left = 1, .leftCount = 0, .right = 1, .rightCount = 1}});
        const QImage changed = view.grab().toImage();
        QVERIFY(changed != before && changed != marked);
    }

    void ofManyLinesAllBetweenTheDifferencesCount()
    {
        const QByteArray lines = QByteArray("a\nb\n").repeated(5000);
        const auto changes = changedLines("left\n" + lines + "left", "right\n" + lines + "right");
        QCOMPARE(changes, (std::vector<ChangedLines>{{0, 10'002, 0, 10'002}}));
    }

    void whatIsTheSameIsLeftOutOrShown()
    {
        CompareModel model;
        const QAbstractItemModelTester tester(&model);
        const RunBranch left = run(1, 4, 4), right = run(1, 5, 4);
        model.setComparison(compared(left, right));
        const int turns = model.rowCount(model.index(0, 0));
        QCOMPARE(turns, 1); // the fifth
        const QModelIndex cell = find(model, QStringLiteral("question 1/turn 5/cell 1"));
        QVERIFY(cell.isValid()); // what only one has is there with all below it
        QCOMPARE(text(cell, CompareModel::Difference), QStringLiteral("only on the right"));
        model.setShows(CompareModel::Shows::Everything);
        QCOMPARE(model.rowCount(model.index(0, 0)), 5);
        QCOMPARE(rowsBelow(model), model.comparison().right.tree.size());
        QCOMPARE(text(find(model, QStringLiteral("question 1/turn 2")), CompareModel::Difference), QString());
    }

    void whatAForkHasNotComeToSaysSo()
    {
        const QString path = run(1, 3, 4).path;
        {
            RunFile file = *RunFile::open(path, RunFile::Access::Write);
            const RunTree tree = *loadTree(file);
            (void)file.addBranch(1, tree.node(tree.findPath(NodePath::root().turn(2))).id - 1, {}, {});
        }
        CompareModel model;
        model.setComparison(compared({path, 1}, {path, 2}));
        const QModelIndex second = find(model, QStringLiteral("question 1/turn 2"));
        QCOMPARE(text(second, CompareModel::Difference), QStringLiteral("only in branch 1"));
        QCOMPARE(text(second, CompareModel::Badge), QStringLiteral("stale"));
        const QModelIndex cell = find(model, QStringLiteral("question 1/turn 2/cell 1"));
        QCOMPARE(text(cell, CompareModel::Badge), QStringLiteral("stale"));
        model.setShows(CompareModel::Shows::Everything);
        QCOMPARE(text(find(model, QStringLiteral("question 1/turn 1")), CompareModel::Badge),
            QStringLiteral("reused"));
    }

    void theTextsOfANodeStandSideBySide()
    {
        ComparePanel panel;
        panel.show();
        panel.compare(run(1, 2, 4, "What?"), run(1, 2, 4, "And why?"));
        QTRY_COMPARE_WITH_TIMEOUT(panel.tree()->model()->rowCount(), 1, patience);
        QVERIFY2(panel.summary().startsWith(QStringLiteral("1 node differs. Left: ")),
            qPrintable(panel.summary()));
        QTRY_VERIFY_WITH_TIMEOUT(panel.leftText()->text().contains("What?"), patience);
        QVERIFY(panel.rightText()->text().contains("And why?"));
    }

    void differencesAreVisitedOneByOne()
    {
        ComparePanel panel;
        panel.show();
        panel.compare(run(1, 2, 4), run(1, 4, 4, "And why?"));
        QTRY_COMPARE_WITH_TIMEOUT(panel.tree()->model()->rowCount(), 1, patience);
        const auto current
            = [&] { return panel.tree()->currentIndex().siblingAtColumn(0).data().toString(); };
        QCOMPARE(current(), QStringLiteral("question 1"));
        const QList<QAction*>& actions = panel.menuActions();
        for (const char* const name : {"turn 3", "turn 4", "turn 4"}) {
            actions[1]->trigger();
            QCOMPARE(current(), QString::fromLatin1(name));
        }
        actions[2]->setChecked(false); // everything
        QCOMPARE(current(), QStringLiteral("turn 4"));
        actions[0]->trigger();
        QCOMPARE(current(), QStringLiteral("turn 3"));
    }

    /// The watch over the event loop fails it, were all rows made at once.
    void aHundredThousandDifferencesAreShown()
    {
        ComparePanel panel;
        panel.show();
        BranchComparison comparison = compared(run(1, 200, 1200), run(2, 200, 1200));
        const size_t differences = comparison.differences.size();
        QVERIFY2(differences > 100'000, qPrintable(QString::number(differences)));
        QTimer::singleShot(0, &panel, [&] { panel.setComparison(std::move(comparison)); });
        QTRY_VERIFY(panel.tree()->currentIndex().isValid());
        QVERIFY(!panel.grab().isNull());
        panel.menuActions()[2]->setChecked(false);
        panel.tree()->scrollToBottom();
        QVERIFY(!panel.grab().isNull());
    }
};

BURROW_GUI_TEST_MAIN(CompareTest)
#include "tst_compare.moc"
