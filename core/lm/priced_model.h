#pragma once

#include "lm/price_table.h"

namespace burrow {

/// Fills in what a reply cost, from a person's prices, where the server tells tokens but no money.
class PricedModel final : public LanguageModel {
public:
    /// Both must outlive this object.
    PricedModel(LanguageModel& inner, const PriceTable& prices) : m_inner(inner), m_prices(prices) { }

    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return m_inner.endpoint(); }

private:
    LanguageModel& m_inner;
    const PriceTable& m_prices;
};

} // namespace burrow
