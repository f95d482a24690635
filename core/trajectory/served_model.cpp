#include "trajectory/served_model.h"

namespace burrow {

ServedModel::ServedModel(LanguageModel& inner, Recorder& recorder) : m_inner(inner), m_recorder(recorder) { }

Task<ModelResult> ServedModel::complete(ChatRequest request, StopToken stop)
{
    // A new run need not even be asked: describing a request hashes its messages.
    if (m_recorder.recording().hasReplies()) {
        Result<std::optional<ModelResult>> served = serve(request);
        if (!served)
            co_return std::unexpected(ModelError::unsent(served.error()));
        if (*served)
            co_return std::move(**served);
    }
    ModelResult result = co_await m_inner.complete(std::move(request), stop);
    // Waited for here, where nothing is held: the request that takes its place on the wire shares the commit.
    if (const auto committed = co_await m_recorder.committed(); !committed)
        co_return std::unexpected(ModelError{committed.error()});
    co_return result;
}

bool ServedModel::holds(const ChatRequest& request)
{
    if (!m_recorder.recording().hasReplies())
        return false;
    const Result<std::vector<Recorded>> forms = formsOf(request);
    return forms && std::ranges::any_of(*forms, [&](const Recorded& recorded) {
        return m_recorder.recording().holdsReply(m_recorder.tree(), request.path, recorded.body);
    });
}

Result<std::vector<ServedModel::Recorded>> ServedModel::formsOf(const ChatRequest& request)
{
    std::vector<Recorded> forms;
    for (const RequestForm form : {RequestForm::Linked, RequestForm::Flat}) {
        if (form == RequestForm::Flat && request.messages.size() <= RecordedRequest::linkLength)
            break; // it is the same in both
        RecordedRequest described = m_recorder.describe(request, m_inner.endpoint(), form);
        const Result<BlobId> body = m_recorder.file().find(described.fingerprint);
        if (!body)
            return std::unexpected(body.error());
        if (*body != BlobId::None)
            forms.push_back({std::move(described), *body});
    }
    return forms;
}

Result<std::optional<ModelResult>> ServedModel::serve(const ChatRequest& request)
{
    const Result<std::vector<Recorded>> forms = formsOf(request);
    if (!forms)
        return std::unexpected(forms.error());
    for (const auto& [described, body] : *forms) {
        Result<std::optional<Recording::Served>> served
            = m_recorder.recording().takeReply(m_recorder.file(), m_recorder.tree(), request.path, body);
        if (!served)
            return std::unexpected(served.error());
        if (!*served)
            continue;
        if (const ModelResult& result = (*served)->result; result && !(*served)->samePath)
            if (const auto recorded = m_recorder.replyServed(request, described, *result); !recorded)
                return std::unexpected(recorded.error());
        return std::optional(std::move((*served)->result));
    }
    return std::nullopt;
}

} // namespace burrow
