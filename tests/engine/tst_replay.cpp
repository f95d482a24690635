#include "tiny_sessions.h"

#include <QTest>

using namespace burrow;
using namespace burrow::testing;
using namespace Qt::StringLiterals;

namespace {

/// What was asked, whatever the order and the place.
std::map<QByteArray, int> counted(const std::vector<ChatRequest>& requests)
{
    std::map<QByteArray, int> counts;
    for (const ChatRequest& request : requests) {
        QByteArray text = request.model + QByteArray::number(request.sampleOrdinal);
        for (const Message& message : request.messages)
            text += message.text + '\n';
        ++counts[digest(text)];
    }
    return counts;
}

/// What is in @p all beyond what is in @p known.
std::map<QByteArray, int> beyond(std::map<QByteArray, int> all, const std::map<QByteArray, int>& known)
{
    for (const auto& [text, count] : known)
        all[text] -= count;
    std::erase_if(all, [](const auto& entry) { return entry.second <= 0; });
    return all;
}

const char* said(const RunOutcome& outcome)
{
    static QByteArray text;
    text = outcome.error ? outcome.error->message.toUtf8() : QByteArray();
    return text.constData();
}

std::vector<NodeIndex> nodesOf(const RunTree& tree, NodeKind kind)
{
    std::vector<NodeIndex> found;
    for (int i = 0; i < tree.size(); ++i)
        if (tree.node(NodeIndex(i)).kind == kind && tree.node(NodeIndex(i)).state == NodeState::Ok)
            found.push_back(NodeIndex(i));
    return found;
}

} // namespace

class ReplayTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStrictReplayIsIdenticalAndSendsNothing_data()
    {
        QTest::addColumn<quint32>("seed");
        QTest::addColumn<bool>("failures");
        for (quint32 seed = 1; seed <= 8; ++seed)
            QTest::addRow("program %u", seed) << seed << (seed % 3 == 0);
    }
    void aStrictReplayIsIdenticalAndSendsNothing()
    {
        QFETCH(quint32, seed);
        QFETCH(bool, failures);
        Recorded run(seed, failures);
        const RunOutcome replayed = run.replay();
        QVERIFY2(!replayed.error || run.outcome.error, said(replayed));
        QCOMPARE(replayed.state, run.outcome.state);
        QCOMPARE(replayed.answer, run.outcome.answer);
        QCOMPARE(run.sentInReplay, size_t(0));
    }

    void anEditOfARandomReplySendsExactlyWhatDependsOnIt_data()
    {
        aStrictReplayIsIdenticalAndSendsNothing_data();
    }
    void anEditOfARandomReplySendsExactlyWhatDependsOnIt()
    {
        QFETCH(quint32, seed);
        Recorded run(seed);
        QCOMPARE(run.outcome.state, RunState::Answered);
        const RunTree before = run.tree();
        QRandomGenerator random(seed);
        const std::vector<NodeIndex> calls = nodesOf(before, NodeKind::Completion);
        if (calls.empty())
            return; // a program without sub-calls
        const NodePath at = before.path(calls[random.bounded(quint32(calls.size()))]);

        // What the edited run would ask, were it played from nothing.
        TinyModel whole(seed);
        whole.edits[at.text()] = "another reply";
        RunFile fresh = *RunFile::create(run.folder.filePath(u"whole.burrow"_s));
        const RunOutcome expected = Session(fresh, whole).play();

        TinyModel live(seed);
        const int branch = run.fork(at, {Change::What::Reply, "another reply"}, live);
        QCOMPARE(branch, 2);
        QVERIFY2(!run.forked.error, said(run.forked));
        QCOMPARE(run.forked.answer, expected.answer);
        QCOMPARE(counted(live.asked), beyond(counted(whole.asked), counted(run.model.asked)));

        QCOMPARE(run.tree().toText(), before.toText());
        const RunOutcome replayed = run.replay(branch);
        QVERIFY2(!replayed.error, said(replayed));
        QCOMPARE(replayed.answer, run.forked.answer);
        QCOMPARE(run.sentInReplay, size_t(0));
        // What was asked live is what all branches say that they spent, to the call and to the token.
        const auto spent = [&](int of) { return run.tree(of).totals().totals; };
        QCOMPARE(spent(1).requests + spent(2).requests, int(run.model.asked.size() + live.asked.size()));
        QCOMPARE(spent(1).inputTokens + spent(2).inputTokens,
            qint64(100 * (run.model.asked.size() + live.asked.size())));
    }

    void aCheckpointGivesWhatRunningTheCellsAgainGives_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 6; ++seed)
            QTest::addRow("program %u", seed) << seed;
    }
    void aCheckpointGivesWhatRunningTheCellsAgainGives()
    {
        QFETCH(quint32, seed);
        const auto sandbox = std::make_shared<TinySandbox>();
        sandbox->repls.work = std::chrono::milliseconds(60);
        Recorded withCheckpoints(seed, false, sandbox), without(seed);
        QVERIFY(sandbox->kept);
        sandbox->repls.work = {};
        const RunTree tree = without.tree();
        QCOMPARE(withCheckpoints.outcome.answer, without.outcome.answer);
        QRandomGenerator random(seed);
        NodePath at = NodePath::root().turn(2).cell(1); // a later one has checkpoints before it
        if (tree.findPath(NodePath::root().turn(3).cell(1)) != noNode && random.bounded(2) == 0)
            at = NodePath::root().turn(3).cell(1);
        const Change change{Change::What::Code, "say else\nask a0|b$\ndone\n"};

        sandbox->repls.executed.clear();
        TinyModel live(seed), again(seed);
        const int branch = withCheckpoints.fork(at, change, live, 1, sandbox);
        without.fork(at, change, again);
        QVERIFY(!sandbox->repls.executed.contains("root/turn1/cell1"));
        QVERIFY(sandbox->repls.executed.contains(at.text()));
        QCOMPARE(withCheckpoints.forked.answer, without.forked.answer);
        QCOMPARE(counted(live.asked), counted(again.asked));
        QCOMPARE(withCheckpoints.tree(branch).toText(), without.tree(branch).toText());
        QCOMPARE(said(withCheckpoints.replay(branch)), "");
    }

    void theCodeOfACellRunsAnewAndIsWhatTheModelSees()
    {
        Recorded run(1);
        TinyModel live(1);
        run.fork(
            *NodePath::parse("root/turn2/cell1"), {Change::What::Code, "say something else\ndone\n"}, live);
        QCOMPARE(run.forked.state, RunState::Answered);
        QVERIFY(run.forked.answer != run.outcome.answer);
        QVERIFY(live.asked.empty());
        QVERIFY(run.tree(2).toText().contains("turn2 ok"));
        QCOMPARE(said(run.replay(2)), "");
    }

    void anEditedAnswerOfAChildTakesItsPlace()
    {
        Recorded run(1);
        const RunTree tree = run.tree();
        std::vector<NodeIndex> children = nodesOf(tree, NodeKind::Rlm);
        std::erase_if(children, [&](NodeIndex node) { return tree.node(node).parent == noNode; });
        QVERIFY(!children.empty());
        const NodePath at = tree.path(children.back());
        TinyModel live(1);
        const int branch = run.fork(at, {Change::What::Reply, "my own answer"}, live);
        QVERIFY(run.forked.answer != run.outcome.answer);
        for (const ChatRequest& request : live.asked)
            QVERIFY(!request.path.text().startsWith(at.text() + '/'));
        const RunTree forked = run.tree(branch);
        QVERIFY(forked.node(forked.findPath(at)).edited);
        QVERIFY(forked.node(forked.findPath(at)).children.empty());
        QCOMPARE(said(run.replay(branch)), "");
    }

    void aForkThatChangesNothingSendsNothing()
    {
        Recorded run(4);
        TinyModel live(4);
        run.fork(NodePath::root(), {Change::What::Nothing}, live);
        QVERIFY(live.asked.empty());
        QCOMPARE(run.forked.answer, run.outcome.answer);
        QCOMPARE(said(run.replay(2)), "");
    }

    void anotherSampleIsAskedOnce()
    {
        Recorded run(2);
        const RunTree tree = run.tree();
        const auto calls = nodesOf(tree, NodeKind::Completion);
        QVERIFY(!calls.empty());
        TinyModel live(2);
        const int branch = run.fork(tree.path(calls.front()), {Change::What::Sample}, live);
        QVERIFY(!live.asked.empty());
        QCOMPARE(live.asked.front().sampleOrdinal, 1);
        QCOMPARE(live.asked.front().path, tree.path(calls.front()));
        QCOMPARE(said(run.replay(branch)), "");
    }

    void aForkOfAForkReplaysStrictly()
    {
        Recorded run(3);
        TinyModel live(3), again(3);
        const auto calls = nodesOf(run.tree(), NodeKind::Completion);
        const NodePath at = run.tree().path(calls.back());
        const int first = run.fork(at, {Change::What::Reply, "one"}, live);
        const int second = run.fork(
            *NodePath::parse("root/turn1/cell1"), {Change::What::Code, "say else\n"}, again, first);
        QCOMPARE(second, 3);
        for (const int branch : {1, 2, 3})
            QCOMPARE(said(run.replay(branch)), "");
        QCOMPARE(run.sentInReplay, size_t(0));
    }

    void aChangedReplyOnRecordDoesNotReplay()
    {
        Recorded run(5);
        TinyModel other(6); // another question was asked of another model
        RunFile file = *RunFile::open(run.path, RunFile::Access::Read);
        RunOutcome replayed
            = Session(file, other, 1, RecordMode::Verify).play({.maxIterations = 1, .maxDepth = 3});
        QVERIFY(replayed.error);
        QCOMPARE(replayed.error->code, ErrorCode::ReplayDiverged);
        QVERIFY(other.asked.empty());
    }
};

QTEST_GUILESS_MAIN(ReplayTest)
#include "tst_replay.moc"
