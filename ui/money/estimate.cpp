#include "money/estimate.h"

#include "base/quantities.h"

#include <QCoreApplication>

#include <algorithm>

namespace burrow {

namespace {

constexpr int mostTurns = 5; // that tell what the next ones cost
constexpr int fewestTurns = 2;

/// What is in flight at @p index and below. A call takes one turn after the other, and a turn one cell.
void addInFlight(Estimate& estimate, const RunTree& tree, NodeIndex index)
{
    const RunTree::Node& node = tree.node(index);
    if (const std::optional<Usage> usage = tree.inFlight(index)) {
        ++estimate.requests;
        estimate.inFlight += usage->cost.value_or(MicroUsd());
    }
    if (node.children.empty())
        return;
    if (node.kind != NodeKind::Cell)
        return addInFlight(estimate, tree, node.children.back());
    int live = node.liveChildren;
    for (auto child = node.children.rbegin(); child != node.children.rend() && live > 0; ++child) {
        if (tree.node(*child).state == NodeState::Running) {
            addInFlight(estimate, tree, *child);
            --live;
        }
    }
}

/// As the budget counts: what was never heard to its end may have been billed.
MicroUsd usedOf(const Totals& totals)
{
    return totals.spent + totals.unknownUpTo;
}

std::vector<NodeIndex> turnsOf(const RunTree& tree, const RunTree::Node& question)
{
    std::vector<NodeIndex> turns;
    std::ranges::copy_if(question.children, std::back_inserter(turns),
        [&tree](NodeIndex child) { return tree.node(child).kind == NodeKind::Turn; });
    return turns;
}

void addOutlook(Estimate& estimate, const RunTree& tree, const RunLimits& limits)
{
    const std::vector<NodeIndex> turns = turnsOf(tree, tree.node(tree.roots().back()));
    const int over = int(turns.size()) - 1; // the last one may call more
    const int counted = std::min(over, mostTurns);
    const int ahead = limits.maxIterations - int(turns.size());
    if (counted < fewestTurns || ahead < 0)
        return;
    qint64 spent = 0;
    for (int i = over - counted; i < over; ++i)
        spent += usedOf(tree.node(turns[size_t(i)]).subtree).value;
    const MicroUsd perTurn{spent / counted};
    if (perTurn.value == 0)
        return;
    const MicroUsd used = usedOf(tree.totals().totals);
    const MicroUsd thisTurn = std::max(perTurn - usedOf(tree.node(turns.back()).subtree), MicroUsd());
    estimate.turns = counted;
    estimate.perTurn = perTurn;
    estimate.lastTurn = limits.maxIterations;
    estimate.byLastTurn = used + thisTurn + MicroUsd{perTurn.value * ahead};
    if (!limits.maxCost || estimate.byLastTurn <= *limits.maxCost)
        return;
    estimate.limit = *limits.maxCost;
    const qint64 left = std::max(qint64(0), (*limits.maxCost - used - thisTurn).value);
    estimate.turnsToLimit = int(left / perTurn.value) + 1;
}

} // namespace

Estimate estimateOf(const RunTree& tree, const RunLimits& limits)
{
    Estimate estimate;
    if (tree.roots().empty())
        return estimate;
    addInFlight(estimate, tree, tree.roots().back());
    addOutlook(estimate, tree, limits);
    return estimate;
}

QString describe(const Estimate& estimate)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("Estimate", text); };
    QStringList sentences;
    if (estimate.requests > 0 && estimate.inFlight.value > 0)
        sentences << (estimate.requests == 1
                ? tr("In flight: 1 request, for %1 at most.").arg(formatMoney(estimate.inFlight))
                : tr("In flight: %1 requests, for %2 together at most.")
                      .arg(formatCount(estimate.requests), formatMoney(estimate.inFlight)));
    if (estimate.turns > 0) {
        const QString like = tr("An estimate: if it goes on like the last %1, for %2 each,")
                                 .arg(formatTurns(estimate.turns), formatMoney(estimate.perTurn));
        sentences << like + u' '
                + (estimate.turnsToLimit > 0
                        ? tr("the run reaches its limit of %1 in about %2.")
                              .arg(formatMoney(estimate.limit), formatTurns(estimate.turnsToLimit))
                        : tr("the run spends about %1 by turn %2, the last that it may take.")
                              .arg(formatMoney(estimate.byLastTurn))
                              .arg(estimate.lastTurn));
    }
    return sentences.join(u' ');
}

} // namespace burrow
