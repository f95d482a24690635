#include "random_fork.h"

#include <QTest>
#include <QTimer>

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

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
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
        const QByteArray before = bytesOf(run.path);
        const RunOutcome replayed = run.replay();
        QVERIFY(bytesOf(run.path) == before);
        QVERIFY2(!replayed.error || run.outcome.error, said(replayed));
        QCOMPARE(replayed.state, run.outcome.state);
        QCOMPARE(replayed.answer, run.outcome.answer);
        QCOMPARE(run.sentInReplay, size_t(0));
    }

    void aRandomEditSendsExactlyWhatDependsOnIt_data()
    {
        using What = Change::What;
        QTest::addColumn<quint32>("seed");
        QTest::addColumn<What>("what");
        for (quint32 seed = 1; seed <= 8; ++seed) {
            QTest::addRow("reply, program %u", seed) << seed << What::Reply;
            QTest::addRow("code, program %u", seed) << seed << What::Code;
            QTest::addRow("sample, program %u", seed) << seed << What::Sample;
        }
    }
    void aRandomEditSendsExactlyWhatDependsOnIt()
    {
        using What = Change::What;
        QFETCH(quint32, seed);
        QFETCH(What, what);
        Recorded run(seed);
        QCOMPARE(run.outcome.state, RunState::Answered);
        const RunTree before = run.tree();
        QRandomGenerator random(seed);
        const std::vector<NodeIndex> nodes
            = nodesOf(before, what == What::Code ? NodeKind::Cell : NodeKind::Completion);
        if (nodes.empty())
            return; // a program without sub-calls
        const NodeIndex node = nodes[random.bounded(quint32(nodes.size()))];
        const NodePath at = before.path(node);

        // What the edited run would ask, were it played from nothing.
        TinyModel whole(seed);
        QByteArray text = "another reply";
        if (what == What::Code) {
            RunFile file = *RunFile::open(run.path, RunFile::Access::Read);
            text = "say edited\nask a0|b$\n";
            const RunTree::Node& turn = before.node(before.node(node).parent);
            whole.edits[at.parent().text()]
                = *withCell(*file.text(turn.output), before.node(node).ordinal, text);
        } else {
            whole.edits[at.text()] = text;
        }
        TinyModel live(seed);
        if (what == What::Sample)
            live.edits[at.text()] = text;
        RunFile fresh = *RunFile::create(run.folder.filePath(u"whole.burrow"_s));
        const RunOutcome expected = Session(fresh, whole).play();

        const int branch = run.fork(at, {what, text}, live);
        QCOMPARE(branch, 2);
        QVERIFY2(!run.forked.error, said(run.forked));
        QCOMPARE(run.forked.answer, expected.answer);
        const size_t sent = live.asked.size();
        if (what == What::Sample) {
            // It is asked with an ordinal, and its first reply is left to others.
            std::erase_if(live.asked, [](const auto& asked) { return asked.sampleOrdinal == 1; });
            QCOMPARE(sent, live.asked.size() + 1);
            std::erase_if(whole.asked, [&](const auto& asked) { return asked.path == at; });
        }
        QCOMPARE(counted(live.asked), beyond(counted(whole.asked), counted(run.model.asked)));

        QCOMPARE(run.tree().toText(), before.toText());
        const RunOutcome replayed = run.replay(branch);
        QVERIFY2(!replayed.error, said(replayed));
        QCOMPARE(replayed.answer, run.forked.answer);
        QCOMPARE(run.sentInReplay, size_t(0));
        QCOMPARE(run.tree(branch).totals().totals.requests, int(sent));
    }

    void whatAllBranchesSpentIsWhatWasAsked_data()
    {
        QTest::addColumn<quint32>("seed");
        QTest::addColumn<bool>("failures");
        for (quint32 seed = 1; seed <= 6; ++seed)
            QTest::addRow("program %u", seed) << seed << (seed % 2 == 0);
    }
    /// To the call, the token and the millionth of a dollar, over forks of forks.
    void whatAllBranchesSpentIsWhatWasAsked()
    {
        QFETCH(quint32, seed);
        QFETCH(bool, failures);
        Recorded run(seed, failures);
        QRandomGenerator random(seed);
        TinyModel live(seed);
        live.failures = failures;
        constexpr int forks = 4;
        for (int fork = 1; fork <= forks; ++fork) {
            RunFile file = *RunFile::open(run.path, RunFile::Access::Write);
            const int branch = openRandomFork(file, random.generate(), 1 + int(random.bounded(fork)));
            (void)Session(file, live, branch).play();
        }
        size_t asked = run.model.asked.size() + live.asked.size();
        const int answered = run.model.answered + live.answered;
        Totals sum;
        for (int branch = 1; branch <= 1 + forks; ++branch) {
            sum += run.tree(branch).totals().totals;
            const RunOutcome replayed = run.replay(branch);
            QVERIFY2(!replayed.error || replayed.error->code != ErrorCode::ReplayDiverged, said(replayed));
            QCOMPARE(run.sentInReplay, size_t(0));
        }
        QCOMPARE(size_t(sum.requests), asked);
        QCOMPARE(sum.inputTokens, qint64(100) * answered);
        QCOMPARE(sum.outputTokens, qint64(10) * answered);
        QCOMPARE(sum.spent, MicroUsd{7 * answered});
    }

    /// One byte of any text that a model replied.
    void aReplyThatWasAlteredDoesNotReplay()
    {
        Recorded run(5);
        QFile file(run.path);
        QVERIFY(file.open(QIODevice::ReadWrite | QIODevice::Unbuffered));
        const QByteArray whole = file.readAll();
        QSet<QByteArray> replies;
        {
            RunFile opened = *RunFile::open(run.path, RunFile::Access::Read);
            const RunTree tree = run.tree();
            for (const NodeKind kind : {NodeKind::Turn, NodeKind::Completion})
                for (const NodeIndex node : nodesOf(tree, kind))
                    replies.insert(*opened.text(tree.node(node).output));
        }
        QVERIFY(replies.size() > 5);
        int altered = 0;
        for (const QByteArray& reply : replies) {
            const qsizetype at = whole.indexOf(reply);
            if (at < 0)
                continue; // a long one lies on several pages
            ++altered;
            const qsizetype byte = at + reply.size() / 2;
            file.seek(byte);
            file.write(QByteArray(1, char(whole[byte] ^ 1)));
            const RunOutcome replayed = run.replay();
            QVERIFY2(replayed.error, reply);
            QCOMPARE(run.sentInReplay, size_t(0));
            file.seek(byte);
            file.write(whole.sliced(byte, 1));
        }
        QVERIFY(altered > 5);
        QCOMPARE(said(run.replay()), "");
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

    void aRunThatWasStoppedAtDepthThreeGoesOnAtTheVeryNode_data()
    {
        QTest::addColumn<quint32>("seed");
        for (const quint32 seed : {1u, 5u, 7u})
            QTest::addRow("program %u", seed) << seed;
    }
    void aRunThatWasStoppedAtDepthThreeGoesOnAtTheVeryNode()
    {
        QFETCH(quint32, seed);
        // One at a time, so that one is in flight.
        const RunLimits limits{.maxDepth = 3, .maxConcurrentCalls = 1, .maxConcurrentChildren = 1};
        QTemporaryDir folder;
        TinyModel whole(seed), model(seed), rest(seed);
        RunFile fresh = *RunFile::create(folder.filePath(u"whole.burrow"_s));
        const RunOutcome expected = Session(fresh, whole).play(limits);

        RunFile file = *RunFile::create(folder.filePath(u"run.burrow"_s));
        NodePath stoppedAt;
        {
            Session session(file, model);
            QObject context;
            model.latency = std::chrono::milliseconds(5);
            session.onRun = [&](Run& run) {
                model.onSend = [&](const ChatRequest& request) {
                    if (!stoppedAt.isEmpty() || request.path.text().count("/call") < 3)
                        return;
                    stoppedAt = request.path;
                    QTimer::singleShot(0, &context, [&run] { run.stopNow(); });
                };
            };
            QCOMPARE(session.play(limits).state, RunState::Stopped);
        }
        QCOMPARE(model.asked.back().path, stoppedAt);
        const RunOutcome resumed = Session(file, rest).play(limits);
        QCOMPARE(resumed.answer, expected.answer);
        QCOMPARE(rest.asked.front().path, stoppedAt);
        QCOMPARE(model.asked.size() - 1 + rest.asked.size(), whole.asked.size());
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
