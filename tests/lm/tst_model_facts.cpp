#include "lm_fixture.h"

#include "lm/model_window.h"

#include <QElapsedTimer>
#include <QTest>

using namespace burrow;
using namespace burrow::test;
using namespace std::chrono_literals;

namespace {

std::optional<qint64> windowFrom(const ScriptedReply& reply, const QByteArray& model = "m")
{
    LmFixture fixture(reply);
    ModelWindow windows(fixture.endpoint(), fixture.transport);
    return QCoro::waitFor(windows.window(model, {}));
}

Task<void> windowInto(ModelWindow* windows, QByteArray model, std::optional<qint64>* tokens)
{
    *tokens = co_await windows->window(std::move(model), {});
}

ScriptedReply listOf(const QByteArray& entry)
{
    ScriptedReply reply;
    reply.body = R"({"object":"list","data":[{"id":"other","context_length":1},)" + entry + "]}";
    return reply;
}

} // namespace

class ModelWindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theWindowIsFoundWhereServersPutIt_data()
    {
        QTest::addColumn<QByteArray>("entry");
        QTest::addColumn<qint64>("tokens");
        const auto row = [](const char* name, const char* entry, qint64 tokens) {
            QTest::newRow(name) << QByteArray(entry) << tokens;
        };
        row("OpenRouter", R"({"id":"m","context_length":200000,"top_provider":{"context_length":128000}})",
            128000);
        row("vLLM", R"({"id":"m","max_model_len":32768})", 32768);
        row("Groq", R"({"id":"m","context_window":131072})", 131072);
        row("llama.cpp", R"({"id":"m","meta":{"n_ctx_train":40960}})", 40960);
        row("says nothing", R"({"id":"m"})", -1);
        row("of another type", R"({"id":"m","context_length":"many","meta":7})", -1);
        row("zero", R"({"id":"m","context_length":0})", -1);
        row("negative", R"({"id":"m","context_length":-5})", -1);
        row("not an object", R"("m")", -1);
        row("another model", R"({"id":"n","context_length":7})", -1);
    }
    void theWindowIsFoundWhereServersPutIt()
    {
        QFETCH(QByteArray, entry);
        QFETCH(qint64, tokens);
        QCOMPARE(windowFrom(listOf(entry)).value_or(-1), tokens);
    }

    void aServerWithoutAListIsNoError()
    {
        QCOMPARE(windowFrom(errorReply(404, "no such path")), std::nullopt);
        QCOMPARE(windowFrom(sse("not JSON")), std::nullopt);
    }

    void theListIsAskedForOnceWithTheKey()
    {
        LmFixture fixture(listOf(R"({"id":"m","context_length":9})"));
        ModelWindow windows(fixture.endpoint(), fixture.transport);
        std::array<std::optional<qint64>, 3> tokens;
        std::vector<Task<void>> tasks;
        for (std::optional<qint64>& answer : tokens)
            tasks.push_back(windowInto(&windows, "m", &answer));
        for (const std::optional<qint64>& answer : tokens)
            QTRY_COMPARE(answer, std::optional<qint64>(9));
        QCOMPARE(QCoro::waitFor(windows.window("other", {})), std::optional<qint64>(1));
        QCOMPARE(fixture.server.requestCount(), 1);
        const ScriptedRequest request = fixture.server.requests().front();
        QCOMPARE(request.method(), "GET");
        QCOMPARE(request.path(), "/v1/models");
        QCOMPARE(request.header("authorization"), "Bearer " + secretKey());
    }

    void aSilentServerIsWaitedForOneSecond()
    {
        ScriptedReply silent;
        silent.neverAnswer = true;
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(windowFrom(silent), std::nullopt);
        QVERIFY(timer.elapsed() < 3'000);
    }
};

QTEST_GUILESS_MAIN(ModelWindowTest)
#include "tst_model_window.moc"
