#pragma once

#include "lm/price_table.h"

namespace burrow {

/// Fills in what a reply cost, from a person's prices, where the server tells tokens but no money.
class PricedModel final : public LanguageModel {
public:
    /// @p inner must outlive this object.
    PricedModel(LanguageModel& inner, PriceTable prices) : m_inner(inner), m_prices(std::move(prices)) { }

    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return m_inner.endpoint(); }

private:
    LanguageModel& m_inner;
    PriceTable m_prices;
};

} // namespace burrow
