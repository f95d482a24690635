#include "lm/priced_model.h"

namespace burrow {

Task<ModelResult> PricedModel::complete(ChatRequest request, StopToken stop)
{
    const QByteArray model = request.model;
    ModelResult result = co_await m_inner.complete(std::move(request), std::move(stop));
    if (result && !result->usage.cost)
        result->usage.cost = m_prices.cost(model, result->usage);
    co_return result;
}

} // namespace burrow
