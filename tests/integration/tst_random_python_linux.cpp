// Random programs in Python, played in the real sandbox: replayed, forked, and brought back by checkpoints.
#include "engine/tiny_sessions.h"

#include "host/sandboxed_repl_factory.h"

#include <QTest>

using namespace burrow;
using namespace burrow::testing;

namespace {

/// Real guests, and what they executed.
class PythonRepls final : public ReplFactory {
public:
    Task<Result<std::unique_ptr<Repl>>> start(ReplSpec spec, HostCalls* calls, StopToken stop) override
    {
        Result<std::unique_ptr<Repl>> started
            = co_await m_guests.start(std::move(spec), calls, std::move(stop));
        if (!started)
            co_return std::unexpected(started.error());
        co_return std::make_unique<PythonRepl>(*this, std::move(*started));
    }

    QByteArrayList executed; ///< paths of cells

private:
    class PythonRepl final : public Repl {
    public:
        PythonRepl(PythonRepls& owner, std::unique_ptr<Repl> guest)
            : m_owner(owner), m_guest(std::move(guest))
        {
        }
        Task<Result<CellOutput>> execute(Cell cell, StopToken stop) override
        {
            m_owner.executed << cell.path.text();
            return m_guest->execute(std::move(cell), std::move(stop));
        }
        bool isAlive() const override { return m_guest->isAlive(); }
        QByteArray draftOfStopped() const override { return m_guest->draftOfStopped(); }
        Task<Result<CheckpointId>> checkpoint(StopToken stop) override { return m_guest->checkpoint(stop); }
        Task<Result<void>> restore(CheckpointId id, StopToken stop) override
        {
            return m_guest->restore(id, stop);
        }
        void drop(CheckpointId id) override { m_guest->drop(id); }
        Task<std::vector<Checkpoint>> checkpoints(StopToken stop) const override
        {
            return m_guest->checkpoints(stop);
        }

    private:
        PythonRepls& m_owner;
        std::unique_ptr<Repl> m_guest;
    };

    SandboxedReplFactory m_guests{SandboxOptions::defaults()};
};

struct PythonSandbox final : Sandbox {
    ReplFactory& factory() override { return repls; }
    std::optional<KeptRepl>& keptRepl() override { return kept; }

    PythonRepls repls;
    std::optional<KeptRepl> kept; ///< ends before what it came from
};

/// What each program begins with. Where objects lie is decided by threads, too, so `show` leaves that out.
const QByteArray begin = "import asyncio, datetime, os, random, re, secrets, time, uuid\n"
                         "from concurrent.futures import ThreadPoolExecutor, as_completed\n"
                         "a = b = c = d = None\n"
                         "def show(x): return re.sub('0x[0-9a-f]+', '0x', repr(x))[:400]\n";
const QByteArray everything
    = "print({k: show(v) for k, v in sorted(globals().items()) if len(k) == 1}, random.random())\n";

/// Statements: <V> and <W> are variables, <N> is a digit.
const QByteArrayList statements = {
    "<V> = <N>",
    "<V> = [<N>, '<N>', (<N>, <W>)]",
    "<V> = {'k<N>': <N>, <N>: <W>}",
    "<V> = {'a<N>', 'b', 'c<N>', 'd', 'e'}",
    "<V> = [random.random(), random.choice('abcdef')]",
    "<V> = time.time(), uuid.uuid4(), datetime.datetime.now()",
    "<V> = secrets.token_hex(4) + os.urandom(2).hex()",
    "class Thing:\n    def __init__(self): self.x = <N>\n<V> = Thing()",
    "<V> = lambda x, n=<N>: x * n",
    "<V> = iter(range(<N>, <N> + 9)); print(next(<V>))",
    "def count():\n    for i in range(9): yield i, <N>\n<V> = count(); print(next(<V>))",
    "print(next(<V>) if hasattr(<V>, '__next__') else 'none')",
    "<V>.append(<N>)",
    "<W> = <V>",
    "print(show(<V>), hash('<N>'))",
    "if <N> % 3 == 0: raise ValueError(show(<V>))",
    "open('/scratch/<N>', 'w').write(show(<V>)); <V> = sorted(os.listdir('/scratch'))",
    "if <N> == 5: os._exit(3)",
    "<V> = llm_query('<N> ' + show(<W>))",
    "<V> = llm_query('<N>')",
    "<V> = llm_query_batched([f'{i} <N> ' + show(<W>) for i in range(3)])",
    "<V> = rlm_query('<N>', show(<W>))",
    "with ThreadPoolExecutor(3) as pool:\n"
    "    <V> = [f.result() for f in as_completed([pool.submit(llm_query, q + ' <N>') for q in 'xyz'])]",
    "async def both():\n"
    "    return await asyncio.gather(llm_query_async('x <N>'), llm_query_async('y ' + show(<W>)))\n"
    "<V> = asyncio.run(both())",
};

class PythonModel final : public TinyModel {
public:
    using TinyModel::TinyModel;

    QByteArray replyTo(const ChatRequest& request) const override
    {
        if (request.messages.front().role != Role::System)
            return "about " + digest(request.messages.back().text);
        const auto turn = request.messages.size() / 2;
        QRandomGenerator random(number(request));
        QByteArray code = turn == 1 ? begin : QByteArray();
        const quint32 lines = 2 + random.bounded(4u);
        for (quint32 line = 0; line < lines; ++line)
            code += statement(random) + '\n';
        code += "time.sleep(0.06)\n" + everything; // after so long there is a checkpoint
        if (turn >= 3 + seed() % 2)
            code += "FINAL(show([a, b, c, d]))\n";
        return "Now:\n```repl\n" + code + "```\n";
    }

private:
    static QByteArray statement(QRandomGenerator& random)
    {
        QByteArray text = statements[random.bounded(int(statements.size()))];
        text.replace("<V>", QByteArray(1, "abcd"[random.bounded(4)]));
        text.replace("<W>", QByteArray(1, "abcd"[random.bounded(4)]));
        return text.replace("<N>", QByteArray::number(random.bounded(6)));
    }
};

using PythonRun = RecordedRun<PythonModel, PythonSandbox>;

const char* said(const RunOutcome& outcome)
{
    static QByteArray text;
    text = outcome.error ? outcome.error->message.toUtf8() : QByteArray();
    return text.constData();
}

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// How often each request was asked, as the file has it.
using Counts = std::map<QByteArray, int>;

Counts requests(RunFile& file, const RunTree& tree, bool liveOnly = false)
{
    Counts counts;
    for (int i = 0; i < tree.size(); ++i) {
        const RunTree::Node& node = tree.node(NodeIndex(i));
        if (isRequest(node.kind) && !(liveOnly && (node.reused || node.edited)))
            ++counts[*file.text(node.input)];
    }
    return counts;
}

/// What is in @p all beyond what is in @p known.
Counts beyond(Counts all, const Counts& known)
{
    for (const auto& [text, count] : known)
        all[text] -= count;
    std::erase_if(all, [](const auto& entry) { return entry.second <= 0; });
    return all;
}

} // namespace

class RandomPythonTest : public QObject {
    Q_OBJECT
private:
    static constexpr quint32 checkpointed = 8;
    int m_compared = 0;
    int m_fromCheckpoints = 0;

    static void programs(quint32 count)
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= count; ++seed)
            QTest::addRow("program %u", seed) << seed;
    }
    static QByteArray textOf(const PythonRun& run, const RunTree& tree, NodeIndex node)
    {
        RunFile file = *RunFile::open(run.path, RunFile::Access::Read);
        return *file.text(tree.node(node).output);
    }

private Q_SLOTS:
    void aStrictReplayIsIdenticalAndSendsNothing_data() { programs(6); }
    void aStrictReplayIsIdenticalAndSendsNothing()
    {
        QFETCH(quint32, seed);
        PythonRun run(seed);
        const QByteArray before = bytesOf(run.path);
        const RunOutcome replayed = run.replay();
        QVERIFY2(!replayed.error, said(replayed));
        QVERIFY(bytesOf(run.path) == before);
        QCOMPARE(replayed.answer, run.outcome.answer);
        QCOMPARE(run.sentInReplay, size_t(0));
    }

    void aRandomEditSendsExactlyWhatTheSourceDoesNotHave_data()
    {
        using What = Change::What;
        QTest::addColumn<quint32>("seed");
        QTest::addColumn<What>("what");
        for (quint32 seed = 1; seed <= 5; ++seed) {
            QTest::addRow("reply, program %u", seed) << seed << What::Reply;
            QTest::addRow("code, program %u", seed) << seed << What::Code;
        }
    }
    void aRandomEditSendsExactlyWhatTheSourceDoesNotHave()
    {
        using What = Change::What;
        QFETCH(quint32, seed);
        QFETCH(What, what);
        PythonRun run(seed);
        const RunTree source = run.tree();
        std::vector<NodePath> places;
        for (int i = 0; i < source.size(); ++i) {
            const RunTree::Node& node = source.node(NodeIndex(i));
            if (node.kind == (what == What::Code ? NodeKind::Cell : NodeKind::Completion)
                && node.state == NodeState::Ok)
                places.push_back(source.path(NodeIndex(i)));
        }
        if (places.empty())
            QSKIP("a program without sub-calls");
        QRandomGenerator random(seed);
        const NodePath at = places[random.bounded(quint32(places.size()))];
        PythonModel live(seed);
        const QByteArray text
            = what == What::Code ? begin + "a = [llm_query('2'), 'edited']\n" : "another reply";
        const int branch = run.fork(at, {what, text}, live);
        QVERIFY2(!run.forked.error, said(run.forked));

        RunFile file = *RunFile::open(run.path, RunFile::Access::Read);
        const RunTree tree = *loadTree(file, branch);
        const Counts sent = requests(file, tree, true);
        QCOMPARE(sent, beyond(requests(file, tree), requests(file, source)));
        QCOMPARE(size_t(tree.totals().totals.requests), live.asked.size());
        QCOMPARE(run.tree().toText(), source.toText());
        const RunOutcome replayed = run.replay(branch);
        QVERIFY2(!replayed.error, said(replayed));
        QCOMPARE(replayed.answer, run.forked.answer);
        QCOMPARE(run.sentInReplay, size_t(0));
    }

    void aCheckpointGivesTheVariablesThatRunningTheCellsAgainGives_data() { programs(checkpointed); }
    void aCheckpointGivesTheVariablesThatRunningTheCellsAgainGives()
    {
        QFETCH(quint32, seed);
        const auto sandbox = std::make_shared<PythonSandbox>();
        PythonRun run(seed, false, sandbox);
        QVERIFY2(!run.outcome.error, said(run.outcome));
        QVERIFY(sandbox->kept);
        const NodePath at = NodePath::root().turn(3).cell(1);
        const Change change{Change::What::Code, everything + "FINAL(show([a, b, c, d]))\n"};

        sandbox->repls.executed.clear();
        PythonModel live(seed), again(seed);
        const int kept = run.fork(at, change, live, 1, sandbox);
        const RunOutcome fromCheckpoint = run.forked;
        const auto fresh = std::make_shared<PythonSandbox>();
        const int anew = run.fork(at, change, again, 1, fresh);
        ++m_compared;
        if (fresh->repls.executed.size() > sandbox->repls.executed.size())
            ++m_fromCheckpoints;

        QCOMPARE(fromCheckpoint.answer, run.forked.answer);
        const RunTree first = run.tree(kept), second = run.tree(anew);
        // What the cell printed, and the variables after it.
        QCOMPARE(textOf(run, first, first.findPath(at)), textOf(run, second, second.findPath(at)));
        QCOMPARE(first.node(first.findPath(at)).extra, second.node(second.findPath(at)).extra);
        QCOMPARE(said(run.replay(kept)), "");
    }
    /// Each may be without one: its process ended, or taking one took too long to do it again soon.
    void someWentOnFromACheckpoint()
    {
        if (m_compared < int(checkpointed))
            QSKIP("not all programs were played");
        QVERIFY(m_fromCheckpoints > 0);
    }
};

QTEST_GUILESS_MAIN(RandomPythonTest)
#include "tst_random_python_linux.moc"
