#include "engine/budget.h"

#include "lm/tokens.h"

#include <QCoreApplication>

namespace burrow {

Spending& Spending::operator+=(const Spending& other)
{
    calls += other.calls;
    tokens += other.tokens;
    cost += other.cost;
    return *this;
}

Spending& Spending::operator-=(const Spending& other)
{
    calls -= other.calls;
    tokens -= other.tokens;
    cost -= other.cost;
    return *this;
}

bool isRootRequest(const NodePath& path)
{
    return path.text().count('/') == 1;
}

Budget::Budget(RunLimits limits, PriceEstimate price, Spending alreadySpent)
    : m_limits(std::move(limits)), m_price(std::move(price)), m_spent(alreadySpent)
{
}

Spending Budget::estimate(const ChatRequest& request) const
{
    Spending most;
    most.calls = isRootRequest(request.path) ? 0 : 1;
    most.tokens = upperTokenEstimate(request.messages) + request.maxOutputTokens;
    most.cost = m_price(request).value_or(MicroUsd());
    return most;
}

Result<void> Budget::check(const Spending& more, qsizetype requests) const
{
    const auto refuse = [&](const QString& limit) {
        return fail(ErrorCode::LimitReached,
            requests == 1 ? QCoreApplication::translate(
                                "Budget", "The limit of this run on %1 does not allow the request.")
                                .arg(limit)
                          : QCoreApplication::translate("Budget",
                                "The limit of this run on %1 does not allow a batch of %2 requests; nothing "
                                "of it was sent.")
                                .arg(limit)
                                .arg(requests));
    };
    const Spending total = m_spent + m_reserved + more;
    if (m_limits.maxCalls && more.calls > 0 && total.calls > *m_limits.maxCalls)
        return refuse(QCoreApplication::translate("Budget", "sub-calls"));
    if (m_limits.maxTokens && total.tokens > *m_limits.maxTokens)
        return refuse(QCoreApplication::translate("Budget", "tokens"));
    if (m_limits.maxCost && total.cost > *m_limits.maxCost)
        return refuse(QCoreApplication::translate("Budget", "cost"));
    return {};
}

Result<void> Budget::reserve(std::span<const ChatRequest> requests)
{
    Spending sum;
    std::vector<Spending> parts;
    parts.reserve(requests.size());
    for (const ChatRequest& request : requests) {
        parts.push_back(estimate(request));
        sum += parts.back();
    }
    if (auto allowed = check(sum, qsizetype(requests.size())); !allowed)
        return allowed;
    for (size_t i = 0; i < requests.size(); ++i)
        m_reservations.insert(requests[i].path, parts[i]);
    m_reserved += sum;
    return {};
}

Result<void> Budget::admit(const ChatRequest& request)
{
    if (m_reservations.contains(request.path))
        return {};
    return reserve(std::span(&request, 1));
}

void Budget::release(const NodePath& path)
{
    m_reserved -= m_reservations.take(path);
}

void Budget::settle(const NodePath& path, const Usage& usage)
{
    const Spending most = m_reservations.take(path);
    m_reserved -= most;
    Spending used = most;
    if (usage.inputTokens && usage.outputTokens)
        used.tokens = *usage.inputTokens + *usage.outputTokens;
    used.cost = usage.cost.value_or(most.cost);
    m_spent += used;
}

void Budget::settleFailure(const NodePath& path, const ModelError& error)
{
    if (!error.sent) {
        release(path);
        return;
    }
    Spending used = m_reservations.take(path);
    m_reserved -= used;
    if (!error.outcomeUnknown()) {
        used.tokens = 0;
        used.cost = {};
    }
    m_spent += used;
}

} // namespace burrow
