#include "support/random_run.h"
#include "run/loaded_run.h"
#include "timeline/timeline_view.h"
#include "watched_application.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThreadPool>

using namespace burrow;
using namespace burrow::test;

namespace {

LoadedRun randomRun(int turns, int calls)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("run.burrow"));
    {
        RunFile file = *RunFile::create(path);
        (void)RandomRun(file, 1).play(turns, calls);
    }
    return *loadRun(path);
}

} // namespace

class TimelineTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void barsLieWithinThoseOfTheirParents_data()
    {
        QTest::addColumn<Measure>("measure");
        QTest::newRow("time") << Measure::Time;
        QTest::newRow("tokens") << Measure::Tokens;
        QTest::newRow("money") << Measure::Money;
    }
    void barsLieWithinThoseOfTheirParents()
    {
        QFETCH(Measure, measure);
        constexpr double rounding = 1e-6;
        const LoadedRun run = randomRun(20, 30);
        const BarLayout layout(barSources(run.tree, measure), measure, run.tree.lastEvent());
        QCOMPARE(layout.rows().size(), size_t(4));
        QHash<NodeIndex, Bar> bars;
        for (const std::vector<Bar>& row : layout.rows()) {
            for (const Bar& bar : row)
                bars.insert(bar.node, bar);
        }
        for (const Bar& bar : std::as_const(bars)) {
            const NodeIndex parent = run.tree.node(bar.node).parent;
            QVERIFY(bar.begin >= 0 && bar.end >= bar.begin && bar.end <= layout.length());
            if (parent == noNode)
                continue;
            QVERIFY(bars.contains(parent));
            QVERIFY(bar.begin >= bars[parent].begin - rounding);
            QVERIFY(bar.end <= bars[parent].end + rounding);
        }
        if (measure == Measure::Money)
            QVERIFY(qAbs(layout.length() * 1e6 - double(run.tree.totals().totals.spent.value)) < 1);
    }

    void aClickChoosesTheCallUnderIt()
    {
        ShownRun run;
        TimelineView view(run);
        view.resize(800, 200);
        view.show();
        run.show(randomRun(3, 5));
        const QPoint first(400, view.fontMetrics().height() + 12); // the row below the axis
        QTRY_COMPARE(view.nodeAt(first), run.tree().roots().front());
        const QSignalSpy chosen(&view, &TimelineView::chosen);
        QTest::mouseClick(&view, Qt::LeftButton, {}, first);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.front().front().value<NodeIndex>(), run.tree().roots().front());
    }

    void anotherRunsBarsAreNotShown()
    {
        ShownRun run;
        TimelineView view(run);
        view.resize(800, 200);
        view.show();
        const QPoint first(400, view.fontMetrics().height() + 12);
        run.show(randomRun(300, 100));
        run.show({}); // while the bars of the first are laid out
        QVERIFY(QThreadPool::globalInstance()->waitForDone());
        QCoreApplication::processEvents();
        QCOMPARE(view.nodeAt(first), noNode);
        QVERIFY(!view.grab().isNull());
    }
};

BURROW_GUI_TEST_MAIN(TimelineTest)
#include "tst_timeline.moc"
