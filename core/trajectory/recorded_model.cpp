#include "trajectory/recorded_model.h"

namespace burrow {

RecordedModel::RecordedModel(LanguageModel& inner, Recorder& recorder, Estimator estimate)
    : m_inner(inner), m_recorder(recorder), m_estimate(std::move(estimate))
{
}

Task<ModelResult> RecordedModel::complete(ChatRequest request, StopToken stop)
{
    const Usage estimate = m_estimate ? m_estimate(request) : Usage();
    const Result<Recorder::Sent> sent
        = m_recorder.requestSent(request, m_recorder.describe(request, m_inner.endpoint()), estimate);
    if (!sent)
        co_return std::unexpected(ModelError::unsent(sent.error()));
    if (const auto committed = co_await m_recorder.committed(); !committed)
        co_return std::unexpected(ModelError::unsent(committed.error()));
    ModelResult result = co_await m_inner.complete(std::move(request), stop);
    const Result<void> recorded
        = result ? m_recorder.replyReceived(*sent, *result) : m_recorder.requestFailed(*sent, result.error());
    if (!recorded)
        co_return std::unexpected(ModelError{recorded.error()});
    co_return result;
}

} // namespace burrow
