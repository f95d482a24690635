#pragma once

#include "base/clock.h"
#include "lm/price_table.h"
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
    int changed = 0; ///< those of the later ones that the change itself makes others: sent again for certain
    MicroUsd changedCost; ///< what those cost when they were sent
    std::optional<Usage> changedUsage; ///< the tokens of all of those, where they are on record
};

/// @p source is the whole branch that @p fork leaves; @p models as RunFile::models() gives them.
ForkOutlook outlookOf(const RunTree& source, std::span<const QByteArray> models, const Fork& fork);
/// The same for a person, in sentences. @p model: the other one that @p outlook is for; empty: it stays.
QString describe(const ForkOutlook& outlook, const QByteArray& model, const PriceTable& prices);

/// Adds the branch to @p file, which must be open to write, and commits. Returns its number.
/// Errors: DiskFull, Io.
Result<int> openFork(RunFile& file, const Fork& fork, const Clock& clock);

} // namespace burrow
