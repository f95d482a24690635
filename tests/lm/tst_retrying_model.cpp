#include "lm/retrying_model.h"

#include <qcorotask.h>

#include <QTest>

#include <deque>

using namespace burrow;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// Answers from a list, then well.
class ListedModel final : public LanguageModel {
public:
    std::deque<ModelError> errors;
    std::vector<int> attempts;

    Task<ModelResult> complete(ChatRequest request, StopToken) override
    {
        attempts.push_back(request.attempt);
        if (errors.empty()) {
            ChatReply reply;
            reply.text = "answer";
            co_return reply;
        }
        const ModelError error = errors.front();
        errors.pop_front();
        co_return std::unexpected(error);
    }
    QByteArray endpoint() const override { return "listed"; }
};

ModelError passing(std::optional<milliseconds> retryAfter = std::nullopt)
{
    ModelError error;
    error.code = ErrorCode::ServerFailed;
    error.message = QStringLiteral("It failed.");
    error.retryable = true;
    error.retryAfter = retryAfter;
    return error;
}

Task<bool> note(std::vector<milliseconds>* waits, milliseconds wait)
{
    waits->push_back(wait);
    co_return true;
}

/// A retrying model whose waits are written down instead of waited.
struct Noted {
    ListedModel inner;
    std::vector<milliseconds> waits;
    double random = 0;
    RetryingModel model{inner, {}, [this] { return random; },
        [this](milliseconds wait, StopToken) { return note(&waits, wait); }};

    ModelResult ask() { return QCoro::waitFor(model.complete({}, {})); }
};

Task<void> askInto(LanguageModel* model, StopToken stop, std::optional<ModelResult>* result)
{
    *result = co_await model->complete({}, stop);
}

} // namespace

class RetryingModelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPassingFailureIsTriedAgainWithDoubledWaits()
    {
        Noted noted;
        noted.inner.errors.assign(4, passing());
        QVERIFY(noted.ask());
        QCOMPARE(noted.inner.attempts, (std::vector{1, 2, 3, 4, 5}));
        QCOMPARE(noted.waits, (std::vector<milliseconds>{500ms, 1000ms, 2000ms, 4000ms}));
    }

    void waitsAreJitteredDownToAHalf()
    {
        Noted noted;
        noted.random = 0.5;
        noted.inner.errors.assign(2, passing());
        QVERIFY(noted.ask());
        QCOMPARE(noted.waits, (std::vector<milliseconds>{375ms, 750ms}));
    }

    void theServersWishIsHonoured()
    {
        Noted noted;
        noted.inner.errors = {passing(7s), passing(0ms), passing(60s)};
        QVERIFY(noted.ask());
        QCOMPARE(noted.waits, (std::vector<milliseconds>{7s, 0ms, 60s}));
    }

    void theServersWishIsNeverUndercutByJitter()
    {
        Noted noted;
        noted.random = 0.999;
        noted.inner.errors = {passing(10s)};
        QVERIFY(noted.ask());
        QVERIFY(noted.waits.front() >= 10s && noted.waits.front() <= 11s);
    }

    void aWishThatIsTooLongFailsAndIsTold()
    {
        Noted noted;
        noted.inner.errors = {passing(600s)};
        const ModelResult result = noted.ask();
        QVERIFY(!result);
        QVERIFY(result.error().message.contains(QStringLiteral("600 s")));
        QVERIFY(!result.error().retryable);
        QVERIFY(noted.waits.empty());
    }

    void theLastFailureIsGivenBackAfterAllAttempts()
    {
        Noted noted;
        noted.inner.errors.assign(9, passing());
        const ModelResult result = noted.ask();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::ServerFailed);
        QVERIFY(result.error().message.contains(QStringLiteral("5 times")));
        QCOMPARE(noted.inner.attempts.size(), 5u);
    }

    void aLastingFailureIsNotTriedAgain()
    {
        Noted noted;
        ModelError error = passing();
        error.retryable = false;
        noted.inner.errors = {error};
        QVERIFY(!noted.ask());
        QCOMPARE(noted.inner.attempts.size(), 1u);
    }

    void aStopEndsAWaitAtOnce()
    {
        ListedModel inner;
        inner.errors = {passing(30s)};
        RetryingModel model(inner);
        std::stop_source stop;
        std::optional<ModelResult> result;
        const Task<void> task = askInto(&model, stop.get_token(), &result);
        QTest::qWait(10);
        QVERIFY(!result);
        stop.request_stop();
        QVERIFY(result); // before any event is handled
        QCOMPARE(result->error().code, ErrorCode::Cancelled);
        QCOMPARE(inner.attempts.size(), 1u);
    }
};

QTEST_GUILESS_MAIN(RetryingModelTest)
#include "tst_retrying_model.moc"
