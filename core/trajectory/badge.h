#pragma once

#include "trajectory/run_tree.h"

#include <QString>

namespace burrow {

/// What became of a node in a branch.
enum class Badge {
    None, ///< of a run as it was asked: everything in it was played there
    Live, ///< sent or run in this branch itself
    Reused, ///< served, or played before the branch left its source
    Edited, ///< a person changed what it asks or gave
    Diverged, ///< it ran again and gave another output than recorded
    Stale, ///< the source has it, this branch did not come to it yet; or a planned change may reach it
    Dropped, ///< the source has it, this branch does without it
};

/// `reused`, and so on; empty for None.
QString wordFor(Badge badge);

/// Of a node that the branch has. @p isFork: the branch left another.
Badge badgeOf(const RunTree::Node& node, bool isFork);

/// A node of the source that a branch does not have, with all below it.
struct MissingNode {
    NodeIndex parent = noNode; ///< in the branch
    NodeIndex node = noNode; ///< in the source
    Badge badge = Badge::Stale;

    friend bool operator==(const MissingNode&, const MissingNode&) = default;
};

/// Of a node that the source has below @p parent, and @p branch has not.
Badge badgeOfMissing(const RunTree& branch, NodeIndex parent);

/// What @p branch has not of @p source, aligned by paths and in the order of the source.
std::vector<MissingNode> missingNodes(const RunTree& source, const RunTree& branch);

} // namespace burrow
