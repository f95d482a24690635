#include "money/spending.h"

namespace burrow {

SpendingTable spendingOf(const RunTree::Nodes& nodes)
{
    SpendingTable table;
    for (int i = 0; i < nodes.size(); ++i) {
        const RunTree::Node& node = nodes[NodeIndex(i)];
        if (node.own == Totals())
            continue;
        table.byModel[node.model] += node.own;
        // An RLM call adds three levels: itself, its turns, their cells.
        table.byDepth[(node.depth - 1) / 3 + (node.kind == NodeKind::Completion ? 1 : 0)] += node.own;
    }
    return table;
}

} // namespace burrow
