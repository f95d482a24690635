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

namespace {

Spending spendingOf(const NodePath& path, const Usage& usage)
{
    return {.calls = isRootRequest(path) ? 0 : 1,
        .tokens = usage.inputTokens.value_or(0) + usage.outputTokens.value_or(0),
        .cost = usage.cost.value_or(MicroUsd())};
}

} // namespace

Budget::Budget(RunLimits limits, PriceEstimate price, Spending alreadySpent)
    : m_limits(std::move(limits)), m_price(std::move(price)), m_spent(alreadySpent)
{
}

Usage Budget::estimate(const ChatRequest& request) const
{
    return {upperTokenEstimate(request.messages), request.maxOutputTokens, m_price(request)};
}

Result<void> Budget::checkTime() const
{
    if (m_timeIsUp)
        return fail(ErrorCode::LimitReached,
            QCoreApplication::translate("Budget", "The limit of this run on time was reached."));
    return {};
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
    // What is on record is served whatever has been spent since.
    if (requests.empty())
        return {};
    Spending sum;
    std::vector<Usage> parts;
    parts.reserve(requests.size());
    for (const ChatRequest& request : requests) {
        parts.push_back(estimate(request));
        sum += spendingOf(request.path, parts.back());
    }
    if (auto allowed = checkTime().and_then([&] { return check(sum, qsizetype(requests.size())); }); !allowed)
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

std::optional<Usage> Budget::takeReservation(const NodePath& path)
{
    const auto found = m_reservations.constFind(path);
    if (found == m_reservations.constEnd())
        return std::nullopt;
    const Usage most = *found;
    m_reservations.erase(found);
    m_reserved -= spendingOf(path, most);
    return most;
}

void Budget::release(const NodePath& path)
{
    (void)takeReservation(path);
}

void Budget::settle(const NodePath& path, const Usage& usage)
{
    if (const std::optional<Usage> most = takeReservation(path))
        m_spent += spendingOf(path, completed(usage, *most));
}

void Budget::settleFailure(const NodePath& path, const ModelError& error)
{
    const std::optional<Usage> most = takeReservation(path);
    if (most && error.sent)
        m_spent += spendingOf(path, error.outcomeUnknown() ? *most : Usage());
}

} // namespace burrow
