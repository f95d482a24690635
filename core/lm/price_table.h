#pragma once

#include "base/result.h"
#include "lm/language_model.h"

#include <QHash>
#include <QStringList>

namespace burrow {

/// What a model costs, for a million tokens each.
struct Price {
    MicroUsd input;
    MicroUsd output;

    friend bool operator==(const Price&, const Price&) = default;
};

/// The prices that a person gave. Exact integer arithmetic, rounded up, so that a limit on money is never
/// passed unseen.
class PriceTable {
public:
    /// Of @p prices as add() reads them; the later of two for one model holds. Errors: InvalidArgument.
    static Result<PriceTable> from(const QStringList& prices);
    /// Adds `MODEL=IN/OUT`, in US$ for a million tokens: `openai/gpt-x=2.50/10`. Replaces an earlier price.
    /// Errors: InvalidArgument.
    Result<void> add(const QString& text);

    /// What add() reads.
    static QString text(const QByteArray& model, Price price);

    std::optional<Price> price(const QByteArray& model) const;
    /// What a request that used @p usage costs; nothing without a price or without both counts.
    std::optional<MicroUsd> cost(const QByteArray& model, const Usage& usage) const;
    /// The most that @p request may cost, by an upper estimate of its tokens; nothing without a price.
    std::optional<MicroUsd> upperEstimate(const ChatRequest& request) const;

private:
    QHash<QByteArray, Price> m_prices;
};

} // namespace burrow
