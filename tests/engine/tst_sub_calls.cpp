#include "fakes.h"

#include "engine/admitted_model.h"

#include <QTest>

using namespace burrow;
using namespace burrow::testing;
using namespace std::chrono_literals;

namespace {

QueryBatch batch(QueryBatch::Kind kind, int count, QByteArray prompt = "p")
{
    QueryBatch made{.kind = kind, .batched = count > 1};
    for (int i = 0; i < count; ++i)
        made.items.push_back({prompt + QByteArray::number(i), {}});
    return made;
}

Task<CellOutput> noRepl(Cell, HostCalls*, StopToken)
{
    co_return CellOutput{};
}

/// A root call's host calls, without the call.
struct Caller {
    explicit Caller(FakeModel::Answer answer, RunLimits limits = {}, FakeRepls::Run cells = noRepl)
        : run(std::move(answer), std::move(cells), limits), asking(task("q")), calls(run.parts, asking)
    {
    }
    QueryOutcome query(QueryBatch what, StopToken stop = {})
    {
        return QCoro::waitFor(calls.query(NodePath::root().turn(1).cell(1), std::move(what), stop));
    }

    FakeRun run;
    RlmTask asking;
    SubCalls calls;
};

ModelResult echo(const ChatRequest& request)
{
    return ChatReply{.text = "re " + request.messages.back().text};
}

} // namespace

class SubCallsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void answersComeInOrderHoweverTheyArrive()
    {
        Caller caller(echo);
        caller.run.model.latency = 5ms;
        const QueryOutcome outcome = caller.query(batch(QueryBatch::Kind::Completion, 50));
        QVERIFY(outcome);
        QCOMPARE(outcome->size(), 50u);
        for (size_t i = 0; i < 50; ++i)
            QCOMPARE((*outcome)[i].text, "re p" + QByteArray::number(i));
        QCOMPARE(caller.run.model.requests[49].path.text(), "root/turn1/cell1/call50");
    }

    void callsOfOneCellAreNumberedOn()
    {
        Caller caller(echo);
        QVERIFY(caller.query(batch(QueryBatch::Kind::Completion, 3)));
        QVERIFY(caller.query(batch(QueryBatch::Kind::Completion, 1)));
        QCOMPARE(caller.run.model.requests.back().path.text(), "root/turn1/cell1/call4");
    }

    void oneFailureIsAnEntryNotALostBatch()
    {
        Caller caller([](const ChatRequest& request) -> ModelResult {
            if (request.messages.back().text == "p1")
                return std::unexpected(ModelError{{ErrorCode::ServerFailed, QStringLiteral("down")}});
            return echo(request);
        });
        const QueryOutcome outcome = caller.query(batch(QueryBatch::Kind::Completion, 3));
        QVERIFY(outcome);
        QVERIFY((*outcome)[0].ok);
        QVERIFY(!(*outcome)[1].ok);
        QCOMPARE((*outcome)[1].text, "The model gave no reply after several tries.");
        QVERIFY((*outcome)[2].ok);
    }

    void aModelOffTheListIsRefusedBeforeAnythingIsSent()
    {
        Caller caller(echo);
        QueryBatch asked = batch(QueryBatch::Kind::Completion, 1);
        asked.model = "https://elsewhere/model";
        const QueryOutcome outcome = caller.query(asked);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().exception, "ValueError");
        QVERIFY(outcome.error().message.contains("big, small"));
        QVERIFY(caller.run.model.requests.empty());
        asked.model = "big";
        QVERIFY(caller.query(asked));
        QCOMPARE(caller.run.model.requests.back().model, "big");
    }

    void depthDecidesWhatACallIs_data()
    {
        QTest::addColumn<int>("maxDepth");
        QTest::addColumn<QByteArray>("outcome");
        QTest::newRow("none") << 0 << QByteArray("refused");
        QTest::newRow("plain completions") << 1 << QByteArray("re p0");
        QTest::newRow("children") << 2 << QByteArray("child says p0");
    }
    void depthDecidesWhatACallIs()
    {
        QFETCH(int, maxDepth);
        QFETCH(QByteArray, outcome);
        Caller caller(
            [](const ChatRequest& request) -> ModelResult {
                return request.messages.size() == 1 ? echo(request) : ChatReply{.text = "```repl\nx\n```"};
            },
            {.maxDepth = maxDepth},
            [](Cell, HostCalls*, StopToken) -> Task<CellOutput> {
                co_return CellOutput{.answer = "child says p0"};
            });
        const QueryOutcome got = caller.query(batch(QueryBatch::Kind::Rlm, 1));
        QCOMPARE(got ? got->front().text : QByteArray("refused"), outcome);
    }

    void aBatchThatALimitForbidsIsRefusedWhole()
    {
        Caller caller(echo, {.maxCalls = 5});
        const QueryOutcome refused = caller.query(batch(QueryBatch::Kind::Completion, 6));
        QVERIFY(!refused);
        QCOMPARE(refused.error().exception, "LimitReached");
        QVERIFY(refused.error().message.contains("sub-calls"));
        QVERIFY(caller.run.model.requests.empty());
        QVERIFY(caller.query(batch(QueryBatch::Kind::Completion, 5)));
    }

    void aBatchIsReservedAsItWasEdited()
    {
        Caller caller(echo, {.maxTokens = 60'000});
        QVERIFY(caller.query(batch(QueryBatch::Kind::Completion, 3)));
        caller.run.model.requests.clear();
        caller.run.edits.add({.at = NodePath::root(),
            .kind = Edit::Kind::Parameters,
            .reach = Edit::Reach::All,
            .text = encodeParameters({.maxOutputTokens = 25'000}),
            .instead = "small"});
        const QueryOutcome refused = caller.query(batch(QueryBatch::Kind::Completion, 3));
        QVERIFY(!refused);
        QVERIFY(refused.error().message.contains("tokens"));
        QVERIFY(caller.run.model.requests.empty());
    }

    void childrenGetWhatTheirParentPassed()
    {
        Caller caller(FakeModel::Answer([](const ChatRequest&) -> ModelResult {
            return ChatReply{.text = "```repl\nx\n```"};
        }),
            {.maxDepth = 2},
            [](Cell, HostCalls*, StopToken) -> Task<CellOutput> { co_return CellOutput{.answer = "done"}; });
        caller.asking.context = {.isList = true,
            .spans = {{.file = QStringLiteral("a")}, {.file = QStringLiteral("b")}},
            .names = {"a", "b"}};
        QueryBatch asked = batch(QueryBatch::Kind::Rlm, 3);
        asked.items[1].context = {.kind = ContextValue::Kind::Document, .document = 1};
        asked.items[2].context = {.kind = ContextValue::Kind::Text, .bytes = "copied"};
        QVERIFY(caller.query(asked));
        QCOMPARE(caller.run.repls.specs.size(), 3u);
        QCOMPARE(caller.run.repls.specs[0].context.spans.size(), 2u);
        QVERIFY(caller.run.repls.specs[0].context.isList);
        QCOMPARE(caller.run.repls.specs[1].context.spans.front().file, QStringLiteral("b"));
        QVERIFY(!caller.run.repls.specs[1].context.isList);
        QCOMPARE(caller.run.repls.specs[2].context.value->bytes, "copied");
    }

    void aForgedDocumentIsRefused()
    {
        Caller caller(echo, {.maxDepth = 2});
        for (const int index : {-1, 1, 1'000'000}) {
            QueryBatch asked = batch(QueryBatch::Kind::Rlm, 1);
            asked.items[0].context = {.kind = ContextValue::Kind::Document, .document = index};
            const QueryOutcome outcome = caller.query(asked);
            QVERIFY(!outcome);
            QCOMPARE(outcome.error().exception, "ValueError");
        }
    }

    void childrenOfChildrenDoNotWaitForTheirParentsSlots()
    {
        Caller caller([](const ChatRequest&) -> ModelResult { return ChatReply{.text = "```repl\nx\n```"}; },
            {.maxDepth = 4, .maxConcurrentChildren = 2},
            [](Cell cell, HostCalls* calls, StopToken stop) -> Task<CellOutput> {
                if (cell.path.text().count("call") < 3)
                    co_await calls->query(cell.path, batch(QueryBatch::Kind::Rlm, 3), stop);
                co_return CellOutput{.answer = "done"};
            });
        const QueryOutcome outcome = caller.query(batch(QueryBatch::Kind::Rlm, 5));
        QVERIFY(outcome);
        QCOMPARE(outcome->back().text, "done");
    }

    void anErrorTellsTheModelNothingOfTheMachine()
    {
        Caller caller([](const ChatRequest&) -> ModelResult {
            ModelError error;
            static_cast<Error&>(error)
                = {ErrorCode::ServerFailed, QStringLiteral("sub at http://10.0.0.7/v1 failed after 31 s")};
            return std::unexpected(error);
        });
        QCOMPARE(caller.query(batch(QueryBatch::Kind::Completion, 1)).error().message,
            "The model gave no reply after several tries.");
    }

    void aLimitInAChildReachesItsParentAsOne()
    {
        Caller caller(
            [](const ChatRequest&) -> ModelResult {
                return std::unexpected(
                    ModelError::unsent({ErrorCode::LimitReached, QStringLiteral("no more")}));
            },
            {.maxDepth = 2});
        const QueryOutcome outcome = caller.query(batch(QueryBatch::Kind::Rlm, 1));
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().exception, "LimitReached");
        QCOMPARE(outcome.error().message, "no more");
    }

    void afterASoftStopNothingThatIsQueuedIsSent()
    {
        Caller caller(echo);
        AdmittedModel admitted(caller.run.model, caller.run.gate, 4);
        RunParts parts = caller.run.partsWith(admitted);
        SubCalls calls(parts, caller.asking);
        caller.run.model.latency = 20ms;
        caller.run.model.onSend = [&caller] { caller.run.gate.close(); };
        const QueryOutcome outcome = QCoro::waitFor(
            calls.query(NodePath::root().turn(1).cell(1), batch(QueryBatch::Kind::Completion, 9), {}));
        QVERIFY(outcome);
        QVERIFY((*outcome)[0].ok); // it was in flight
        QVERIFY(!(*outcome)[1].ok);
        QCOMPARE(caller.run.model.requests.size(), 1u);
        QVERIFY(calls.wereStopped());
    }

    void thinkingIsNoPartOfAnAnswer()
    {
        Caller caller(
            [](const ChatRequest&) -> ModelResult { return ChatReply{.text = "<think>hm</think>\n 42"}; });
        QCOMPARE(caller.query(batch(QueryBatch::Kind::Completion, 1))->front().text, "42");
    }
};

QTEST_GUILESS_MAIN(SubCallsTest)
#include "tst_sub_calls.moc"
