#pragma once

#include "trajectory/run_tree.h"

#include <map>

namespace burrow {

/// What the requests of a run used, by the model that was asked and by how deep the call is that asked (0:
/// the root). Each sums up to the totals of the run.
struct SpendingTable {
    std::map<ModelId, Totals> byModel;
    std::map<int, Totals> byDepth;
};

SpendingTable spendingOf(const RunTree::Nodes& nodes);

} // namespace burrow
