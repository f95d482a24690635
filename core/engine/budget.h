#pragma once

#include "base/node_path.h"
#include "base/result.h"
#include "engine/limits.h"
#include "lm/language_model.h"

#include <QHash>

#include <functional>
#include <span>

namespace burrow {

/// An amount of what is limited. An estimate is an upper bound; what was used is what the server said.
struct Spending {
    qint64 calls = 0; ///< requests below the root
    qint64 tokens = 0;
    MicroUsd cost;

    Spending& operator+=(const Spending& other);
    Spending& operator-=(const Spending& other);
    friend Spending operator+(Spending a, const Spending& b) { return a += b; }
};

/// Knows what a run may still spend. Money, tokens and calls are reserved with an upper estimate before a
/// request is sent and settled with what the server says afterwards, so requests in flight cannot pass a
/// limit together. Engine thread only.
class Budget {
public:
    /// The highest price of a request in a model; nothing where the model has no price.
    using PriceEstimate = std::function<std::optional<MicroUsd>(const ChatRequest&)>;

    Budget(RunLimits limits, PriceEstimate price, Spending alreadySpent = {});

    /// An upper estimate of what @p request can use.
    Usage estimate(const ChatRequest& request) const;

    /// The time of the run is used up: from now on nothing may be sent or started.
    void endTime() { m_timeIsUp = true; }
    /// Errors: LimitReached.
    Result<void> checkTime() const;

    /// Sets aside what all @p requests can use, or nothing at all. Errors: LimitReached, naming the limit.
    Result<void> reserve(std::span<const ChatRequest> requests);

    /// Makes sure that @p request has a reservation: the one made for its path, or a new one. Errors:
    /// LimitReached.
    Result<void> admit(const ChatRequest& request);
    /// Turns the reservation of @p path into what the server says; what it does not say counts as estimated.
    void settle(const NodePath& path, const Usage& usage);
    /// The request of @p path was refused by the server or never heard to its end: the call counts, and its
    /// tokens and cost as estimated where they may have been billed.
    void settleFailure(const NodePath& path, const ModelError& error);
    /// Gives back the reservation of @p path, if it has one: nothing was sent.
    void release(const NodePath& path);

    const Spending& spent() const { return m_spent; }
    const RunLimits& limits() const { return m_limits; }

private:
    Result<void> check(const Spending& more, qsizetype requests) const;
    std::optional<Usage> takeReservation(const NodePath& path);

    RunLimits m_limits;
    PriceEstimate m_price;
    Spending m_spent;
    Spending m_reserved;
    QHash<NodePath, Usage> m_reservations;
    bool m_timeIsUp = false;
};

/// Whether @p path belongs to a root call itself and not to anything below it.
bool isRootRequest(const NodePath& path);

} // namespace burrow
