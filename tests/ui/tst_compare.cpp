#include "compare/compare_panel.h"
#include "watched_application.h"

#include <QAbstractItemModelTester>
#include <QTreeView>

using namespace burrow;
using namespace burrow::test;

namespace {

BranchComparison comparisonOf(int calls)
{
    BranchComparison comparison{.left = 1, .right = 2};
    const NodePath cell = NodePath::root().turn(1).cell(1);
    comparison.rows.push_back(
        {cell, {{.kind = NodeKind::Cell}}, {{.kind = NodeKind::Cell}}, {.input = true}});
    for (int call = 1; call <= calls; ++call) {
        BranchComparison::Entry entry{.kind = NodeKind::Completion};
        entry.used.spent = MicroUsd{call};
        entry.used.reused = MicroUsd{1};
        comparison.rows.push_back({cell.call(call), entry, {}, {}});
    }
    return comparison;
}

} // namespace

class CompareTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRowSaysWhatDiffers()
    {
        CompareModel model;
        const QAbstractItemModelTester tester(&model);
        model.setComparison(comparisonOf(3));
        QCOMPARE(model.rowCount(), 4);
        const auto text = [&](int row, CompareModel::Column column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(text(0, CompareModel::Node), QStringLiteral("root/turn1/cell1"));
        QCOMPARE(text(0, CompareModel::Difference), QStringLiteral("code"));
        QCOMPARE(text(3, CompareModel::Node), QStringLiteral("root/turn1/cell1/call3"));
        QCOMPARE(text(3, CompareModel::Difference), QStringLiteral("only in branch 1"));
        QCOMPARE(text(3, CompareModel::LeftMoney), QStringLiteral("$0.000004")); // what was reused counts
        QCOMPARE(text(3, CompareModel::RightMoney), QString());
    }

    /// The watch over the event loop fails it, were all rows made at once.
    void aHundredThousandRowsAreShown()
    {
        ComparePanel panel;
        panel.show();
        BranchComparison comparison = comparisonOf(100'000);
        QTimer::singleShot(0, &panel, [&] { panel.setComparison(std::move(comparison)); });
        QTRY_COMPARE(panel.table()->model()->rowCount(), 100'001);
        QVERIFY(panel.summary().startsWith(QStringLiteral("100,001 nodes differ")));
        panel.table()->scrollToBottom();
        QVERIFY(!panel.grab().isNull());
        QCOMPARE(panel.table()->currentIndex().row(), 0);
        QTest::keyClick(panel.table(), Qt::Key_End);
        QCOMPARE(panel.table()->currentIndex().row(), 100'000);
    }
};

BURROW_GUI_TEST_MAIN(CompareTest)
#include "tst_compare.moc"
