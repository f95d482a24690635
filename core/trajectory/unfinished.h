#pragma once

#include "base/task.h"
#include "trajectory/run_tree.h"

namespace burrow {

class RunFile;

/// The events that end a run which was killed: its requests in flight become Unknown, with their estimates;
/// its cells and RLM calls become Cancelled. Empty where the run was closed in order. Their numbers start at
/// @p nextSeq, their time is that of the last event: nobody knows how much longer it lived.
std::vector<Event> closingMarks(const RunTree& tree, qint64 nextSeq);

/// Hands all events of @p file to @p use, in order and in batches; a batch is read while the one before it is
/// used. Returns the number of the last. Errors: RunFileInvalid, Io; Cancelled, between two batches.
Result<qint64> readAll(
    RunFile& file, const std::function<void(std::span<const Event>)>& use, const StopToken& stop = {});

/// As readAll(), of what @p branch sees.
Result<qint64> readBranch(RunFile& file, int branch, const std::function<void(std::span<const Event>)>& use,
    const StopToken& stop = {});

/// Folds a branch of @p file into @p tree, and hands its events to @p use where there is one. Where nobody
/// writes it, a run that was killed is ended by its marks. Returns the number of the last event. Errors:
/// RunFileInvalid, Io, Cancelled; InvalidArgument where there is no such branch.
Result<qint64> foldBranch(RunFile& file, int branch, RunTree& tree,
    const std::function<void(std::span<const Event>)>& use = {}, const StopToken& stop = {});

/// foldBranch() into a tree of its own.
Result<RunTree> loadTree(RunFile& file, int branch = 1);

} // namespace burrow
