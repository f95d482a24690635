#include "fakes.h"

#include "trajectory/unfinished.h"

#include <QTest>

#include <map>
#include <set>

using namespace burrow;
using namespace burrow::test;
using namespace std::chrono_literals;

namespace {

/// Processes that hold variables. A cell is words: `set NAME`, `ask PROMPT` (a host call, whose reply is
/// printed), `die`, `time NAME` (sets it and times out), `count` (prints how many cells ran anywhere), `wait`
/// (until stopped).
class FakeProcesses final : public ReplFactory {
public:
    Task<Result<std::unique_ptr<Repl>>> start(ReplSpec, HostCalls* calls, StopToken) override
    {
        ++started;
        auto process = std::make_unique<Process>(*this, calls);
        last = process.get();
        co_return process;
    }
    void killTheLast() { last->die(); }
    void loseCheckpoints() { last->loseCheckpoints(); }

    int started = 0;
    int hostCalls = 0;
    QByteArrayList executed;
    std::chrono::milliseconds latency{0};
    bool makesCheckpoints = false;
    std::chrono::milliseconds checkpointLatency{0};

private:
    class Process final : public Repl {
    public:
        Process(FakeProcesses& owner, HostCalls* calls) : m_owner(owner), m_calls(calls) { }

        Task<Result<CellOutput>> execute(Cell cell, StopToken stop) override
        {
            m_isAlive = true; // a new one where it had died
            m_owner.executed.append(cell.code);
            if (m_owner.latency > 0ms && !co_await sleepFor(m_owner.latency, stop))
                co_return fail(ErrorCode::Cancelled, {});
            CellOutput output;
            output.out.head = "cell " + QByteArray::number(cell.number) + '\n';
            const QByteArrayList words = cell.code.split(' ');
            if (words[0] == "set" || words[0] == "time")
                m_names.insert(words[1]);
            if (words[0] == "ask")
                output.out.head += co_await ask(cell.path, words[1], stop);
            if (words[0] == "count")
                output.out.head += QByteArray::number(m_owner.executed.size());
            if (words[0] == "time")
                output.status = CellStatus::TimedOut;
            if (words[0] == "die") {
                output.status = CellStatus::OutOfMemory;
                output.limit = LimitHit{CellLimit::Memory, qint64(2) << 30};
                output.restarted = true;
                die();
            }
            for (const QByteArray& name : m_names)
                output.variables.push_back({name, "int", -1});
            co_return output;
        }
        bool isAlive() const override { return m_isAlive; }

        Task<Result<CheckpointId>> checkpoint(StopToken stop) override
        {
            if (!m_owner.makesCheckpoints)
                co_return fail(ErrorCode::CheckpointUnavailable, {});
            co_await sleepFor(m_owner.checkpointLatency, stop);
            const CheckpointId id{m_copies.size() + 1};
            m_copies[id] = m_names;
            co_return id;
        }
        Task<Result<void>> restore(CheckpointId id, StopToken) override
        {
            const auto copy = m_copies.find(id);
            if (copy == m_copies.end())
                co_return fail(ErrorCode::CheckpointUnavailable, {});
            m_names = copy->second;
            m_isAlive = true;
            co_return Result<void>();
        }
        void drop(CheckpointId id) override { m_copies.erase(id); }
        Task<std::vector<Checkpoint>> checkpoints(StopToken) const override
        {
            std::vector<Checkpoint> list;
            for (const auto& [id, names] : m_copies)
                list.push_back({id, quint64(id), 1});
            co_return list;
        }
        void loseCheckpoints() { m_copies.clear(); }

        void die()
        {
            m_isAlive = false;
            m_names.clear();
        }

    private:
        Task<QByteArray> ask(NodePath cell, QByteArray prompt, StopToken stop)
        {
            QueryBatch batch;
            batch.items.push_back({prompt, {}});
            const QueryOutcome outcome = co_await m_calls->query(cell, batch, stop);
            co_return outcome ? outcome->front().text : "refused: " + outcome.error().message;
        }

        FakeProcesses& m_owner;
        HostCalls* m_calls;
        std::set<QByteArray> m_names;
        std::map<CheckpointId, std::set<QByteArray>> m_copies;
        bool m_isAlive = true;
    };

    Process* last = nullptr;
};

/// Gives another answer each time.
class CountingCalls final : public HostCalls {
public:
    Task<QueryOutcome> query(NodePath, QueryBatch batch, StopToken) override
    {
        co_return std::vector<QueryResult>{{true, batch.items[0].prompt + ' ' + QByteArray::number(++asked)}};
    }
    int asked = 0;
};

/// What outlives a session.
struct Left {
    FakeProcesses processes;
    std::optional<KeptRepl> kept;
};

struct Session {
    TickingClock clock;
    RunFile file;
    Recorder recorder{file, clock};
    std::shared_ptr<Left> left;
    FakeProcesses& processes{left->processes};
    CountingCalls calls;
    QByteArrayList told;
    RecordedReplFactory factory{processes, recorder,
        [this](const NodePath& cell, const QByteArray& text) { told << cell.text() + ": " + text; },
        &left->kept};
    ReplSpec spec;
    std::unique_ptr<Repl> repl;
    int turn = 0;

    explicit Session(RunFile run, std::shared_ptr<Left> leftBefore = std::make_shared<Left>(), int branch = 1)
        : file(std::move(run)), left(std::move(leftBefore))
    {
        (void)recorder.openRun({}, branch);
        (void)recorder.openRlm(NodePath::root(), {"question", "m", {}});
    }
    CellOutput run(const QByteArray& code)
    {
        if (!repl)
            repl = std::move(*QCoro::waitFor(factory.start(spec, &calls, {})));
        const NodePath path = NodePath::root().turn(++turn).cell(1);
        return QCoro::waitFor(repl->execute({path, code}, {})).value_or(CellOutput());
    }
};

/// Plays three cells, the first of which takes a while, then the branch that another third cell opens.
struct Fork {
    RunFolder run;
    std::shared_ptr<Left> left = std::make_shared<Left>();

    Fork()
    {
        left->processes.makesCheckpoints = true;
        Session session(run.create(), left);
        left->processes.latency = 60ms;
        session.run("set a");
        left->processes.latency = 0ms;
        session.run("set b");
        session.run("set c");
    }
    /// What the other cell gave.
    CellOutput play(const QByteArrayList& before = {"set a", "set b"}, const ReplSpec& spec = {})
    {
        RunFile file = run.open(RunFile::Access::Write);
        const RunTree tree = *loadTree(file);
        const NodeIndex third = tree.findPath(NodePath::root().turn(3));
        const int branch = *file.addBranch(1, tree.node(third).id - 1, {}, {});
        left->processes.executed.clear();
        Session session(std::move(file), left, branch);
        session.spec = spec;
        for (const QByteArray& cell : before)
            session.run(cell);
        return session.run("set d");
    }
};

QByteArrayList namesOf(const CellOutput& output)
{
    QByteArrayList names;
    for (const Variable& variable : output.variables)
        names << variable.name;
    return names;
}

} // namespace

class RebuiltReplTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void afterADeathTheVariablesAreAsBeforeTheCell()
    {
        RunFolder run;
        Session session(run.create());
        session.run("set a");
        session.run("set b");
        const CellOutput died = session.run("die");
        QCOMPARE(died.status, CellStatus::OutOfMemory);
        QVERIFY(died.undone && !died.restarted && died.lostNames.empty());
        QCOMPARE(namesOf(died), (QByteArrayList{"a", "b"}));
        QCOMPARE(namesOf(session.run("set c")), (QByteArrayList{"a", "b", "c"}));
    }

    void aDeathWithoutEarlierCellsLosesNothing()
    {
        RunFolder run;
        Session session(run.create());
        const CellOutput died = session.run("die");
        QVERIFY(died.undone && !died.restarted);
        QCOMPARE(session.processes.executed, QByteArrayList{"die"});
    }

    void cellsThatRunAgainGetTheAnswersThatTheyGot()
    {
        RunFolder run;
        Session session(run.create());
        QVERIFY(session.run("ask what").out.head.contains("what 1"));
        session.run("ask what");
        QVERIFY(session.run("die").undone);
        QCOMPARE(session.calls.asked, 2);
        QVERIFY(session.run("ask what").out.head.contains("what 3"));
    }

    void cellsThatWereCutShortDoNotRunAgain()
    {
        RunFolder run;
        Session session(run.create());
        session.run("set a");
        session.run("die");
        session.run("time x");
        session.processes.executed.clear();
        QVERIFY(session.run("die").undone);
        QCOMPARE(session.processes.executed, (QByteArrayList{"die", "set a"}));
    }

    void whatAnInterruptedCellSetIsNamedAsGone()
    {
        RunFolder run;
        Session session(run.create());
        session.run("set a");
        const CellOutput interrupted = session.run("time x");
        QVERIFY(!interrupted.undone && !interrupted.restarted);
        QCOMPARE(namesOf(interrupted), (QByteArrayList{"a", "x"}));
        const CellOutput died = session.run("die");
        QVERIFY(died.undone);
        QCOMPARE(namesOf(died), QByteArrayList{"a"});
        QCOMPARE(died.lostNames, std::vector<QByteArray>{"x"});
    }

    void whereACellComesOutDifferentlyAllIsLost()
    {
        RunFolder run;
        Session session(run.create());
        session.run("set a");
        session.run("count");
        const CellOutput died = session.run("die");
        QVERIFY(died.restarted && !died.undone);
        QCOMPARE(died.lostNames, std::vector<QByteArray>{"a"});
        QVERIFY(namesOf(died).isEmpty());
        // What came before is forgotten.
        session.run("set b");
        QCOMPARE(namesOf(session.run("die")), QByteArrayList{"b"});
    }

    void rebuildingTakesNoLongerThanACell()
    {
        RunFolder run;
        Session session(run.create());
        session.spec.limits.cellTimeout = 100ms;
        session.run("set a");
        session.processes.latency = 40ms;
        session.run("set b");
        session.run("set c");
        session.run("set d");
        const CellOutput died = session.run("die");
        QVERIFY(died.restarted);
        QCOMPARE(died.lostNames, (std::vector<QByteArray>{"a", "b", "c", "d"}));
    }

    void aCheckpointSavesCellsFromRunningAgain()
    {
        RunFolder run;
        Session session(run.create());
        session.processes.makesCheckpoints = true;
        session.processes.latency = 60ms;
        session.run("set a");
        session.processes.latency = 0ms;
        session.run("set b");
        session.processes.executed.clear();
        const CellOutput died = session.run("die");
        QVERIFY(died.undone && died.lostNames.empty());
        QCOMPARE(namesOf(died), (QByteArrayList{"a", "b"}));
        QCOMPARE(session.processes.executed, (QByteArrayList{"die", "set b"}));
        // Twice from the same one.
        session.processes.executed.clear();
        QCOMPARE(namesOf(session.run("die")), (QByteArrayList{"a", "b"}));
        QCOMPARE(session.processes.executed, (QByteArrayList{"die", "set b"}));
    }

    void aCheckpointThatTookLongIsTakenMoreRarely()
    {
        RunFolder run;
        Session session(run.create());
        session.processes.makesCheckpoints = true;
        session.processes.latency = 60ms;
        session.processes.checkpointLatency = 100ms;
        session.run("set a");
        session.run("set b");
        session.processes.executed.clear();
        QVERIFY(session.run("die").undone);
        QCOMPARE(session.processes.executed, (QByteArrayList{"die", "set b"}));
    }

    void withoutItsCheckpointsAllCellsRunAgain()
    {
        RunFolder run;
        Session session(run.create());
        session.processes.makesCheckpoints = true;
        session.processes.latency = 60ms;
        session.run("set a");
        session.processes.loseCheckpoints();
        session.processes.executed.clear();
        QVERIFY(session.run("die").undone);
        QCOMPARE(session.processes.executed, (QByteArrayList{"die", "set a"}));
    }

    void aDeathBetweenCellsIsRepairedUnnoticed()
    {
        RunFolder run;
        Session session(run.create());
        session.run("set a");
        session.processes.killTheLast();
        const CellOutput next = session.run("set b");
        QVERIFY(!next.restarted && !next.undone && next.lostNames.empty());
        QCOMPARE(namesOf(next), (QByteArrayList{"a", "b"}));
    }

    void aDeathBetweenCellsThatCannotBeRepairedIsToldWithTheNext()
    {
        RunFolder run;
        Session session(run.create());
        session.run("set a");
        session.run("count");
        session.processes.killTheLast();
        const CellOutput next = session.run("set b");
        QCOMPARE(next.status, CellStatus::Ok);
        QVERIFY(next.restarted);
        QCOMPARE(next.lostNames, std::vector<QByteArray>{"a"});
        QCOMPARE(namesOf(next), QByteArrayList{"b"});
    }

    void aResumedRunStandsWhereItStood_data()
    {
        QTest::addColumn<QByteArrayList>("cells");
        QTest::newRow("undone") << QByteArrayList{"set a", "ask x", "die", "set b"};
        QTest::newRow("lost") << QByteArrayList{"set a", "count", "die", "set b"};
        QTest::newRow("twice") << QByteArrayList{"set a", "die", "set b", "die", "set c"};
    }

    void aResumedRunStandsWhereItStood()
    {
        QFETCH(const QByteArrayList, cells);
        RunFolder run;
        std::vector<CellOutput> first;
        {
            Session session(run.create());
            for (const QByteArray& cell : cells)
                first.push_back(session.run(cell));
        }
        Session session(run.open(RunFile::Access::Write));
        session.processes.executed = QByteArrayList(cells.size() * 10); // so that `count` differs
        std::vector<CellOutput> again;
        for (const QByteArray& cell : cells)
            again.push_back(session.run(cell));
        QVERIFY(!session.processes.executed.contains("die"));
        QCOMPARE(session.told, QByteArrayList());
        for (size_t i = 0; i < first.size(); ++i) {
            if (cells[qsizetype(i)] != "count")
                QCOMPARE(again[i], first[i]);
        }
    }

    void aBranchGoesOnFromTheCheckpointOfAnEarlierSession()
    {
        Fork fork;
        QCOMPARE(namesOf(fork.play()), (QByteArrayList{"a", "b", "d"}));
        QCOMPARE(fork.left->processes.executed, (QByteArrayList{"set b", "set d"}));
        QCOMPARE(fork.left->processes.started, 1);
        // And so does the next.
        QCOMPARE(namesOf(fork.play()), (QByteArrayList{"a", "b", "d"}));
        QCOMPARE(fork.left->processes.started, 1);
    }

    void whereTheCheckpointIsGoneAllCellsRunAgain()
    {
        Fork fork;
        fork.left->processes.loseCheckpoints();
        QCOMPARE(namesOf(fork.play()), (QByteArrayList{"a", "b", "d"}));
        QCOMPARE(fork.left->processes.executed, (QByteArrayList{"set a", "set b", "set d"}));
    }

    void aReplOfAnotherKindIsNotGoneOnWith()
    {
        Fork fork;
        QCOMPARE(namesOf(fork.play({"set a", "set b"}, {.seed = 7})), (QByteArrayList{"a", "b", "d"}));
        QCOMPARE(fork.left->processes.started, 2);
    }

    void aBranchWithoutTheCellsOfTheCheckpointBeginsAnew()
    {
        Fork fork;
        QCOMPARE(namesOf(fork.play({"set x", "set y"})), (QByteArrayList{"d", "x", "y"}));
    }

    void whatIsLeftBehindRestsAtItsNewestCheckpoint()
    {
        Fork fork;
        QCoro::waitFor(layToRest(fork.left->kept));
        QVERIFY(fork.left->kept);
        fork.left->processes.loseCheckpoints();
        QCoro::waitFor(layToRest(fork.left->kept));
        QVERIFY(!fork.left->kept);
    }

    void aLimitIsToldToThePersonOnce()
    {
        RunFolder run;
        {
            Session session(run.create());
            session.run("die");
            QCOMPARE(session.told.size(), 1);
            QVERIFY2(session.told[0].contains("2 GiB") && session.told[0].contains("the memory of a cell"),
                session.told[0].constData());
        }
        Session session(run.open(RunFile::Access::Write));
        session.run("die");
        QVERIFY(session.told.isEmpty());
    }
};

QTEST_GUILESS_MAIN(RebuiltReplTest)
#include "tst_rebuilt_repl.moc"
