#include "lm_fixture.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace burrow;
using namespace burrow::test;
using namespace std::chrono_literals;

namespace {

QByteArray content(const QByteArray& text)
{
    return dataEvent(
        R"({"choices":[{"delta":{"content":)" + jsonString(text) + R"(},"finish_reason":null}]})");
}

const QByteArray stopEvent = dataEvent(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})");
const QByteArray doneEvent = dataEvent("[DONE]");

nlohmann::json sentBody(const LmFixture& fixture)
{
    const QByteArray body = fixture.server.requests().back().body;
    return nlohmann::json::parse(body.begin(), body.end());
}

Task<void> askInto(
    OpenAiCompatible* model, ChatRequest request, StopToken stop, std::optional<ModelResult>* result)
{
    *result = co_await model->complete(std::move(request), std::move(stop));
}

} // namespace

class OpenAiCompatibleTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStreamedReplyIsPutTogether()
    {
        LmFixture fixture(sse("one two three", ScriptedUsage{11, 3, 0.000123}));
        const ModelResult reply = fixture.ask();
        QVERIFY(reply);
        QCOMPARE(reply->text, "one two three");
        QCOMPARE(reply->servedModel, "scripted");
        QCOMPARE(reply->finish, FinishReason::Stop);
        QCOMPARE(reply->usage, (Usage{11, 3, MicroUsd{123}}));
        QVERIFY(!reply->reused);
    }

    void theRequestIsWhatTheInterfaceAsksFor()
    {
        LmFixture fixture(chatReply("ok"));
        ChatRequest request = requestFor("a \"quoted\" line\nwith \x01, \\, tab\t and Grüße 🦊");
        request.messages.insert(request.messages.begin(), Message{Role::System, "be brief"});
        request.messages.push_back({Role::Assistant, "said"});
        request.temperature = 0.25;
        QVERIFY(fixture.ask(request));
        const ScriptedRequest sent = fixture.server.requests().front();
        QCOMPARE(sent.method(), "POST");
        QCOMPARE(sent.path(), "/v1/chat/completions");
        QCOMPARE(sent.header("authorization"), "Bearer " + secretKey());
        QCOMPARE(sent.header("content-type"), "application/json");
        QVERIFY(sent.header("expect").isNull());
        const nlohmann::json expected = {{"model", "small"}, {"stream", true},
            {"stream_options", {{"include_usage", true}}}, {"max_tokens", 100}, {"temperature", 0.25},
            {"messages",
                {{{"role", "system"}, {"content", "be brief"}},
                    {{"role", "user"}, {"content", request.messages[1].text.toStdString()}},
                    {{"role", "assistant"}, {"content", "said"}}}}};
        QVERIFY(sentBody(fixture) == expected);
    }

    void serversThatDifferFromTheBookAreUnderstood_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArray>("text");
        const QByteArray plain = content("Grü") + content("ße 🦊") + stopEvent + doneEvent;
        QTest::newRow("crlf") << QByteArray(plain).replace("\n", "\r\n") << QByteArray("Grüße 🦊");
        QTest::newRow("cr") << QByteArray(plain).replace("\n", "\r") << QByteArray("Grüße 🦊");
        QTest::newRow("comments") << ": PROCESSING\n\n" + QByteArray(plain).replace("data:", ": x\ndata:")
                                  << QByteArray("Grüße 🦊");
        QTest::newRow("no space after the colon")
            << QByteArray(plain).replace("data: ", "data:") << QByteArray("Grüße 🦊");
        QTest::newRow("no DONE") << content("a") + stopEvent << QByteArray("a");
        QTest::newRow("no finish reason") << content("a") + doneEvent << QByteArray("a");
        QTest::newRow("no last blank line")
            << (content("a") + stopEvent + doneEvent).trimmed() << QByteArray("a");
        QTest::newRow("byte order mark") << "\xEF\xBB\xBF" + plain << QByteArray("Grüße 🦊");
        QTest::newRow("named events")
            << QByteArray(plain).replace("data:", "event: message\ndata:") << QByteArray("Grüße 🦊");
        QTest::newRow("invalid UTF-8")
            << content("a") + dataEvent("{\"choices\":[{\"delta\":{\"content\":\"\xE2\x82\"}}]}") + stopEvent
            << QByteArray("a\uFFFD\uFFFD");
        QTest::newRow("half a surrogate pair")
            << dataEvent(R"({"choices":[{"delta":{"content":"\\u0041 \ud83d"}}]})") + stopEvent
            << QByteArray("\\u0041 \uFFFD");
        QTest::newRow("content in parts")
            << dataEvent(
                   R"({"choices":[{"delta":{"content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]}}]})")
                + stopEvent
            << QByteArray("xy");
        QTest::newRow("one JSON object")
            << QByteArray(R"({"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}]})")
            << QByteArray("whole");
        QTest::newRow("one JSON object after spaces")
            << QByteArray("\r\n  {\"choices\":[{\"message\":{\"content\":\"whole\"}}]}\n")
            << QByteArray("whole");
        QTest::newRow("an empty reply") << stopEvent + doneEvent << QByteArray("");
        QTest::newRow("fields of the wrong type")
            << dataEvent(
                   R"({"model":7,"usage":"x","choices":[{"delta":{"content":"a","reasoning":3},"finish_reason":0}]})")
                + stopEvent
            << QByteArray("a");
    }
    void serversThatDifferFromTheBookAreUnderstood()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QByteArray, text);
        for (const qsizetype pieceSize : {qsizetype(1) << 20, qsizetype(7), qsizetype(1)}) {
            LmFixture fixture(streamOf(stream, pieceSize));
            const ModelResult reply = fixture.ask();
            QVERIFY2(reply, qPrintable(reply ? QString() : reply.error().message));
            QCOMPARE(reply->text, text);
        }
    }

    void aServerThatIgnoresStreamAndSendsNoUsageIsUnderstood()
    {
        LmFixture fixture(whole("plain answer"));
        const ModelResult reply = fixture.ask();
        QVERIFY(reply);
        QCOMPARE(reply->text, "plain answer");
        QCOMPARE(reply->usage, Usage());
    }

    void usageIsTakenWhereItIsBelievable_data()
    {
        QTest::addColumn<QByteArray>("usage");
        QTest::addColumn<qint64>("input");
        QTest::addColumn<qint64>("microUsd");
        QTest::newRow("whole") << QByteArray(R"({"prompt_tokens":5,"cost":0.5})") << qint64(5)
                               << qint64(500000);
        QTest::newRow("exact") << QByteArray(R"({"prompt_tokens":5,"cost":0.000123})") << qint64(5)
                               << qint64(123);
        QTest::newRow("rounded up") << QByteArray(R"({"cost":0.0000001})") << qint64(-1) << qint64(1);
        QTest::newRow("free") << QByteArray(R"({"prompt_tokens":0,"cost":0})") << qint64(0) << qint64(0);
        QTest::newRow("negative") << QByteArray(R"({"prompt_tokens":-5,"cost":-1})") << qint64(-1)
                                  << qint64(-1);
        QTest::newRow("huge") << QByteArray(R"({"prompt_tokens":1e300,"cost":1e300})") << qint64(-1)
                              << qint64(-1);
        QTest::newRow("text") << QByteArray(R"({"prompt_tokens":"5","cost":"1"})") << qint64(-1)
                              << qint64(-1);
        QTest::newRow("null") << QByteArray("null") << qint64(-1) << qint64(-1);
    }
    void usageIsTakenWhereItIsBelievable()
    {
        QFETCH(QByteArray, usage);
        QFETCH(qint64, input);
        QFETCH(qint64, microUsd);
        LmFixture fixture(
            streamOf(stopEvent + dataEvent(R"({"choices":[],"usage":)" + usage + "}") + doneEvent));
        const ModelResult reply = fixture.ask();
        QVERIFY(reply);
        QCOMPARE(reply->usage.inputTokens.value_or(-1), input);
        QCOMPARE(reply->usage.cost.value_or(MicroUsd{-1}).value, microUsd);
    }

    void aThinkingModelsNotesAreKeptApart()
    {
        LmFixture fixture(streamOf(dataEvent(R"({"choices":[{"delta":{"reasoning_content":"let me "}}]})")
            + dataEvent(R"({"choices":[{"delta":{"reasoning":"think"}}]})") + content("answer") + stopEvent));
        const ModelResult reply = fixture.ask();
        QVERIFY(reply);
        QCOMPARE(reply->reasoning, "let me think");
        QCOMPARE(reply->text, "answer");
    }

    void aReplyCutByTheTokenLimitSaysSo()
    {
        LmFixture fixture(streamOf(content("half")
            + dataEvent(R"({"choices":[{"delta":{},"finish_reason":"length"}]})") + doneEvent));
        const ModelResult reply = fixture.ask();
        QVERIFY(reply);
        QCOMPARE(reply->finish, FinishReason::Length);
    }

    void connectionsAreKeptAlive()
    {
        LmFixture fixture(chatReply("ok"));
        for (int i = 0; i < 20; ++i)
            QVERIFY(fixture.ask());
        QCOMPARE(fixture.server.connectionCount(), 1);
    }

    void aStopIsFeltAtOnceAndKeepsWhatCame()
    {
        ScriptedReply reply = streamOf(content("first "));
        reply.pieces.push_back({content("never"), 1h});
        LmFixture fixture(reply);
        std::stop_source stop;
        std::optional<ModelResult> result;
        const Task<void> task = askInto(&fixture.model, requestFor("x"), stop.get_token(), &result);
        QTRY_COMPARE(fixture.server.requestCount(), 1);
        QTest::qWait(20);
        QVERIFY(!result);
        stop.request_stop();
        QVERIFY(result); // before any event is handled
        QCOMPARE(result->error().code, ErrorCode::Cancelled);
        QCOMPARE(result->error().partialText, "first ");
        QVERIFY(result->error().sent);
        QTRY_COMPARE(fixture.server.abandonedCount(), 1);
    }

    void aStopBeforeTheRequestSendsNothing()
    {
        LmFixture fixture(chatReply("ok"));
        std::stop_source stop;
        stop.request_stop();
        const ModelResult result = fixture.ask(requestFor("x"), stop.get_token());
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
        QVERIFY(!result.error().sent);
        QCOMPARE(fixture.server.requestCount(), 0);
    }

    void aDialectIsLearnedFromTheServersRefusal_data()
    {
        QTest::addColumn<QByteArray>("refusal");
        QTest::addColumn<QByteArray>("without");
        QTest::addColumn<QByteArray>("with");
        QTest::newRow("max_completion_tokens")
            << QByteArray("Unsupported parameter: 'max_tokens' is not supported with this model. "
                          "Use 'max_completion_tokens' instead.")
            << QByteArray("\"max_tokens\"") << QByteArray("\"max_completion_tokens\"");
        QTest::newRow("stream_options")
            << QByteArray("Unrecognized request argument supplied: stream_options")
            << QByteArray("\"stream_options\"") << QByteArray("\"max_tokens\"");
    }
    void aDialectIsLearnedFromTheServersRefusal()
    {
        QFETCH(QByteArray, refusal);
        QFETCH(QByteArray, without);
        QFETCH(QByteArray, with);
        LmFixture fixture([=](const ScriptedRequest& request) {
            return request.body.contains(without) ? errorReply(400, refusal) : chatReply("ok");
        });
        const ModelResult first = fixture.ask();
        QVERIFY(!first);
        QVERIFY(first.error().retryable);
        QCOMPARE(first.error().retryAfter, std::optional(0ms));
        QCOMPARE(fixture.server.requestCount(), 1); // a second one would be unaccounted
        QVERIFY(fixture.ask());
        QVERIFY(fixture.server.requests().back().body.contains(with));
        QVERIFY(fixture.ask());
        QCOMPARE(fixture.server.requestCount(), 3);
        QVERIFY(!fixture.ask(requestFor("x", "another model")));
    }

    void aRefusalThatNoDialectCuresIsFinal()
    {
        LmFixture fixture(errorReply(400, "max_completion_tokens and stream_options are too much for me"));
        QVERIFY(fixture.ask().error().retryable);
        QVERIFY(!fixture.ask().error().retryable);
    }

    void aBrokenKeptConnectionIsNotTriedAgainUnseen()
    {
        std::atomic<int> count = 0;
        LmFixture fixture([&count](const ScriptedRequest&) {
            ScriptedReply cut = streamOf("x");
            cut.raw = {{"H"}};
            cut.cutAfter = 0;
            return ++count == 2 ? cut : chatReply("ok");
        });
        QVERIFY(fixture.ask());
        const ModelResult second = fixture.ask();
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Unreachable);
        QVERIFY(second.error().retryable);
        QVERIFY(second.error().sent);
        QCOMPARE(fixture.server.requestCount(), 2);
    }

    void manyCallsAreInFlightAtOnce()
    {
        ScriptedReply slow = chatReply("ok");
        slow.latency = 100ms;
        LmFixture fixture(slow);
        std::vector<std::optional<ModelResult>> results(200);
        std::vector<Task<void>> tasks;
        for (std::optional<ModelResult>& result : results)
            tasks.push_back(askInto(&fixture.model, requestFor("x"), {}, &result));
        for (const std::optional<ModelResult>& result : results) {
            QTRY_VERIFY(result);
            QVERIFY(*result);
        }
        QVERIFY(fixture.server.mostInFlight() >= 64);
    }
};

QTEST_GUILESS_MAIN(OpenAiCompatibleTest)
#include "tst_openai_compatible.moc"
