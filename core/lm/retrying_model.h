#pragma once

#include "lm/language_model.h"

#include <functional>

namespace burrow {

/// How often and after what waits a request is tried again.
struct RetryPolicy {
    int maxAttempts = 5; ///< the first one included
    /// Before the second attempt; doubled for each further one. Of each wait a random part of up to a half is
    /// taken off, so that sixty-four calls that failed together do not come back together.
    std::chrono::milliseconds firstDelay{500};
    std::chrono::milliseconds longestDelay{30'000};
    /// A server that asks for a longer wait is not waited for: the error says what it asked.
    std::chrono::milliseconds longestRetryAfter{60'000};
};

/// Tries a request again where its error says that it may succeed later, waiting as long as the server asks
/// or longer each time. Every attempt is a call of the inner model of its own, with `attempt` counted up.
/// Engine thread only.
class RetryingModel final : public LanguageModel {
public:
    using Sleep = std::function<Task<bool>(std::chrono::milliseconds, StopToken)>;
    /// From 0 up to, and without, 1.
    using Random = std::function<double()>;
    static double systemRandom();

    /// @p inner must outlive this object.
    explicit RetryingModel(
        LanguageModel& inner, RetryPolicy policy = {}, Random random = systemRandom, Sleep sleep = sleepFor);

    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return m_inner.endpoint(); }

private:
    std::chrono::milliseconds delayAfter(int attempt, const ModelError& error) const;

    LanguageModel& m_inner;
    RetryPolicy m_policy;
    Random m_random;
    Sleep m_sleep;
};

} // namespace burrow
