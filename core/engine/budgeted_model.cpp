#include "engine/budgeted_model.h"

namespace burrow {

BudgetedModel::BudgetedModel(LanguageModel& inner, Budget& budget) : m_inner(inner), m_budget(budget) { }

Task<ModelResult> BudgetedModel::complete(ChatRequest request, StopToken stop)
{
    if (auto admitted = m_budget.admit(request); !admitted)
        co_return std::unexpected(ModelError::unsent(std::move(admitted.error())));
    const NodePath path = request.path;
    ModelResult result = co_await m_inner.complete(std::move(request), stop);
    if (result)
        m_budget.settle(path, result->usage);
    else
        m_budget.settleFailure(path, result.error());
    co_return result;
}

} // namespace burrow
