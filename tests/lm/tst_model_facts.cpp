#include "lm_fixture.h"

#include "lm/model_facts.h"

#include <QElapsedTimer>
#include <QTest>

using namespace burrow;
using namespace burrow::test;
using namespace std::chrono_literals;

namespace {

ListedModel factFrom(const ScriptedReply& reply)
{
    LmFixture fixture(reply);
    ModelFacts facts(fixture.endpoint(), fixture.transport);
    return QCoro::waitFor(facts.of("m", {}));
}

Task<void> windowInto(ModelFacts* facts, QByteArray model, std::optional<qint64>* tokens)
{
    *tokens = (co_await facts->of(std::move(model), {})).window;
}

ScriptedReply listOf(const QByteArray& entry)
{
    ScriptedReply reply;
    reply.body = R"({"object":"list","data":[{"id":"other","context_length":1},)" + entry + "]}";
    return reply;
}

} // namespace

class ModelFactsTest : public QObject {
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
        QCOMPARE(factFrom(listOf(entry)).window.value_or(-1), tokens);
    }

    void thePriceIsOneForAMillionTokens_data()
    {
        QTest::addColumn<QByteArray>("pricing");
        QTest::addColumn<QString>("price");
        const auto row = [](const char* name, const char* pricing, const char* price) {
            QTest::newRow(name) << QByteArray(pricing) << QString::fromLatin1(price);
        };
        row("texts", R"({"prompt":"0.0000025","completion":"0.00001","request":"0"})",
            "m=2.500000/10.000000");
        row("numbers", R"({"prompt":1e-7,"completion":6e-7})", "m=0.100000/0.600000");
        row("rounded up", R"({"prompt":"0.0000000000001","completion":"0"})", "m=0.000001/0.000000");
        row("free", R"({"prompt":"0","completion":"0"})", "m=0.000000/0.000000");
        row("half of it", R"({"prompt":"0.0000025"})", "");
        row("not known", R"({"prompt":"-1","completion":"-1"})", "");
        row("no number", R"({"prompt":"cheap","completion":[]})", "");
        row("more than a token could cost", R"({"prompt":"2","completion":"nan"})", "");
        row("a fee for each request, too", R"({"prompt":"0.1","completion":"0.1","request":"0.01"})", "");
        row("no object", "7", "");
    }
    void thePriceIsOneForAMillionTokens()
    {
        QFETCH(QByteArray, pricing);
        QFETCH(QString, price);
        const ListedModel fact = factFrom(listOf(R"({"id":"m","pricing":)" + pricing + "}"));
        QCOMPARE(fact.price ? PriceTable::text("m", *fact.price) : QString(), price);
        PriceTable table;
        if (fact.price)
            QVERIFY(table.add(price) && table.price("m") == fact.price);
    }

    void aServerWithoutAListIsNoError()
    {
        QCOMPARE(factFrom(errorReply(404, "no such path")).window, std::nullopt);
        QCOMPARE(factFrom(sse("not JSON")).window, std::nullopt);
    }

    void theListIsAskedForOnceWithTheKey()
    {
        LmFixture fixture(listOf(R"({"id":"m","context_length":9})"));
        ModelFacts facts(fixture.endpoint(), fixture.transport);
        std::array<std::optional<qint64>, 3> tokens;
        std::vector<Task<void>> tasks;
        for (std::optional<qint64>& answer : tokens)
            tasks.push_back(windowInto(&facts, "m", &answer));
        for (const std::optional<qint64>& answer : tokens)
            QTRY_COMPARE(answer, std::optional<qint64>(9));
        QCOMPARE(QCoro::waitFor(facts.of("other", {})).window, std::optional<qint64>(1));
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
        QCOMPARE(factFrom(silent).window, std::nullopt);
        QVERIFY(timer.elapsed() < 3'000);
    }
};

QTEST_GUILESS_MAIN(ModelFactsTest)
#include "tst_model_facts.moc"
