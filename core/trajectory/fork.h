#pragma once

#include "base/clock.h"
#include "trajectory/edit.h"
#include "trajectory/run_file.h"
#include "trajectory/run_tree.h"

namespace burrow {

/// What a person wants to be different at a node of a run.
struct Change {
    enum class What {
        Nothing, ///< play it again from the start
        Code, ///< of a cell
        Reply, ///< of a model, or the answer of a child call
        Prompt, ///< of a request or a call
        Model, ///< that is asked
        Parameters, ///< with which it is asked
        Sample, ///< ask the same once more
    };
    What what = What::Nothing;
    QByteArray text; ///< the new code, reply, prompt or model; encodeParameters()
    Edit::Reach reach = Edit::Reach::Node; ///< of another model, or of other parameters
};

/// A branch that is about to be opened.
struct Fork {
    int parent = 1;
    qint64 seq = 0; ///< of the last event that both have
    Edit edit;
    qint64 editedNode = 0; ///< the node that has the edited text from the start; 0 where it comes later
    QString reason;
};

/// What @p change at node @p at of @p branch means: where the new branch leaves, and what holds in it. @p
/// tree is the whole branch. Errors: InvalidArgument, naming the node and what it can have changed;
/// RunFileInvalid.
Result<Fork> planFork(
    RunFile& file, const RunTree& tree, int branch, const NodePath& at, const Change& change);

/// What a person should know of a fork before money is spent.
struct ForkOutlook {
    int kept = 0; ///< requests before the fork
    int later = 0; ///< those after it: reused where the change does not reach them, else sent again
    MicroUsd laterCost; ///< what those cost when they were sent
};

/// @p source is the whole branch that @p fork leaves.
ForkOutlook outlookOf(const RunTree& source, const Fork& fork);

/// Adds the branch to @p file, which must be open to write, and commits. Returns its number.
/// Errors: DiskFull, Io.
Result<int> openFork(RunFile& file, const Fork& fork, const Clock& clock);

} // namespace burrow
