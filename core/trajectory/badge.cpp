#include "trajectory/badge.h"

#include <QCoreApplication>

namespace burrow {

namespace {

/// Nothing more comes below a cell or an RLM call that has ended. The reply of a turn is not its end.
bool isOver(const RunTree& branch, NodeIndex node)
{
    for (NodeIndex at = node; at != noNode; at = branch.node(at).parent) {
        const RunTree::Node& above = branch.node(at);
        const bool hasEnd = above.kind == NodeKind::Rlm || above.kind == NodeKind::Cell;
        if (hasEnd && (above.state == NodeState::Ok || above.state == NodeState::Failed))
            return true;
    }
    return branch.totals().state == RunState::Answered;
}

void addMissing(const RunTree& source, const RunTree& branch, NodeIndex inSource, NodeIndex inBranch,
    std::vector<MissingNode>& missing)
{
    const std::vector<NodeIndex>& children
        = inSource == noNode ? source.roots() : source.node(inSource).children;
    for (const NodeIndex child : children) {
        const RunTree::Node& node = source.node(child);
        const NodeIndex other = branch.findChild(inBranch, node.kind, node.ordinal);
        if (other == noNode)
            missing.push_back({inBranch, child, badgeOfMissing(branch, inBranch)});
        else
            addMissing(source, branch, child, other, missing);
    }
}

} // namespace

QString wordFor(Badge badge)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("Badge", text); };
    switch (badge) {
    case Badge::None:
        break;
    case Badge::Live:
        return tr("live");
    case Badge::Reused:
        return tr("reused");
    case Badge::Edited:
        return tr("edited");
    case Badge::Diverged:
        return tr("diverged");
    case Badge::Stale:
        return tr("stale");
    case Badge::Dropped:
        return tr("dropped");
    }
    return {};
}

Badge badgeOf(const RunTree::Node& node, bool isFork)
{
    if (node.diverged)
        return Badge::Diverged;
    if (node.edited)
        return Badge::Edited;
    // An RLM call sends nothing itself: what is below it tells.
    const bool isReused = node.kind == NodeKind::Rlm ? isFork && node.subtree.requests == 0 : node.reused;
    if (isReused)
        return Badge::Reused;
    return isFork ? Badge::Live : Badge::None;
}

Badge badgeOfMissing(const RunTree& branch, NodeIndex parent)
{
    return isOver(branch, parent) ? Badge::Dropped : Badge::Stale;
}

std::vector<MissingNode> missingNodes(const RunTree& source, const RunTree& branch)
{
    std::vector<MissingNode> missing;
    addMissing(source, branch, noNode, noNode, missing);
    return missing;
}

} // namespace burrow
