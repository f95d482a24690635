#include "fakes.h"

#include "trajectory/json_codec.h"

#include <QTest>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Cells print their own code, unless told otherwise. `ask` makes a host call first; `race A B …` calls with
/// all of these at once, and prints them in the order of the answers.
class FakeRepls final : public ReplFactory {
public:
    Task<Result<std::unique_ptr<Repl>>> start(ReplSpec, HostCalls* calls, StopToken) override
    {
        ++started;
        co_return std::make_unique<FakeRepl>(*this, calls);
    }

    int started = 0;
    QByteArrayList executed;
    QByteArrayList refused;
    std::map<QByteArray, CellOutput> outputs;
    bool cancels = false;

private:
    class FakeRepl final : public Repl {
    public:
        FakeRepl(FakeRepls& owner, HostCalls* calls) : m_owner(owner), m_calls(calls) { }
        Task<Result<CellOutput>> execute(Cell cell, StopToken stop) override
        {
            m_owner.executed.append(cell.code);
            if (m_owner.cancels)
                co_return fail(ErrorCode::Cancelled, u"stopped"_s);
            CellOutput output;
            output.out.head = cell.code;
            if (cell.code.startsWith("race "))
                output.out.head = co_await race(cell, stop);
            if (cell.code.startsWith("ask")) {
                QueryBatch batch;
                batch.items.resize(1);
                const QueryOutcome outcome = co_await m_calls->query(cell.path, batch, stop);
                if (!outcome)
                    m_owner.refused.append(outcome.error().message);
            }
            const auto told = m_owner.outputs.find(cell.code);
            if (told != m_owner.outputs.end())
                output = told->second;
            m_isAlive = !output.restarted;
            co_return output;
        }
        bool isAlive() const override { return m_isAlive; }

    private:
        Task<QByteArray> race(Cell cell, StopToken stop)
        {
            QByteArrayList answered;
            std::vector<Task<void>> running;
            for (const QByteArray& prompt : cell.code.mid(5).split(' '))
                running.push_back(ask(cell.path, prompt, answered, stop));
            for (Task<void>& task : running)
                co_await task;
            co_return answered.join(' ');
        }
        Task<void> ask(NodePath cell, QByteArray prompt, QByteArrayList& answered, StopToken stop)
        {
            QueryBatch batch;
            batch.items.push_back({prompt, {}});
            (void)co_await m_calls->query(cell, batch, stop);
            answered << prompt;
        }

        FakeRepls& m_owner;
        HostCalls* m_calls;
        bool m_isAlive = true;
    };
};

class FakeCalls final : public HostCalls {
public:
    Task<QueryOutcome> query(NodePath, QueryBatch batch, StopToken stop) override
    {
        ++asked;
        if (const auto wait = waits.find(batch.items.front().prompt); wait != waits.end())
            co_await sleepFor(wait->second, stop);
        if (refuses)
            co_return std::unexpected(QueryRefusal{"LimitReached", "no more calls"});
        co_return std::vector<QueryResult>{{true, "yes"}};
    }
    bool wereStopped() const override { return stopped; }
    std::map<QByteArray, std::chrono::milliseconds> waits; ///< by prompt
    int asked = 0;
    bool refuses = false;
    bool stopped = false;
};

struct Session {
    TickingClock clock;
    RunFile file;
    Recorder recorder{file, clock};
    FakeRepls inner;
    FakeCalls calls;
    RecordedReplFactory factory{inner, recorder};
    std::unique_ptr<Repl> repl;

    explicit Session(RunFile run) : file(std::move(run))
    {
        (void)recorder.openRun({});
        (void)recorder.openRlm(NodePath::root(), {"question", "m", {}});
        repl = std::move(*QCoro::waitFor(factory.start({}, &calls, {})));
    }
    Result<CellOutput> run(int turn, QByteArray code)
    {
        return QCoro::waitFor(repl->execute({NodePath::root().turn(turn).cell(1), std::move(code)}, {}));
    }
    void reply(int turn)
    {
        EchoModel echo;
        RecordedModel model(echo, recorder, {});
        (void)QCoro::waitFor(model.complete(request(NodePath::root().turn(turn), "next"), {}));
    }
    qsizetype events() { return qsizetype(file.eventsAfter(0, 1000)->size()); }
};

CellOutput everything()
{
    CellOutput output;
    output.status = CellStatus::Crashed;
    output.limit = LimitHit{CellLimit::CpuTime, 1500};
    output.undone = true;
    output.out = {"head\xff", "tail", 12};
    output.err = {"error", {}, 0};
    output.value = {"42", {}, 0};
    output.variables = {{"a", "str", 5}, {"b", "int", -1}};
    output.answer = "";
    output.answerDraft = "draft";
    output.restarted = true;
    output.lostNames = {"c"};
    return output;
}

} // namespace

class RecordedReplTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anOutputComesBackAsItWas()
    {
        QCOMPARE(decodeOutput(encodeOutput(everything())), std::optional(everything()));
        QCOMPARE(decodeOutput(encodeOutput(CellOutput())), std::optional(CellOutput()));
    }

    void anOutputThatDoesNotFitTogetherIsNone_data()
    {
        QTest::addColumn<QByteArray>("texts");
        QTest::addColumn<QByteArray>("json");
        const EncodedOutput good = encodeOutput(everything());
        QTest::newRow("short texts") << good.texts.chopped(1) << good.json;
        QTest::newRow("no JSON") << good.texts << good.json.chopped(1);
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("array") << good.texts << QByteArray("[]");
        QTest::newRow("negative") << good.texts
                                  << QByteArray(good.json).replace("\"draft\":5", "\"draft\":-5");
        QTest::newRow("status") << good.texts
                                << QByteArray(good.json).replace("\"status\":5", "\"status\":99");
    }
    void anOutputThatDoesNotFitTogetherIsNone()
    {
        QFETCH(QByteArray, texts);
        QFETCH(QByteArray, json);
        QVERIFY(!decodeOutput({texts, json}));
    }

    void aCellIsRecorded()
    {
        RunFolder run;
        Session session(run.create());
        QVERIFY(session.run(1, "print(1)"));
        const RunTree& tree = session.recorder.tree();
        QCOMPARE(tree.toText(), "root running\n  turn1 running\n    cell1 ok\n");
        const RunTree::Node& cell = tree.node(tree.findPath(NodePath::root().turn(1).cell(1)));
        QCOMPARE(*session.file.text(cell.input), "print(1)");
        QCOMPARE(decodeOutput({*session.file.text(cell.output), *session.file.text(cell.extra)})->out.head,
            "print(1)");
    }

    void aRecordedCellRunsAgainAndIsNotRecordedTwice()
    {
        RunFolder run;
        {
            Session session(run.create());
            QVERIFY(session.run(1, "ask"));
        }
        Session session(run.open(RunFile::Access::Write));
        const qsizetype before = session.events();
        QVERIFY(session.run(1, "ask"));
        QCOMPARE(session.inner.executed, QByteArrayList{"ask"});
        QCOMPARE(session.events(), before);
    }

    void answersComeInTheRecordedOrder_data()
    {
        QTest::addColumn<QByteArray>("again");
        QTest::newRow("asked as before") << QByteArray("race slow fast middle");
        QTest::newRow("asked in another order") << QByteArray("race fast slow middle");
        QTest::newRow("one more is asked") << QByteArray("race slow new fast middle");
    }
    void answersComeInTheRecordedOrder()
    {
        QFETCH(QByteArray, again);
        RunFolder run;
        const QByteArray code = "race slow fast middle";
        {
            Session session(run.create());
            session.calls.waits = {{"slow", 60ms}, {"middle", 30ms}, {"fast", 0ms}};
            QCOMPARE(session.run(1, code)->out.head, "fast middle slow");
        }
        Session session(run.open(RunFile::Access::Write));
        QByteArrayList order = session.run(1, again)->out.head.split(' ');
        order.removeAll("new");
        QCOMPARE(order.join(' '), "fast middle slow");
        QVERIFY(!session.recorder.tree().toText().contains("diverged"));
    }

    void anotherOutputThanRecordedIsUsedAndMarked()
    {
        RunFolder run;
        {
            Session session(run.create());
            QVERIFY(session.run(1, "x"));
        }
        Session session(run.open(RunFile::Access::Write));
        session.inner.outputs["x"].out.head = "another";
        QCOMPARE(session.run(1, "x")->out.head, "another");
        QVERIFY(session.recorder.tree().toText().contains("cell1 ok diverged"));
    }

    void anOutputThatAModelHasReadStands()
    {
        RunFolder run;
        {
            Session session(run.create());
            QVERIFY(session.run(1, "x"));
            session.reply(2);
        }
        Session session(run.open(RunFile::Access::Write));
        session.inner.outputs["x"].out.head = "another";
        QCOMPARE(session.run(1, "x")->out.head, "x");
        QCOMPARE(session.inner.executed, QByteArrayList{"x"});
        QVERIFY(session.recorder.tree().toText().contains("cell1 ok diverged"));
    }

    void aCellThatWasCutShortIsServed()
    {
        RunFolder run;
        std::optional<CellOutput> first;
        {
            Session session(run.create());
            session.inner.outputs["x"] = everything();
            first = *session.run(1, "x");
        }
        Session session(run.open(RunFile::Access::Write));
        QCOMPARE(*session.run(1, "x"), *first);
        QVERIFY(session.inner.executed.isEmpty());
    }

    void otherCodeAtTheSamePlaceIsNew()
    {
        RunFolder run;
        {
            Session session(run.create());
            session.inner.outputs["x"] = everything();
            QVERIFY(session.run(1, "x"));
        }
        Session session(run.open(RunFile::Access::Write));
        QCOMPARE(session.run(1, "y")->out.head, "y");
    }

    void aCellThatWasStoppedRunsAgain()
    {
        RunFolder run;
        {
            Session session(run.create());
            session.inner.cancels = true;
            QVERIFY(!session.run(1, "x"));
            QVERIFY(session.recorder.tree().toText().contains("cell1 cancelled"));
        }
        Session session(run.open(RunFile::Access::Write));
        QVERIFY(session.run(1, "x"));
        QVERIFY(session.recorder.tree().toText().contains("cell1 ok"));
    }

    void aCellWhoseCallsWereStoppedRunsAgain()
    {
        RunFolder run;
        {
            Session session(run.create());
            session.calls.refuses = session.calls.stopped = true;
            session.inner.outputs["ask"] = everything();
            QVERIFY(session.run(1, "ask"));
            QVERIFY(session.recorder.tree().toText().contains("cell1 cancelled"));
        }
        Session session(run.open(RunFile::Access::Write));
        QCOMPARE(session.run(1, "ask")->out.head, "ask");
        QCOMPARE(session.calls.asked, 1);
        QVERIFY(session.recorder.tree().toText().contains("cell1 ok"));
        QVERIFY(!session.recorder.tree().toText().contains("diverged"));
    }

    void aRefusalThatAModelHasReadOfIsServed()
    {
        RunFolder run;
        {
            Session session(run.create());
            session.calls.refuses = true;
            QVERIFY(session.run(1, "ask"));
            session.reply(2);
        }
        Session session(run.open(RunFile::Access::Write));
        QVERIFY(session.run(1, "ask"));
        QCOMPARE(session.calls.asked, 0);
        QCOMPARE(session.inner.refused, QByteArrayList{"no more calls"});
    }

    void aRefusalThatEndedTheRunIsDecidedAnew()
    {
        RunFolder run;
        {
            Session session(run.create());
            session.calls.refuses = true;
            QVERIFY(session.run(1, "ask"));
        }
        Session session(run.open(RunFile::Access::Write));
        QVERIFY(session.run(1, "ask"));
        QCOMPARE(session.calls.asked, 1);
        QVERIFY(session.inner.refused.isEmpty());
    }

    void notesAreNotRepeated()
    {
        RunFolder run;
        {
            Session session(run.create());
            QVERIFY(session.recorder.note(NodePath::root(), NoteKind::Reminder, "look first"));
        }
        Session session(run.open(RunFile::Access::Write));
        const qsizetype before = session.events();
        QVERIFY(session.recorder.note(NodePath::root(), NoteKind::Reminder, "look first"));
        QCOMPARE(session.events(), before);
        QVERIFY(session.recorder.note(NodePath::root(), NoteKind::Reminder, "look first"));
        QCOMPARE(session.events(), before + 1);
    }
};

QTEST_GUILESS_MAIN(RecordedReplTest)
#include "tst_recorded_repl.moc"
