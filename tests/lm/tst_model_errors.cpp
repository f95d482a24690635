// What goes wrong between a model's server and us, each with its own error.
#include "lm_fixture.h"

#include "lm/model_errors.h"

#include <QTest>

using namespace burrow;
using namespace burrow::test;
using namespace std::chrono_literals;

namespace {

ScriptedReply withHeader(ScriptedReply reply, const QByteArray& header)
{
    reply.headers.push_back(header);
    return reply;
}

ScriptedReply withBody(int status, const QByteArray& body, const QByteArray& type = "application/json")
{
    ScriptedReply reply;
    reply.status = status;
    reply.body = body;
    reply.contentType = type;
    return reply;
}

/// A stream that says "partial " and then @p rest.
ScriptedReply streamThen(const QByteArray& rest)
{
    return streamOf(dataEvent(R"({"choices":[{"delta":{"content":"partial "}}]})") + rest);
}

} // namespace

Q_DECLARE_METATYPE(burrow::test::ScriptedReply)

class ModelErrorsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachRefusalHasItsOwnError_data()
    {
        QTest::addColumn<ScriptedReply>("reply");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<bool>("retryable");
        const auto row = [](const char* name, const ScriptedReply& reply, ErrorCode code, bool retryable) {
            QTest::newRow(name) << reply << code << retryable;
        };
        row("401", errorReply(401, "Incorrect API key provided"), ErrorCode::WrongKey, false);
        row("403", errorReply(403, "Country not supported"), ErrorCode::WrongKey, false);
        row("404", errorReply(404, "model 'x' not found, try pulling it first"), ErrorCode::UnknownModel,
            false);
        row("404 page", withBody(404, "<html>nginx</html>", "text/html"), ErrorCode::UnknownModel, false);
        row("400 model", errorReply(400, "x is not a valid model ID"), ErrorCode::UnknownModel, false);
        row("code", errorReply(400, "?", "model_not_found"), ErrorCode::UnknownModel, false);
        row("402", errorReply(402, "Payment required"), ErrorCode::RequestRejected, false);
        row("quota", errorReply(429, "You exceeded your current quota", "insufficient_quota"),
            ErrorCode::RequestRejected, false);
        row("429", errorReply(429, "Rate limit reached"), ErrorCode::RateLimited, true);
        row("429 on tokens", errorReply(429, "Request too large: the context window of your tier"),
            ErrorCode::RateLimited, true);
        for (const int status : {408, 409, 425, 500, 502, 503, 504, 529})
            row(QByteArray::number(status).constData(), errorReply(status, "busy"), ErrorCode::ServerFailed,
                true);
        row("400", errorReply(400, "temperature must be positive"), ErrorCode::RequestRejected, false);
        row("422", withBody(422, R"({"detail":[{"msg":"field required"}]})"), ErrorCode::RequestRejected,
            false);
        row("filter", errorReply(400, "The response was filtered", "content_filter"),
            ErrorCode::ContentFiltered, false);
        row("moderation", errorReply(403, "Your input was flagged by moderation"), ErrorCode::ContentFiltered,
            false);
        row("413", withBody(413, "too big", "text/plain"), ErrorCode::WindowExceeded, false);
        row("empty body", withBody(500, ""), ErrorCode::ServerFailed, true);
        row("list", withBody(400, R"([{"error":{"code":400,"message":"prompt is too long"}}])"),
            ErrorCode::WindowExceeded, false);
        row("deep", withBody(400, QByteArray(50000, '[')), ErrorCode::RequestRejected, false);
        row("endless body", withBody(400, QByteArray(3'000'000, 'x')), ErrorCode::RequestRejected, false);
    }
    void eachRefusalHasItsOwnError()
    {
        QFETCH(ScriptedReply, reply);
        LmFixture fixture(reply);
        const ModelResult result = fixture.ask();
        QVERIFY(!result);
        QTEST(result.error().code, "code");
        QTEST(result.error().retryable, "retryable");
        QVERIFY(result.error().sent);
        QVERIFY(!result.error().outcomeUnknown()); // nobody charges for it
        QVERIFY(result.error().message.contains(QStringLiteral("small")));
        QVERIFY(result.error().message.contains(QString::fromUtf8(fixture.server.baseUrl())));
        QVERIFY(result.error().message.size() < 600);
        QCOMPARE(fixture.server.requestCount(), 1);
    }

    void aFullWindowIsRecognisedInEveryServersWords_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, int status, const char* message) {
            QTest::newRow(name) << status << QByteArray(message);
        };
        row("OpenAI", 400,
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 "
            "tokens.");
        row("OpenAI, newer", 400, "Your input exceeds the context window of this model.");
        row("llama.cpp", 400, "the request exceeds the available context size, try increasing it");
        row("llama.cpp, while it runs", 500, "Context size has been exceeded.");
        row("vLLM", 400,
            "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length "
            "is "
            "4096 tokens and your request has 100 input tokens");
        row("vLLM, older", 400,
            "The decoder prompt (length 9) is longer than the maximum model length of 4.");
        row("Ollama", 400, "the input length exceeds the context length");
        row("Ollama, newer", 400, "prompt too long; exceeded max context length by 4 tokens");
        row("LM Studio", 400,
            "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded "
            "with "
            "context length of only 4096 tokens");
        row("TGI", 422, "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048");
        row("Mistral", 400,
            "Prompt contains 40000 tokens, too large for model with 32768 maximum context length");
        row("Google", 400, "The input token count (9) exceeds the maximum number of tokens allowed (4).");
        row("Anthropic", 400, "prompt is too long: 9 tokens > 4 maximum");
        row("Groq", 400, "Please reduce the length of the messages or completion.");
    }
    void aFullWindowIsRecognisedInEveryServersWords()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, message);
        LmFixture refused(errorReply(status, message));
        const ModelResult result = refused.ask();
        QCOMPARE(result.error().code, ErrorCode::WindowExceeded);
        QVERIFY(!result.error().retryable);
        LmFixture streaming(streamThen(R"(data: {"error":{"message":)" + jsonString(message) + "}}\n\n"));
        QCOMPARE(streaming.ask().error().code, ErrorCode::WindowExceeded);
    }

    void anErrorInsideAStreamKeepsWhatCame_data()
    {
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<bool>("retryable");
        const auto row = [](const char* name, const char* event, ErrorCode code, bool retryable) {
            QTest::newRow(name) << QByteArray(event) << code << retryable;
        };
        row("status", R"({"error":{"code":502,"message":"Provider disconnected"},"choices":[]})",
            ErrorCode::ServerFailed, true);
        row("status as text", R"({"error":{"code":"429","message":"slow down"}})", ErrorCode::RateLimited,
            true);
        row("words", R"({"error":"something broke"})", ErrorCode::ServerFailed, true);
        row("credit", R"({"error":{"code":402,"message":"no credit"}})", ErrorCode::RequestRejected, false);
        row("no words", R"({"error":{}})", ErrorCode::ServerFailed, true);
        row("not JSON", "so sorry", ErrorCode::MalformedReply, false);
        row("filter", R"({"choices":[{"delta":{},"finish_reason":"content_filter"}]})",
            ErrorCode::ContentFiltered, false);
    }
    void anErrorInsideAStreamKeepsWhatCame()
    {
        QFETCH(QByteArray, event);
        LmFixture fixture(streamThen("data: " + event + "\n\ndata: [DONE]\n\n"));
        const ModelResult result = fixture.ask();
        QVERIFY(!result);
        QTEST(result.error().code, "code");
        QTEST(result.error().retryable, "retryable");
        QCOMPARE(result.error().partialText, "partial ");
    }

    void aCutStreamKeepsWhatCame_data()
    {
        QTest::addColumn<ScriptedReply>("reply");
        QTest::newRow("ended early") << streamThen({});
        QTest::newRow("inside an event")
            << streamThen("data: {\"choices\":[{\"de"); // moc misreads an odd quote in a raw string
        ScriptedReply dropped = streamThen("data: ");
        dropped.cutAfter = dropped.pieces.front().bytes.size();
        QTest::newRow("connection dropped") << dropped;
        ScriptedReply nothing = streamOf(QByteArray(100, ' '));
        nothing.cutAfter = 10;
        QTest::newRow("connection dropped before the first word") << nothing;
    }
    void aCutStreamKeepsWhatCame()
    {
        QFETCH(ScriptedReply, reply);
        LmFixture fixture(reply);
        const ModelResult result = fixture.ask();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::StreamCut);
        QVERIFY(result.error().retryable);
        QCOMPARE(result.error().partialText,
            reply.pieces.front().bytes.contains("partial") ? "partial " : QByteArray());
    }

    void aStreamCutAfterItsLastWordIsAReply()
    {
        ScriptedReply reply
            = streamThen(dataEvent(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})") + "xxx");
        reply.cutAfter = reply.pieces.front().bytes.size() - 2;
        LmFixture fixture(reply);
        const ModelResult result = fixture.ask();
        QVERIFY(result);
        QCOMPARE(result->text, "partial ");
    }

    void aMalformedReplyIsNamed_data()
    {
        QTest::addColumn<ScriptedReply>("reply");
        QTest::newRow("half an object") << withBody(200, R"({"choices":[{"message":{"content":"x")");
        QTest::newRow("a web page") << withBody(200, "<!DOCTYPE html><title>Sign in</title>", "text/html");
        QTest::newRow("nothing") << withBody(200, "");
        QTest::newRow("no content") << withBody(204, "");
        QTest::newRow("a stream of nothing") << streamOf("\n");
        QTest::newRow("null") << withBody(200, "null");
        QTest::newRow("a text") << withBody(200, "\"ok\"");
        QTest::newRow("a number") << withBody(200, "0");
        QTest::newRow("no message") << withBody(200, R"({"choices":[]})");
        QTest::newRow("another interface") << withBody(200, R"({"models":["a"]})");
        QTest::newRow("a bare word in an event") << streamOf("data: hello\n\n");
        QTest::newRow("too deep") << withBody(200, QByteArray(1'000'000, '['));
        ScriptedReply garbage;
        garbage.raw = {{"SSH-2.0-OpenSSH_9.2\r\n"}};
        garbage.close = true;
        QTest::newRow("not HTTP") << garbage;
    }
    void aMalformedReplyIsNamed()
    {
        QFETCH(ScriptedReply, reply);
        LmFixture fixture(reply);
        const ModelResult result = fixture.ask();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::MalformedReply);
        QVERIFY(!result.error().retryable);
    }

    void theServersWaitIsRead_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("milliseconds");
        QTest::newRow("seconds") << QByteArray("Retry-After: 7") << 7000;
        QTest::newRow("zero") << QByteArray("retry-after: 0") << 0;
        QTest::newRow("a fraction") << QByteArray("Retry-After: 0.5") << 500;
        QTest::newRow("milliseconds") << QByteArray("Retry-After-Ms: 1234") << 1234;
        QTest::newRow("a past date") << QByteArray("Retry-After: Wed, 21 Oct 2015 07:28:00 GMT") << 0;
        QTest::newRow("none") << QByteArray("X-Other: 7") << -1;
        QTest::newRow("negative") << QByteArray("Retry-After: -7") << -1;
        QTest::newRow("words") << QByteArray("Retry-After: soon") << -1;
    }
    void theServersWaitIsRead()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, milliseconds);
        for (const int status : {429, 503}) {
            LmFixture fixture(withHeader(errorReply(status, "wait"), header));
            QCOMPARE(int(fixture.ask().error().retryAfter.value_or(-1ms).count()), milliseconds);
        }
    }

    void aDateToWaitForCountsFromNow()
    {
        HttpHead head;
        head.fields = {{"retry-after", "Wed, 21 Oct 2015 07:28:30 GMT"}};
        const std::chrono::seconds now(1445412480); // 30 s before
        QCOMPARE(retryAfter(head, now), std::optional<std::chrono::milliseconds>(30s));
    }

    void aServersWordsAreMadeHarmless()
    {
        LmFixture fixture(errorReply(400, "red \x1b[31m\n\u202Eline " + QByteArray(1000, 'x')));
        const QString message = fixture.ask().error().message;
        QVERIFY(!message.contains(QChar(0x1b)));
        QVERIFY(!message.contains(QChar(0x202e)));
        QVERIFY(!message.contains(u'\n'));
        QVERIFY(message.contains(QStringLiteral("red")));
        QVERIFY(message.size() < 600);
    }

    void noSecretComesOutOfAnything_data()
    {
        QTest::addColumn<ScriptedReply>("reply");
        const QByteArray key = secretKey();
        const QByteArray escaped = "\\u0073" + key.sliced(1);
        QTest::newRow("an error") << errorReply(401, "Incorrect API key provided: " + key);
        QTest::newRow("an escaped error") << withBody(401, R"({"error":{"message":")" + escaped + R"("}})");
        QTest::newRow("cut by the length of quotes")
            << withBody(400, R"({"error":{"message":")" + QByteArray(290, 'x') + escaped + R"("}})");
        QTest::newRow("a page") << withBody(200, "<html>" + key, "text/html");
        QTest::newRow("a malformed event") << streamOf("data: " + key + "\n\n", 3);
        QTest::newRow("a redirect") << withHeader(
            withBody(302, ""), "Location: https://" + key + ".example.com/");
        QTest::newRow("a reply") << whole("your key is " + key);
        QTest::newRow("a stream in pieces") << streamOf(sse(key).pieces[1].bytes + "data: [DONE]\n\n", 5);
        QTest::newRow("a key over two events")
            << streamOf(dataEvent(R"({"model":"sk-s","choices":[{"delta":{"content":"sk-secret-"}}]})")
                   + dataEvent(R"({"choices":[{"delta":{"content":"0123456789"}}]})") + dataEvent("[DONE]"));
        QTest::newRow("a key in a cut stream")
            << streamOf(dataEvent(R"({"choices":[{"delta":{"content":"sk-secret-"}}]})")
                   + dataEvent(R"({"choices":[{"delta":{"content":"0123456789"}}]})"));
        QTest::newRow("the served model and notes") << withBody(200,
            R"({"model":")" + escaped + R"(","choices":[{"message":{"content":"x","reasoning":")" + escaped
                + R"("}}]})");
    }
    void noSecretComesOutOfAnything()
    {
        QFETCH(ScriptedReply, reply);
        LmFixture fixture(reply);
        const ModelResult result = fixture.ask();
        QByteArray all = result ? result->text + result->reasoning + result->servedModel
                                : result.error().message.toUtf8() + result.error().partialText;
        QVERIFY2(!all.contains("secret-0123"), all.constData());
        QVERIFY2(!all.contains("sk-secre"), all.constData());
    }
};

QTEST_GUILESS_MAIN(ModelErrorsTest)
#include "tst_model_errors.moc"
