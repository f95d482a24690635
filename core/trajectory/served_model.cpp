#include "trajectory/served_model.h"

namespace burrow {

ServedModel::ServedModel(LanguageModel& inner, Recorder& recorder) : m_inner(inner), m_recorder(recorder) { }

Task<ModelResult> ServedModel::complete(ChatRequest request, StopToken stop)
{
    // A new run need not even be asked: describing a request hashes its messages.
    if (m_recorder.hasPast()) {
        auto served = m_recorder.takeReply(request, m_inner.endpoint());
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
    return m_recorder.hasPast() && m_recorder.holdsReply(request, m_inner.endpoint());
}

} // namespace burrow
