#include "engine/budget.h"
#include "engine/budgeted_model.h"

#include "fakes.h"

#include <QTest>

using namespace burrow;
using namespace burrow::testing;

namespace {

ChatRequest request(NodePath path, int maxOutputTokens = 100)
{
    return {.path = std::move(path),
        .model = "m",
        .messages = {{Role::User, "hello"}},
        .maxOutputTokens = maxOutputTokens};
}

NodePath call(int ordinal)
{
    return NodePath::root().turn(1).cell(1).call(ordinal);
}

std::optional<MicroUsd> tenCents(const ChatRequest&)
{
    return MicroUsd{100'000};
}

} // namespace

class BudgetTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void requestsInFlightCannotPassALimitTogether()
    {
        Budget budget({.maxCost = MicroUsd{250'000}}, tenCents);
        QVERIFY(budget.admit(request(call(1))));
        QVERIFY(budget.admit(request(call(2))));
        const auto third = budget.admit(request(call(3)));
        QVERIFY(!third);
        QCOMPARE(third.error().code, ErrorCode::LimitReached);
        budget.settle(call(1), {.cost = MicroUsd{10'000}});
        QVERIFY(budget.admit(request(call(3))));
        QCOMPARE(budget.spent().cost, MicroUsd{10'000});
    }

    void aBatchIsReservedWholeOrNotAtAll()
    {
        Budget budget({.maxCalls = 3}, tenCents);
        const std::vector<ChatRequest> four{
            request(call(1)), request(call(2)), request(call(3)), request(call(4))};
        QVERIFY(!budget.reserve(four));
        QVERIFY(budget.reserve(std::span(four).first(3)));
        QVERIFY(budget.admit(four[0])); // already reserved: no second time
        QVERIFY(!budget.admit(four[3]));
        budget.release(call(2));
        QVERIFY(budget.admit(four[3]));
    }

    void retriesCountAsCalls()
    {
        Budget budget({.maxCalls = 2}, tenCents);
        const ModelError refused{{ErrorCode::RateLimited, {}}, true};
        for (int i = 0; i < 2; ++i) {
            QVERIFY(budget.admit(request(call(1))));
            budget.settleFailure(call(1), refused);
        }
        QVERIFY(!budget.admit(request(call(1))));
        QCOMPARE(budget.spent().calls, 2);
        QCOMPARE(budget.spent().cost, MicroUsd{0});
    }

    void requestsOfTheRootAreNoSubCalls()
    {
        Budget budget({.maxCalls = 0}, tenCents);
        QVERIFY(budget.admit(request(NodePath::root().turn(1))));
        QVERIFY(!budget.admit(request(call(1))));
        QVERIFY(!budget.admit(request(call(1).turn(1))));
    }

    void whatWasNeverHeardToItsEndCountsAsEstimated_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<bool>("sent");
        QTest::addColumn<qint64>("cost");
        QTest::newRow("cut stream") << ErrorCode::StreamCut << true << qint64(100'000);
        QTest::newRow("timed out") << ErrorCode::TimedOut << true << qint64(100'000);
        QTest::newRow("stopped") << ErrorCode::Cancelled << true << qint64(100'000);
        QTest::newRow("refused by the server") << ErrorCode::WrongKey << true << qint64(0);
        QTest::newRow("never sent") << ErrorCode::Unreachable << false << qint64(0);
    }
    void whatWasNeverHeardToItsEndCountsAsEstimated()
    {
        QFETCH(ErrorCode, code);
        QFETCH(bool, sent);
        QFETCH(qint64, cost);
        Budget budget({}, tenCents);
        QVERIFY(budget.admit(request(call(1))));
        ModelError error{{code, {}}};
        error.sent = sent;
        budget.settleFailure(call(1), error);
        QCOMPARE(budget.spent().cost.value, cost);
        QCOMPARE(budget.spent().calls, sent ? 1 : 0);
    }

    void tokensOfAServerThatSaysNothingCountAsEstimated()
    {
        Budget budget({.maxTokens = 1000}, tenCents);
        QVERIFY(budget.admit(request(call(1), 400)));
        budget.settle(call(1), {});
        QVERIFY(budget.spent().tokens >= 400);
        QVERIFY(budget.admit(request(call(2), 400)));
        budget.settle(call(2), {.inputTokens = 10, .outputTokens = 5});
        QVERIFY(budget.admit(request(call(3), 400)));
        QVERIFY(!budget.admit(request(call(4), 400)));
    }

    void whatWasSpentBeforeCounts()
    {
        Budget budget({.maxCalls = 3}, tenCents, {.calls = 2});
        QVERIFY(budget.admit(request(call(1))));
        QVERIFY(!budget.admit(request(call(2))));
    }

    void nothingIsSentThatALimitForbids()
    {
        FakeModel inner(
            [](const ChatRequest&) { return ChatReply{.text = "ok", .usage = {.cost = MicroUsd{100'000}}}; });
        Budget budget({.maxCost = MicroUsd{200'000}}, tenCents);
        BudgetedModel model(inner, budget);
        int answered = 0;
        for (int i = 1; i <= 5; ++i)
            answered += QCoro::waitFor(model.complete(request(call(i)), {})).has_value();
        QCOMPARE(answered, 2);
        QCOMPARE(inner.requests.size(), 2u);
    }
};

QTEST_GUILESS_MAIN(BudgetTest)
#include "tst_budget.moc"
