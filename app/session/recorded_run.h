#pragma once

#include "engine/run_settings.h"

#include "trajectory/run_file.h"
#include "trajectory/run_info.h"
#include "trajectory/run_tree.h"

namespace burrow {

/// What a run file says about how its run was made: all that taking it up again needs.
struct RecordedRun {
    RunInfo info; ///< of the first session
    RunInfo lastInfo;
    RunSettings settings; ///< those of the last session; what models are told is as in the first
    QList<QByteArray> questions;
    RunTotals totals;
    bool isFromElsewhere = false; ///< its server gets no key but its own, also where a person trusts it
};

/// Errors: RunFileInvalid; InvalidArgument where there is no such branch.
Result<RecordedRun> readRun(RunFile& file, int branch = 1);

struct TakenUp {
    RunFile file;
    RecordedRun run;
};

/// Opens a branch of the run at @p path, to play it. Errors: those of RunFile::open() and readRun(),
/// RunNotTrusted.
Result<TakenUp> takeUp(
    const QString& path, bool trusted, int branch = 1, RunFile::Access access = RunFile::Access::Write);

/// Whether a run may be played that @p trusted says a person has looked at, or that was made here; marks it
/// where it was not.
/// Errors: RunNotTrusted, with the hosts and paths that the run names; how a person says so is the program's
/// to add.
Result<void> checkTrust(RecordedRun& run, const QString& path, bool trusted);

/// The file of a run that a person named none for: in the user's data folder, which it makes, by date and
/// question. Errors: Io, and those of RunFile::create().
Result<RunFile> createRun(const QString& question);

} // namespace burrow
