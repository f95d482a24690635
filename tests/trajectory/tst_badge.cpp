#include "fakes.h"

#include "trajectory/badge.h"
#include "trajectory/unfinished.h"

#include <QTest>

using namespace burrow;
using namespace burrow::test;

namespace {

/// A journal that is written by hand.
class Journal {
public:
    explicit Journal(RunFile& file) : m_file(file) { }

    /// Opens a node under @p parent and, where it is to have ended, ends it. Returns its number.
    qint64 add(
        NodeKind kind, qint64 parent, int ordinal, NodeState state = NodeState::Ok, bool reused = false)
    {
        Event event;
        event.branch = branch;
        event.kind = kind == NodeKind::Rlm ? EventKind::NodeOpened
            : kind == NodeKind::Cell       ? EventKind::CellStarted
                                           : EventKind::RequestSent;
        const qint64 node = m_file.nextSeq();
        event.node = node;
        event.parent = parent;
        event.nodeKind = kind;
        event.ordinal = ordinal;
        event.reused = reused;
        (void)m_file.append(event);
        if (state != NodeState::Running)
            end(node, kind, state, reused);
        return node;
    }
    void end(qint64 node, NodeKind kind, NodeState state = NodeState::Ok, bool reused = false)
    {
        Event event;
        event.branch = branch;
        event.kind = kind == NodeKind::Rlm ? EventKind::NodeClosed
            : kind == NodeKind::Cell       ? EventKind::CellFinished
                                           : EventKind::ReplyReceived;
        event.node = node;
        event.state = state;
        event.reused = reused;
        (void)m_file.append(event);
    }
    void note(qint64 node, EventKind kind, quint8 detail)
    {
        Event event;
        event.branch = branch;
        event.kind = kind;
        event.node = node;
        event.detail = detail;
        (void)m_file.append(event);
    }

    int branch = 1;

private:
    RunFile& m_file;
};

/// Two turns, the first with a cell of two calls; the branch leaves before that cell.
struct Forked {
    Forked()
    {
        root = journal.add(NodeKind::Rlm, 0, 1, NodeState::Running);
        turn = journal.add(NodeKind::Turn, root, 1);
        const qint64 cell = journal.add(NodeKind::Cell, turn, 1, NodeState::Running);
        journal.add(NodeKind::Completion, cell, 1);
        journal.add(NodeKind::Completion, cell, 2);
        journal.end(cell, NodeKind::Cell);
        journal.add(NodeKind::Turn, root, 2);
        journal.end(root, NodeKind::Rlm);
        journal.branch = *file.addBranch(1, cell - 1, {}, {});
    }
    RunTree tree(int branch) { return *loadTree(file, branch); }
    QByteArray badges()
    {
        const RunTree tree = this->tree(journal.branch);
        QByteArray text;
        for (int i = 0; i < tree.size(); ++i)
            text += tree.path(NodeIndex(i)).text() + ' '
                + wordFor(badgeOf(tree.node(NodeIndex(i)), true)).toUtf8() + '\n';
        return text;
    }
    QByteArray missing()
    {
        const RunTree source = tree(1);
        QByteArray text;
        for (const MissingNode& node : missingNodes(source, tree(journal.branch)))
            text += source.path(node.node).text() + ' ' + wordFor(node.badge).toUtf8() + '\n';
        return text;
    }

    RunFolder folder;
    RunFile file = folder.create();
    Journal journal{file};
    qint64 root = 0, turn = 0;
};

} // namespace

class BadgeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRunAsItWasAskedHasNone()
    {
        Forked run;
        const RunTree tree = run.tree(1);
        for (int i = 0; i < tree.size(); ++i)
            QCOMPARE(badgeOf(tree.node(NodeIndex(i)), false), Badge::None);
    }

    void whatABranchDidIsToldFromWhatItWasServed()
    {
        Forked run;
        const qint64 cell = run.journal.add(NodeKind::Cell, run.turn, 1, NodeState::Running);
        const qint64 edited = run.journal.add(NodeKind::Completion, cell, 1, NodeState::Ok, true);
        run.journal.note(edited, EventKind::Edited, 1);
        run.journal.add(NodeKind::Completion, cell, 2, NodeState::Ok, true);
        run.journal.end(cell, NodeKind::Cell);
        run.journal.add(NodeKind::Turn, run.root, 2);
        run.journal.note(run.turn, EventKind::Note, quint8(NoteKind::Diverged));
        QCOMPARE(run.badges(),
            "root live\n"
            "root/turn1 diverged\n"
            "root/turn1/cell1 live\n"
            "root/turn1/cell1/call1 edited\n"
            "root/turn1/cell1/call2 reused\n"
            "root/turn2 live\n");
        QCOMPARE(run.missing(), "");
    }

    void whatABranchHasNotComeToIsStale()
    {
        Forked run;
        QCOMPARE(run.badges(), "root reused\nroot/turn1 reused\n");
        // The turn had its reply; its cell comes again.
        QCOMPARE(run.missing(), "root/turn1/cell1 stale\nroot/turn2 stale\n");
    }

    void whatAnEndedPartDidWithoutIsDropped()
    {
        Forked run;
        const qint64 cell = run.journal.add(NodeKind::Cell, run.turn, 1, NodeState::Running);
        run.journal.add(NodeKind::Completion, cell, 1);
        QCOMPARE(run.missing(), "root/turn1/cell1/call2 stale\nroot/turn2 stale\n");
        run.journal.end(cell, NodeKind::Cell);
        QCOMPARE(run.missing(), "root/turn1/cell1/call2 dropped\nroot/turn2 stale\n");
        run.journal.end(run.root, NodeKind::Rlm);
        QCOMPARE(run.missing(), "root/turn1/cell1/call2 dropped\nroot/turn2 dropped\n");
    }
};

QTEST_GUILESS_MAIN(BadgeTest)
#include "tst_badge.moc"
