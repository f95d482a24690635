#include "trajectory/recorded_model.h"

namespace burrow {

namespace {

ModelResult notRecorded(const Error& error, bool sent)
{
    ModelError failure;
    static_cast<Error&>(failure) = error;
    failure.sent = sent;
    return std::unexpected(std::move(failure));
}

} // namespace

RecordedModel::RecordedModel(LanguageModel& inner, Recorder& recorder, Estimator estimate)
    : m_inner(inner), m_recorder(recorder), m_estimate(std::move(estimate))
{
}

Task<ModelResult> RecordedModel::complete(ChatRequest request, StopToken stop)
{
    const Recorder::Request described = m_recorder.describe(request, m_inner.endpoint());
    const Result<std::optional<ModelResult>> served = serve(request, described);
    if (!served)
        co_return notRecorded(served.error(), false);
    if (*served)
        co_return **served;

    const Usage estimate = m_estimate ? m_estimate(request) : Usage();
    const Result<Recorder::Sent> sent = m_recorder.requestSent(request, described, estimate);
    if (!sent)
        co_return notRecorded(sent.error(), false);
    ModelResult result = co_await m_inner.complete(std::move(request), stop);
    const Result<void> recorded
        = result ? m_recorder.replyReceived(*sent, *result) : m_recorder.requestFailed(*sent, result.error());
    if (!recorded)
        co_return notRecorded(recorded.error(), true);
    co_return result;
}

Result<std::optional<ModelResult>> RecordedModel::serve(
    const ChatRequest& request, const Recorder::Request& described)
{
    if (!m_recorder.recording().hasReplies())
        return std::nullopt;
    const Result<BlobId> body = m_recorder.file().find(described.fingerprint);
    if (!body)
        return std::unexpected(body.error());
    if (*body == BlobId::None)
        return std::nullopt;
    Result<std::optional<Recording::Served>> served
        = m_recorder.recording().takeReply(m_recorder.file(), m_recorder.tree(), request.path, *body);
    if (!served)
        return std::unexpected(served.error());
    if (!*served)
        return std::nullopt;
    if (const ModelResult& result = (*served)->result; result && !(*served)->samePath)
        if (const auto recorded = m_recorder.replyServed(request, described, *result); !recorded)
            return std::unexpected(recorded.error());
    return std::optional(std::move((*served)->result));
}

} // namespace burrow
