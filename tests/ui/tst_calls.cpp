#include "base/quantities.h"
#include "calls/calls_view.h"
#include "support/random_run.h"
#include "watched_application.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace burrow;
using namespace burrow::test;

namespace {

/// What a view would show of @p model: a line a row, indented by depth.
QByteArray textOf(const QAbstractItemModel& model, const QModelIndex& parent = {}, int depth = 0)
{
    QByteArray text;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, CallTreeModel::Name, parent);
        text += QByteArray(2 * depth, ' ') + index.data().toString().toUtf8() + " ("
            + index.siblingAtColumn(CallTreeModel::State).data().toString().toUtf8() + ")\n";
        text += textOf(model, index, depth + 1);
    }
    return text;
}

struct RecordedRun {
    explicit RecordedRun(quint32 seed, int turns = 4, int calls = 30)
        : path(folder.filePath(QStringLiteral("run.burrow"))), file(*RunFile::create(path))
    {
        events = RandomRun(file, seed).play(turns, calls);
        if (const auto committed = file.commit(); !committed)
            qFatal("%s", qPrintable(committed.error().message));
    }

    QTemporaryDir folder;
    QString path;
    RunFile file;
    std::vector<Event> events;
};

void feedAll(ShownRun& run, RunFeed& feed)
{
    run.follow(feed);
    run.endFollowing();
}

} // namespace

class CallsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rowsAreInsertedExactlyAndNeverReset_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 5; ++seed)
            QTest::addRow("run %u", seed) << seed;
    }
    void rowsAreInsertedExactlyAndNeverReset()
    {
        QFETCH(quint32, seed);
        const RecordedRun recorded(seed);
        ShownRun run;
        CallTreeModel model(run);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        CallFilter filter(model);
        const QAbstractItemModelTester filterTester(
            &filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        RunFeed feed;
        run.follow(feed);
        QRandomGenerator random(seed);
        for (size_t at = 0; at < recorded.events.size();) {
            const size_t count = qMin(size_t(random.bounded(1, 20)), recorded.events.size() - at);
            feed.append(std::span(recorded.events).subspan(at, count));
            at += count;
            QTRY_COMPARE(run.tree().lastEvent(), recorded.events[at - 1].time);
            QCOMPARE(textOf(filter), textOf(model));
        }
        run.endFollowing();
        QCOMPARE(resets.size(), 0);
        ShownRun loaded;
        loaded.show(*loadRun(recorded.path));
        QCOMPARE(textOf(model), textOf(CallTreeModel(loaded)));
        QCOMPARE(run.tree().toText(), loaded.tree().toText());
    }

    void anotherMomentKeepsTheRowsThatItHas_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addRow("all") << QString();
        QTest::addRow("filtered") << QStringLiteral("cell");
    }
    void anotherMomentKeepsTheRowsThatItHas()
    {
        QFETCH(QString, text);
        const RecordedRun recorded(4);
        ShownRun run;
        run.show(*loadRun(recorded.path));
        CallTreeModel model(run);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        CallFilter filter(model);
        const QAbstractItemModelTester filterTester(
            &filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        filter.setCriteria({.text = text});
        QTRY_VERIFY(!filter.isSearching());
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const QPersistentModelIndex first = filter.indexOf(run.tree().findPath(NodePath::root().turn(1)));
        QVERIFY(first.isValid());
        const std::span all(recorded.events);
        QRandomGenerator random(4);
        for (int i = 0; i < 40; ++i) {
            RunTree moment;
            moment.apply(all.first(size_t(random.bounded(8, int(all.size())))));
            run.showMoment(moment);
            QTRY_VERIFY(!filter.isSearching());
            ShownRun expected;
            expected.show(*loadRun(recorded.path));
            expected.showMoment(moment);
            CallTreeModel expectedModel(expected);
            QCOMPARE(textOf(model), textOf(expectedModel));
            CallFilter expectedFilter(expectedModel);
            expectedFilter.setCriteria({.text = text});
            QTRY_VERIFY(!expectedFilter.isSearching());
            QCOMPARE(textOf(filter), textOf(expectedFilter));
        }
        run.leaveMoment();
        QTRY_VERIFY(!filter.isSearching());
        QVERIFY(first.isValid());
        QCOMPARE(resets.size(), 0);
    }

    void aRunThatIsReadTellsHowFarItIsAndStops()
    {
        const RecordedRun recorded(12, 400, 120);
        QVERIFY(recorded.events.size() > 3 * 4096);
        QList<int> heard;
        QVERIFY(loadRun(recorded.path, 1, {}, [&](int percent) { heard << percent; }));
        QVERIFY(heard.size() > 3);
        QVERIFY(std::ranges::is_sorted(heard));
        QCOMPARE(heard.back(), 100);
        std::stop_source stop;
        int after = 0;
        const Result<LoadedRun> stopped = loadRun(recorded.path, 1, stop.get_token(), [&](int) {
            ++after;
            stop.request_stop();
        });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(after, 1);
    }

    void everyNumberIsThatOfTheRunFile()
    {
        RecordedRun recorded(7, 6, 12);
        ShownRun run;
        CallTreeModel model(run);
        RunFeed feed;
        run.follow(feed);
        QRandomGenerator random(3);
        RunTree file;
        for (size_t at = 0; at < recorded.events.size();) {
            const size_t count = qMin(size_t(random.bounded(1, 15)), recorded.events.size() - at);
            feed.append(std::span(recorded.events).subspan(at, count));
            const auto stored = recorded.file.eventsAfter(qint64(at), int(count));
            file.apply(*stored);
            at += count;
            QTRY_COMPARE(run.tree().lastEvent(), file.lastEvent());
            const auto number = [&model](NodeIndex node, int column) {
                return model.indexOf(node, column).data().toString();
            };
            for (int i = 0; i < file.size(); ++i) {
                const Totals& used = file.node(NodeIndex(i)).subtree;
                if (used.requests == 0)
                    continue;
                QCOMPARE(number(NodeIndex(i), CallTreeModel::Money), formatMoney(used.spent, used.estimated));
                QCOMPARE(number(NodeIndex(i), CallTreeModel::Tokens),
                    formatCount(used.inputTokens + used.outputTokens, used.estimatedTokens));
            }
        }
    }

    void aCellSumsUpItsCalls()
    {
        const RecordedRun recorded(2, 1, 40);
        ShownRun run;
        run.show(*loadRun(recorded.path));
        const CallTreeModel model(run);
        const NodeIndex cell = run.tree().findPath(NodePath::root().turn(1).cell(1));
        const RunTree::Node& node = run.tree().node(cell);
        QVERIFY(node.children.size() > 1 && node.failedChildren > 0);
        const QString shown = model.indexOf(cell).data().toString();
        QCOMPARE(shown,
            QStringLiteral("cell 1 · %1 calls, %2 ok, %3 failed")
                .arg(node.children.size())
                .arg(node.okChildren)
                .arg(node.failedChildren));
        QCOMPARE(node.okChildren + node.failedChildren, int(node.children.size()));
        QCOMPARE(node.liveChildren, 0);
    }

    void theFilterShowsWhatMatchesBelowItsParents()
    {
        const RecordedRun recorded(4, 5, 20);
        ShownRun run;
        run.show(*loadRun(recorded.path));
        CallTreeModel model(run);
        CallFilter filter(model);
        filter.setCriteria({.state = ShownState::Failed});
        QTRY_VERIFY(!filter.isSearching());
        const QByteArray text = textOf(filter);
        QCOMPARE(text.count("(failed)"), filter.matches());
        QVERIFY(filter.matches() > 0);
        for (const QByteArray& line : text.split('\n'))
            QVERIFY(!line.trimmed().startsWith("call") || line.endsWith("(failed)"));
        filter.setCriteria({});
        QCOMPARE(textOf(filter), textOf(model));
    }

    void theFilterTakesInWhatComesWhileTheRunIsLive()
    {
        const RecordedRun recorded(5, 5, 20);
        ShownRun run;
        CallTreeModel model(run);
        CallFilter filter(model);
        const QAbstractItemModelTester tester(
            &filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        filter.setCriteria({.text = QStringLiteral("call 3")});
        RunFeed feed;
        run.follow(feed);
        for (size_t at = 0; at < recorded.events.size(); at += 7) {
            feed.append(std::span(recorded.events).subspan(at, qMin(size_t(7), recorded.events.size() - at)));
            QTest::qWait(1);
        }
        QTRY_COMPARE(run.tree().lastEvent(), recorded.events.back().time);
        const int found = filter.matches();
        QVERIFY(found > 0);
        const QByteArray live = textOf(filter);
        filter.setCriteria({});
        filter.setCriteria({.text = QStringLiteral("call 3")});
        QTRY_VERIFY(!filter.isSearching());
        QCOMPARE(filter.matches(), found);
        QCOMPARE(textOf(filter), live);
    }

    void siblingsSortByWhatTheyCost()
    {
        const RecordedRun recorded(6, 8, 10);
        ShownRun run;
        run.show(*loadRun(recorded.path));
        CallTreeModel model(run);
        CallFilter filter(model);
        filter.sort(CallTreeModel::Money, Qt::DescendingOrder);
        const QModelIndex root = filter.index(0, 0);
        for (int row = 1; row < filter.rowCount(root); ++row)
            QVERIFY(run.tree().node(filter.node(filter.index(row - 1, 0, root))).subtree.spent
                >= run.tree().node(filter.node(filter.index(row, 0, root))).subtree.spent);
        filter.sort(-1);
        QCOMPARE(textOf(filter), textOf(model));
    }

    void aRunThatIsTakenUpAgainKeepsItsRows()
    {
        const RecordedRun recorded(8);
        ShownRun run;
        run.show(*loadRun(recorded.path));
        CallTreeModel model(run);
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const QByteArray before = textOf(model);
        RunFeed feed;
        feed.append(recorded.events); // as a recorder does that takes it up
        feedAll(run, feed);
        QTest::qWait(50);
        QCOMPARE(textOf(model), before);
        QCOMPARE(resets.size(), 0);
    }

    void keysLeadFromSiblingToSibling()
    {
        const RecordedRun recorded(9);
        ShownRun run;
        CallsView view(run);
        run.show(*loadRun(recorded.path));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.tree()->setFocus();
        view.setCurrent(run.tree().findPath(NodePath::root().turn(1)));
        QTest::keyClick(view.tree(), Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(view.current(), run.tree().findPath(NodePath::root().turn(2)));
        QTest::keyClick(view.tree(), Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(view.current(), run.tree().findPath(NodePath::root().turn(1)));
    }

    void whatIsShownCanBeCopiedAsText()
    {
        const RecordedRun recorded(10, 2, 5);
        ShownRun run;
        CallsView view(run);
        run.show(*loadRun(recorded.path));
        const QString text = view.asText();
        QVERIFY2(text.startsWith(QStringLiteral("question 1\tok")), qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("\n  turn 1")));
        QVERIFY(!text.contains(QStringLiteral("call 1\t"))); // folded
    }
};

BURROW_GUI_TEST_MAIN(CallsTest)
#include "tst_calls.moc"
