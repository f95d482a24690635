#include "run/loaded_run.h"
#include "support/random_run.h"
#include "timeline/timeline_view.h"
#include "watched_application.h"

#include <QPaintEngine>
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

/// Notes where texts are painted.
class TextNotes final : public QPaintDevice, public QPaintEngine {
public:
    TextNotes() : QPaintEngine(AllFeatures) { }

    std::vector<QRectF> texts;

    QPaintEngine* paintEngine() const override { return const_cast<TextNotes*>(this); }
    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    void updateState(const QPaintEngineState&) override { }
    void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override { }
    void drawPath(const QPainterPath&) override { }
    void drawPolygon(const QPointF*, int, PolygonDrawMode) override { }
    Type type() const override { return User; }
    void drawTextItem(const QPointF& at, const QTextItem& text) override
    {
        texts.emplace_back(at.x(), at.y() - text.ascent(), text.width(), text.ascent() + text.descent());
    }

protected:
    int metric(PaintDeviceMetric metric) const override
    {
        return metric == PdmDevicePixelRatio            ? 1
            : metric == PdmDevicePixelRatioScaled       ? int(devicePixelRatioFScale())
            : metric == PdmDepth                        ? 32
            : metric == PdmWidth || metric == PdmHeight ? 2000
                                                        : 96;
    }
};

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
        const BarLayout layout(run.tree.nodes(), measure, run.tree.lastEvent());
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

    void whatDoesNotRunIsLeftOutOfTheAxis()
    {
        using namespace std::chrono_literals;
        const TimeAxis axis({{100s, 104s}, {102s, 103s}, {1000s, 1001s}, {1002s, 1010s}});
        QCOMPARE(axis.place(90s), 0.0);
        QCOMPARE(axis.place(101s), 1.0);
        QCOMPARE(axis.place(1000s), 4.5); // the gap is half a second long
        QCOMPARE(axis.place(1002s), 6.5); // one as short as this stays
        for (const auto time : {100s, 103s, 104s, 1000s, 1001s, 1010s})
            QCOMPARE(axis.time(axis.place(time)), std::chrono::microseconds(time));
        QCOMPARE(axis.time(-1), std::chrono::microseconds(100s));
        QVERIFY(axis.time(4.25) > 104s && axis.time(4.25) < 1000s);
        QCOMPARE(TimeAxis().place(5s), 0.0);
    }

    void aPressOnTheAxisAsksForTheMoment()
    {
        ShownRun run;
        TimelineView view(run);
        view.resize(800, 200);
        view.show();
        run.show(randomRun(3, 5));
        QTRY_VERIFY(view.nodeAt(QPointF(400, view.fontMetrics().height() + 12)) != noNode);
        const QSignalSpy moment(&view, &TimelineView::momentChosen), chosen(&view, &TimelineView::chosen);
        QTest::mousePress(&view, Qt::LeftButton, {}, {200, 4});
        QTest::mouseMove(&view, {600, 4});
        QTest::mouseRelease(&view, Qt::LeftButton, {}, {600, 4});
        QCOMPARE(moment.size(), 2);
        const auto at = [&](int i) { return moment.at(i).front().value<std::chrono::microseconds>(); };
        QVERIFY(at(0) < at(1));
        QCOMPARE(chosen.size(), 0);
        view.setMeasure(Measure::Tokens); // has no time
        QTest::mouseClick(&view, Qt::LeftButton, {}, {200, 4});
        QCOMPARE(moment.size(), 2);
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

    void noNameIsPaintedOverAnother()
    {
        ShownRun run;
        TimelineView view(run);
        view.resize(2000, 200);
        view.show();
        run.show(randomRun(2, 40)); // many calls in flight at once
        QTRY_COMPARE(view.nodeAt(QPointF(900, view.fontMetrics().height() + 12)), run.tree().roots().front());
        TextNotes notes;
        view.render(&notes);
        QVERIFY(notes.texts.size() > 10);
        for (size_t i = 0; i < notes.texts.size(); ++i) {
            for (size_t j = 0; j < i; ++j)
                QVERIFY(!notes.texts[i].intersects(notes.texts[j]));
        }
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
