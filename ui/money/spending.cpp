#include "money/spending.h"

namespace burrow {

SpendingTable spendingOf(const RunTree& tree)
{
    SpendingTable table;
    for (int i = 0; i < tree.size(); ++i) {
        const RunTree::Node& node = tree.node(NodeIndex(i));
        if (node.own == Totals())
            continue;
        table.byModel[node.model] += node.own;
        // An RLM call adds three levels: itself, its turns, their cells.
        table.byDepth[(node.depth - 1) / 3 + (node.kind == NodeKind::Completion ? 1 : 0)] += node.own;
    }
    return table;
}

} // namespace burrow
