#include "inspector/node_texts.h"

namespace burrow {

namespace {

NodeIndex siblingBefore(const RunTree& tree, NodeIndex index)
{
    const RunTree::Node& node = tree.node(index);
    const std::vector<NodeIndex>& siblings
        = node.parent == noNode ? tree.roots() : tree.node(node.parent).children;
    for (int row = node.row - 1; row >= 0; --row) {
        if (tree.node(siblings[size_t(row)]).kind == node.kind)
            return siblings[size_t(row)];
    }
    return noNode;
}

NodeIndex lastCellOf(const RunTree& tree, NodeIndex turn)
{
    if (turn == noNode || tree.node(turn).children.empty())
        return noNode;
    return tree.node(turn).children.back();
}

NodeIndex firstCellOf(const RunTree& tree, NodeIndex turn)
{
    return tree.node(turn).children.empty() ? noNode : tree.node(turn).children.front();
}

NodeIndex cellBefore(const RunTree& tree, NodeIndex cell)
{
    if (const NodeIndex before = siblingBefore(tree, cell); before != noNode)
        return before;
    NodeIndex turn = tree.node(cell).parent;
    while (turn != noNode) {
        turn = siblingBefore(tree, turn);
        if (const NodeIndex found = lastCellOf(tree, turn); found != noNode)
            return found;
    }
    return noNode;
}

void addRequest(NodeQuery& query, const RunTree& tree, NodeIndex index)
{
    const RunTree::Node& node = tree.node(index);
    query.request = node.input;
    query.reply = node.output;
    query.replyExtra = node.extra;
    query.replyFailed = node.state == NodeState::Failed || node.state == NodeState::Unknown;
    if (node.kind != NodeKind::Turn)
        return;
    if (const NodeIndex before = siblingBefore(tree, index); before != noNode)
        query.previousRequest = tree.node(before).input;
}

void addCell(NodeQuery& query, const RunTree& tree, NodeIndex cell)
{
    if (cell == noNode)
        return;
    query.code = tree.node(cell).input;
    query.output = tree.node(cell).output;
    query.outputExtra = tree.node(cell).extra;
    if (tree.node(cell).edited || tree.node(tree.node(cell).parent).edited)
        query.editedCell = tree.path(cell);
    if (const NodeIndex before = cellBefore(tree, cell); before != noNode) {
        query.outputBefore = tree.node(before).output;
        query.outputExtraBefore = tree.node(before).extra;
    }
}

/// The call in whose REPL that ran which is shown for @p index: for a call with a REPL of its own, the cell
/// that made it.
NodeIndex callOf(const RunTree& tree, NodeIndex index)
{
    if (const NodeIndex parent = tree.node(index).parent; parent != noNode)
        index = parent;
    while (tree.node(index).kind != NodeKind::Rlm)
        index = tree.node(index).parent;
    return index;
}

} // namespace

NodeIndex cellWithNumber(const RunTree& tree, NodeIndex index, int number)
{
    if (index == noNode)
        return noNode;
    const NodeIndex call = callOf(tree, index);
    // All questions of a run share a REPL.
    const std::vector<NodeIndex> calls
        = tree.node(call).parent == noNode ? tree.roots() : std::vector<NodeIndex>{call};
    for (const NodeIndex of : calls) {
        for (const NodeIndex turn : tree.node(of).children) {
            const std::vector<NodeIndex>& cells = tree.node(turn).children;
            if (number >= 1 && size_t(number) <= cells.size())
                return cells[size_t(number - 1)];
            number -= int(cells.size());
        }
    }
    return noNode;
}

NodeQuery queryFor(const RunTree& tree, NodeIndex index, int branch)
{
    NodeQuery query;
    query.branch = branch;
    if (index == noNode)
        return query;
    const RunTree::Node& node = tree.node(index);
    query.node = node.id;
    switch (node.kind) {
    case NodeKind::Rlm:
        query.question = node.input;
        query.reply = node.output;
        if (node.parent != noNode)
            addCell(query, tree, node.parent);
        break;
    case NodeKind::Cell:
        addRequest(query, tree, node.parent);
        addCell(query, tree, index);
        break;
    case NodeKind::Completion:
        addRequest(query, tree, index);
        addCell(query, tree, node.parent);
        break;
    case NodeKind::Turn:
    case NodeKind::Compaction:
    case NodeKind::Final:
        addRequest(query, tree, index);
        addCell(query, tree, firstCellOf(tree, index));
        break;
    }
    return query;
}

} // namespace burrow
