#include "trajectory/run_tree.h"

#include <QTest>

using namespace burrow;

namespace {

/// Writes journals in short form.
class Journal {
public:
    qint64 open(EventKind kind, NodeKind nodeKind, qint64 parent, int ordinal)
    {
        Event event;
        event.kind = kind;
        event.node = qint64(events.size()) + 1;
        event.parent = parent;
        event.nodeKind = nodeKind;
        event.ordinal = ordinal;
        return add(event);
    }
    qint64 add(Event event)
    {
        event.seq = qint64(events.size()) + 1;
        event.time = std::chrono::microseconds(event.seq);
        events.push_back(event);
        return event.node;
    }
    void reply(qint64 node, qint64 cost = 1)
    {
        Event event;
        event.kind = EventKind::ReplyReceived;
        event.node = node;
        event.state = NodeState::Ok;
        event.usage = {.inputTokens = 10, .outputTokens = 2, .cost = MicroUsd{cost}};
        add(event);
    }
    void end(EventKind kind, qint64 node, NodeState state, quint8 detail = 0)
    {
        Event event;
        event.kind = kind;
        event.node = node;
        event.state = state;
        event.detail = detail;
        add(event);
    }

    std::vector<Event> events;
};

/// Two questions; in the first a turn with a cell, two completions of which one failed, and a child.
Journal sample()
{
    Journal run;
    run.end(EventKind::RunOpened, 0, NodeState::Running);
    const qint64 root = run.open(EventKind::NodeOpened, NodeKind::Rlm, 0, 1);
    const qint64 turn = run.open(EventKind::RequestSent, NodeKind::Turn, root, 1);
    run.reply(turn, 100);
    const qint64 cell = run.open(EventKind::CellStarted, NodeKind::Cell, turn, 1);
    const qint64 second = run.open(EventKind::RequestSent, NodeKind::Completion, cell, 2);
    const qint64 first = run.open(EventKind::RequestSent, NodeKind::Completion, cell, 1);
    run.reply(second, 20);
    run.end(EventKind::RequestFailed, first, NodeState::Failed);
    const qint64 child = run.open(EventKind::NodeOpened, NodeKind::Rlm, cell, 3);
    run.reply(run.open(EventKind::RequestSent, NodeKind::Turn, child, 1), 3);
    run.end(EventKind::NodeClosed, child, NodeState::Ok);
    run.end(EventKind::CellFinished, cell, NodeState::Ok);
    run.reply(run.open(EventKind::RequestSent, NodeKind::Final, root, 1), 4000);
    run.end(EventKind::NodeClosed, root, NodeState::Ok);
    run.open(EventKind::NodeOpened, NodeKind::Rlm, 0, 2);
    run.end(EventKind::RunClosed, 0, NodeState::Running, quint8(RunState::Stopped));
    return run;
}

const QByteArray sampleTree = "root ok requests=5 in=40 out=8 spent=4123\n"
                              "  turn1 ok requests=4 in=30 out=6 spent=123\n"
                              "    cell1 ok requests=3 in=20 out=4 spent=23\n"
                              "      call2 ok requests=1 in=10 out=2 spent=20\n"
                              "      call1 failed requests=1\n"
                              "      call3 ok requests=1 in=10 out=2 spent=3\n"
                              "        turn1 ok requests=1 in=10 out=2 spent=3\n"
                              "  final ok requests=1 in=10 out=2 spent=4000\n"
                              "root2 running\n";

} // namespace

class RunTreeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aJournalFoldsIntoATree()
    {
        RunTree tree;
        tree.apply(sample().events);
        QCOMPARE(tree.toText(), sampleTree);
    }

    void theTotalsCountEachLeafOnce()
    {
        RunTree tree;
        tree.apply(sample().events);
        const RunTotals& run = tree.totals();
        QCOMPARE(run.turns, 1);
        QCOMPARE(run.calls, 3);
        QCOMPARE(run.totals.spent, MicroUsd{4123});
        QCOMPARE(run.totals.requests, 5);
        QCOMPARE(run.state, RunState::Stopped);
    }

    void foldingInPiecesEqualsFoldingAtOnce()
    {
        const std::vector<Event> events = sample().events;
        for (size_t piece = 1; piece <= events.size(); ++piece) {
            RunTree tree;
            for (size_t at = 0; at < events.size(); at += piece)
                tree.apply(std::span(events).subspan(at, std::min(piece, events.size() - at)));
            QCOMPARE(tree.toText(), sampleTree);
        }
    }

    void aModelThatFollowsTheChangesHasAllRows()
    {
        const std::vector<Event> events = sample().events;
        for (size_t piece = 1; piece <= events.size(); ++piece) {
            RunTree tree;
            QHash<NodeIndex, int> rows;
            for (size_t at = 0; at < events.size(); at += piece) {
                const auto changes
                    = tree.apply(std::span(events).subspan(at, std::min(piece, events.size() - at)));
                QList<NodeIndex> parents;
                for (const RunTree::Insert& insert : changes.inserts) {
                    QVERIFY(!parents.contains(insert.parent)); // one range for each parent
                    parents.append(insert.parent);
                    QCOMPARE(insert.first, rows.value(insert.parent));
                    rows[insert.parent] += insert.count;
                }
                QCOMPARE(QSet<NodeIndex>(changes.changed.begin(), changes.changed.end()).size(),
                    qsizetype(changes.changed.size()));
            }
            for (int i = 0; i < tree.size(); ++i)
                QCOMPARE(rows.value(NodeIndex(i)), int(tree.node(NodeIndex(i)).children.size()));
            QCOMPARE(rows.value(noNode), 2);
        }
    }

    void aReplyChangesItsNodeAndAllAboveIt()
    {
        Journal run = sample();
        RunTree tree;
        tree.apply(run.events);
        const NodeIndex call = tree.findPath(NodePath::root().turn(1).cell(1).call(1));
        const size_t before = run.events.size();
        run.reply(tree.node(call).id, 1);
        const RunTree::Changes changes = tree.apply(std::span(run.events).subspan(before));
        QCOMPARE(changes.inserts.size(), 0u);
        QCOMPARE(changes.changed.size(), 4u);
        QCOMPARE(changes.changed.front(), call);
        QCOMPARE(changes.changed.back(), tree.findPath(NodePath::root()));
    }

    void theTimeBetweenSessionsIsNotPlayed()
    {
        RunTree tree;
        auto at = [seq = qint64(0)](EventKind kind, int seconds) mutable {
            Event event;
            event.seq = ++seq;
            event.kind = kind;
            event.time = std::chrono::seconds(seconds);
            return event;
        };
        const std::vector<Event> events{at(EventKind::RunOpened, 100), at(EventKind::Note, 103),
            at(EventKind::RunClosed, 105), at(EventKind::RunOpened, 900), at(EventKind::Note, 890),
            at(EventKind::RunClosed, 902)};
        tree.apply(events);
        QCOMPARE(tree.totals().played, std::chrono::seconds(7));
    }

    void whatPassesInAPauseIsNotPlayed()
    {
        const auto at = [](EventKind kind, int seconds, NoteKind note = NoteKind::Other) {
            Event event;
            event.kind = kind;
            event.time = std::chrono::seconds(seconds);
            event.detail = quint8(note);
            return event;
        };
        const std::array events{at(EventKind::RunOpened, 100), at(EventKind::Note, 103, NoteKind::Paused),
            at(EventKind::Note, 105), at(EventKind::Note, 160, NoteKind::Resumed),
            at(EventKind::RunClosed, 162)};
        RunTree tree;
        tree.apply(events);
        QCOMPARE(tree.totals().played, std::chrono::seconds(5));
    }

    void aNodeCountsItsChildrenByTheirState()
    {
        Journal run;
        const qint64 root = run.open(EventKind::NodeOpened, NodeKind::Rlm, 0, 1);
        const qint64 turn = run.open(EventKind::RequestSent, NodeKind::Turn, root, 1);
        const qint64 cell = run.open(EventKind::CellStarted, NodeKind::Cell, turn, 1);
        std::vector<qint64> calls;
        for (int call = 1; call <= 5; ++call)
            calls.push_back(run.open(EventKind::RequestSent, NodeKind::Completion, cell, call));
        run.reply(calls[0]);
        run.reply(calls[1]);
        run.end(EventKind::RequestFailed, calls[2], NodeState::Failed);
        run.end(EventKind::RequestFailed, calls[3], NodeState::Failed);
        run.reply(calls[3]); // the next attempt
        RunTree tree;
        tree.apply(run.events);
        const RunTree::Node& node = tree.node(tree.findId(cell));
        QCOMPARE(node.okChildren, 3);
        QCOMPARE(node.failedChildren, 1);
        QCOMPARE(node.liveChildren, 1);
    }

    void everyNodeIsFoundByItsPath()
    {
        RunTree tree;
        tree.apply(sample().events);
        for (int i = 0; i < tree.size(); ++i)
            QCOMPARE(tree.findPath(tree.path(NodeIndex(i))), NodeIndex(i));
        QCOMPARE(tree.findPath(NodePath::root().turn(2)), noNode);
        QCOMPARE(tree.findPath(NodePath()), noNode);
    }

    void manyChildrenOfOneCellAreFound()
    {
        Journal run;
        const qint64 root = run.open(EventKind::NodeOpened, NodeKind::Rlm, 0, 1);
        const qint64 turn = run.open(EventKind::RequestSent, NodeKind::Turn, root, 1);
        const qint64 cell = run.open(EventKind::CellStarted, NodeKind::Cell, turn, 1);
        for (int call = 20'000; call >= 1; --call)
            run.open(EventKind::RequestSent, NodeKind::Completion, cell, call);
        RunTree tree;
        tree.apply(run.events);
        for (int call : {1, 17, 20'000})
            QCOMPARE(tree.node(tree.findPath(NodePath::root().turn(1).cell(1).call(call))).ordinal, call);
    }

    void eventsThatMakeNoSenseArePassedOver()
    {
        Journal run = sample();
        run.reply(9999); // no such node
        run.reply(1); // an event that opened none
        run.open(EventKind::RequestSent, NodeKind::Turn, 777, 1); // under nothing
        run.open(EventKind::RequestSent, NodeKind::Completion, 2, 1); // a call outside a cell
        run.open(EventKind::NodeOpened, NodeKind::Rlm, 0, 1); // a second root of that number
        run.open(EventKind::CellStarted, NodeKind::Cell, 0, 1); // a cell without a turn
        RunTree tree;
        tree.apply(run.events);
        QCOMPARE(tree.toText(), sampleTree);
    }

    void aTreeThatIsTooDeepEnds()
    {
        Journal run;
        qint64 at = 0;
        for (int level = 0; level < 2000; ++level) {
            at = run.open(EventKind::NodeOpened, NodeKind::Rlm, at, 1);
            at = run.open(EventKind::RequestSent, NodeKind::Turn, at, 1);
            at = run.open(EventKind::CellStarted, NodeKind::Cell, at, 1);
        }
        RunTree tree;
        tree.apply(run.events);
        QCOMPARE(tree.size(), 251);
    }
};

QTEST_APPLESS_MAIN(RunTreeTest)
#include "tst_run_tree.moc"
