#include "lm/model_facts.h"

namespace burrow {

ModelFacts::ModelFacts(Endpoint endpoint, HttpTransport& transport)
    : m_endpoint(std::move(endpoint)), m_transport(transport)
{
}

Task<ListedModel> ModelFacts::of(QByteArray model, StopToken stop)
{
    constexpr std::chrono::milliseconds patience{1000};
    const Semaphore::Slot turn = co_await m_turn.acquire(stop);
    if (!turn)
        co_return ListedModel();
    if (!m_models)
        m_models = (co_await listModels(m_endpoint, m_transport, patience, std::move(stop)))
                       .value_or(QList<ListedModel>());
    const auto found = std::ranges::find(*m_models, model, &ListedModel::name);
    co_return found == m_models->cend() ? ListedModel() : *found;
}

} // namespace burrow
