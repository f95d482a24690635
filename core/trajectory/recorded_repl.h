#pragma once

#include "trajectory/kept_repl.h"

#include <functional>

namespace burrow {

/// Starts REPLs whose cells and host calls are recorded. When a run is taken up again, its cells run again,
/// since only that brings their variables back; what a recorded cell prints now is compared with what it
/// printed then, which stands where a model has read it since. A cell that was cut short is not run again:
/// its output is served. Where an earlier session left a checkpoint further on, the cells before it need not
/// run again either. Where a process ends within a session, RebuiltRepl brings the variables back. Engine
/// thread only.
class RecordedReplFactory final : public ReplFactory {
public:
    /// Hears, for people, that a cell ran into a limit; not of those that are on record already.
    using LimitNotice = std::function<void(const NodePath& cell, const QByteArray& text)>;

    /// All must outlive it, and it the REPLs that it starts. @p kept is where the REPL of the root is found,
    /// and left behind; null where nothing is handed from session to session.
    RecordedReplFactory(ReplFactory& inner, Recorder& recorder, LimitNotice onLimit = {},
        std::optional<KeptRepl>* kept = nullptr);

    /// Errors of execute() also: those of the recorder.
    Task<Result<std::unique_ptr<Repl>>> start(ReplSpec spec, HostCalls* calls, StopToken stop) override;

private:
    ReplFactory& m_inner;
    Recorder& m_recorder;
    LimitNotice m_onLimit;
    std::optional<KeptRepl>* m_kept;
};

} // namespace burrow
