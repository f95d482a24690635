#include "lm/retrying_model.h"

#include <QRandomGenerator>

#include <algorithm>

namespace burrow {

RetryingModel::RetryingModel(LanguageModel& inner, RetryPolicy policy, Random random, Sleep sleep)
    : m_inner(inner), m_policy(policy), m_random(std::move(random)), m_sleep(std::move(sleep))
{
}

double RetryingModel::systemRandom()
{
    return QRandomGenerator::global()->generateDouble();
}

Task<ModelResult> RetryingModel::complete(ChatRequest request, StopToken stop)
{
    for (;; ++request.attempt) {
        ModelResult result = co_await m_inner.complete(request, stop);
        if (result || !result.error().retryable)
            co_return result;
        ModelError& error = result.error();
        if (error.retryAfter && *error.retryAfter > m_policy.longestRetryAfter) {
            error.retryable = false;
            error.message += QStringLiteral(" It asks for a wait of %1 s, which is too long.")
                                 .arg(std::chrono::ceil<std::chrono::seconds>(*error.retryAfter).count());
            co_return result;
        }
        if (request.attempt >= m_policy.maxAttempts) {
            error.retryable = false;
            error.message += QStringLiteral(" It was tried %1 times.").arg(request.attempt);
            co_return result;
        }
        if (!co_await m_sleep(delayAfter(request.attempt, error), stop)) {
            error.code = ErrorCode::Cancelled;
            error.retryable = false;
            co_return result;
        }
    }
}

std::chrono::milliseconds RetryingModel::delayAfter(int attempt, const ModelError& error) const
{
    using std::chrono::milliseconds;
    const auto scaled = [](milliseconds time, double factor) {
        return milliseconds(qint64(double(time.count()) * factor));
    };
    // Never before the server's time, and a little spread behind it.
    if (error.retryAfter)
        return scaled(*error.retryAfter, 1 + m_random() / 10);
    const double doubled
        = double(m_policy.firstDelay.count()) * double(qint64(1) << std::min(attempt - 1, 30));
    const milliseconds delay(qint64(std::min(doubled, double(m_policy.longestDelay.count()))));
    return scaled(delay, 1 - m_random() / 2);
}

} // namespace burrow
