#pragma once

#include "engine/budget.h"

namespace burrow {

/// Asks the budget before each request and settles with it afterwards. Errors: LimitReached, before anything
/// is sent.
class BudgetedModel final : public LanguageModel {
public:
    BudgetedModel(LanguageModel& inner, Budget& budget);

    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return m_inner.endpoint(); }

private:
    LanguageModel& m_inner;
    Budget& m_budget;
};

} // namespace burrow
