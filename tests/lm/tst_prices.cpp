#include "lm/priced_model.h"
#include "lm/tokens.h"

#include <qcorotask.h>

#include <QTest>

using namespace burrow;

namespace {

class UsingModel final : public LanguageModel {
public:
    explicit UsingModel(Usage usage) : m_usage(usage) { }
    Task<ModelResult> complete(ChatRequest, StopToken) override
    {
        ChatReply reply;
        reply.usage = m_usage;
        co_return reply;
    }
    QByteArray endpoint() const override { return "using"; }

private:
    Usage m_usage;
};

std::optional<MicroUsd> priced(Usage usage, const QString& price)
{
    UsingModel inner(usage);
    PriceTable prices;
    if (!prices.add(price))
        return std::nullopt;
    PricedModel model(inner, prices);
    ChatRequest request;
    request.model = "small";
    return QCoro::waitFor(model.complete(request, {}))->usage.cost;
}

} // namespace

class PricesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPriceIsReadExactly_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<qint64>("input");
        QTest::addColumn<qint64>("output");
        const auto row = [](const char* text, const char* model, qint64 input, qint64 output) {
            QTest::newRow(text) << QString::fromUtf8(text) << QByteArray(model) << input << output;
        };
        row("small=0.15/0.60", "small", 150000, 600000);
        row("openai/gpt-x=2.50/10", "openai/gpt-x", 2500000, 10000000);
        row("a=b/c=1/2", "a=b/c", 1000000, 2000000);
        row("free=0/0", "free", 0, 0);
        row("m=.1/3.", "m", 100000, 3000000);
        row("m=0.0000001/0.10000000", "m", 1, 100000);
    }
    void aPriceIsReadExactly()
    {
        QFETCH(QString, text);
        QFETCH(QByteArray, model);
        QFETCH(qint64, input);
        QFETCH(qint64, output);
        PriceTable prices;
        QVERIFY(prices.add(text));
        QCOMPARE(prices.price(model), std::optional(Price{{input}, {output}}));
    }

    void whatIsNoPriceIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text :
            {"", "small", "small=", "small=1", "small=1/", "small=/1", "=1/2", "small=-1/2", "small=1e3/2",
                "small=1,5/2", "small=1.2.3/4", "small=./1", "small=99999999/1", "small= 1/2"})
            QTest::newRow(text) << QString::fromUtf8(text);
    }
    void whatIsNoPriceIsRefused()
    {
        QFETCH(QString, text);
        PriceTable prices;
        const Result<void> result = prices.add(text);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::InvalidArgument);
    }

    void aReplyIsPricedUpToTheNextMillionth_data()
    {
        QTest::addColumn<qint64>("input");
        QTest::addColumn<qint64>("output");
        QTest::addColumn<QString>("price");
        QTest::addColumn<qint64>("cost");
        QTest::newRow("exact") << qint64(1'000'000) << qint64(2'000'000) << QStringLiteral("small=0.15/0.60")
                               << qint64(1'350'000);
        QTest::newRow("rounded once")
            << qint64(1) << qint64(1) << QStringLiteral("small=0.1/0.1") << qint64(1);
        QTest::newRow("just over") << qint64(11) << qint64(0) << QStringLiteral("small=0.1/0") << qint64(2);
        QTest::newRow("nothing used") << qint64(0) << qint64(0) << QStringLiteral("small=5/5") << qint64(0);
        QTest::newRow("never wraps") << qint64(1e12) << qint64(1e12)
                                     << QStringLiteral("small=9999999/9999999")
                                     << std::numeric_limits<qint64>::max();
    }
    void aReplyIsPricedUpToTheNextMillionth()
    {
        QFETCH(qint64, input);
        QFETCH(qint64, output);
        QFETCH(QString, price);
        QFETCH(qint64, cost);
        QCOMPARE(priced({input, output, std::nullopt}, price), std::optional(MicroUsd{cost}));
    }

    void nothingIsInvented()
    {
        const QString price = QStringLiteral("small=1/1");
        QCOMPARE(priced({100, std::nullopt, std::nullopt}, price), std::nullopt);
        QCOMPARE(priced({}, price), std::nullopt);
        QCOMPARE(priced({100, 100, std::nullopt}, QStringLiteral("other=1/1")), std::nullopt);
    }

    void theServersOwnCostStands()
    {
        QCOMPARE(priced({100, 100, MicroUsd{7}}, QStringLiteral("small=1/1")), std::optional(MicroUsd{7}));
    }

    void anUpperEstimateCountsThePromptAndTheMostOutput()
    {
        PriceTable prices;
        QVERIFY(prices.add(QStringLiteral("small=1/2")));
        ChatRequest request;
        request.model = "small";
        request.maxOutputTokens = 1000;
        request.messages = {{Role::User, QByteArray(2000, 'x')}};
        const qint64 input = upperTokenEstimate(request.messages);
        QVERIFY(input >= 1000);
        QCOMPARE(prices.upperEstimate(request), std::optional(MicroUsd{input + 2000}));
        request.model = "unpriced";
        QCOMPARE(prices.upperEstimate(request), std::nullopt);
    }

    void tokensAreEstimatedUpwards_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("tokens");
        QTest::newRow("empty") << QByteArray() << qint64(0);
        QTest::newRow("one letter") << QByteArray("a") << qint64(1);
        QTest::newRow("three letters") << QByteArray("abc") << qint64(2);
        QTest::newRow("Chinese") << QByteArray("中文") << qint64(6);
        QTest::newRow("mixed") << QByteArray("ab中🦊") << qint64(8);
    }
    void tokensAreEstimatedUpwards()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, tokens);
        QCOMPARE(upperTokenEstimate(text), tokens);
    }
};

QTEST_GUILESS_MAIN(PricesTest)
#include "tst_prices.moc"
