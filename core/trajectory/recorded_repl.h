#pragma once

#include "trajectory/recorder.h"

#include <functional>

namespace burrow {

/// Starts REPLs whose cells and host calls are recorded. When a run is taken up again, its cells run again,
/// since only that brings their variables back; what a recorded cell prints now is compared with what it
/// printed then, which stands where a model has read it since. A cell that was cut short is not run again:
/// its output is served. Where a process ends within a session, RebuiltRepl brings the variables back. Engine
/// thread only.
class RecordedReplFactory final : public ReplFactory {
public:
    /// Hears, for people, that a cell ran into a limit; not of those that are on record already.
    using LimitNotice = std::function<void(const NodePath& cell, const QByteArray& text)>;

    /// Both must outlive it, and it the REPLs that it starts.
    RecordedReplFactory(ReplFactory& inner, Recorder& recorder, LimitNotice onLimit = {});

    /// Errors of execute() also: those of the recorder.
    Task<Result<std::unique_ptr<Repl>>> start(ReplSpec spec, HostCalls* calls, StopToken stop) override;

private:
    ReplFactory& m_inner;
    Recorder& m_recorder;
    LimitNotice m_onLimit;
};

} // namespace burrow
