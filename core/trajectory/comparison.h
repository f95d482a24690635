#pragma once

#include "trajectory/run_file.h"
#include "trajectory/run_tree.h"

namespace burrow {

/// A branch that is compared, and the file that holds its texts.
struct Side {
    const RunTree& tree;
    RunFile& file;
};

/// How a node of one branch differs from the node at the same path of the other.
struct NodeDifference {
    NodeIndex left = noNode; ///< noNode: only the right one has it
    NodeIndex right = noNode; ///< noNode: only the left one has it
    bool input = false; ///< the code, the prompt or the request is another
    bool output = false; ///< the output, the reply or the answer is another
    bool state = false;
    bool model = false;

    friend bool operator==(const NodeDifference&, const NodeDifference&) = default;
};

/// Aligns two branches, of one file or two, by the paths of their nodes. Returns what differs, in the order
/// in which a tree shows it; below a node that only one has, nothing is listed. What nodes used is no
/// difference: it stands in their totals. Errors: RunFileInvalid.
Result<std::vector<NodeDifference>> compare(Side left, Side right);

} // namespace burrow
