#pragma once

#include "trajectory/recorder.h"

namespace burrow {

/// Starts REPLs whose cells and host calls are recorded. When a run is taken up again, its cells run again,
/// since only that brings their variables back; what a recorded cell prints now is compared with what it
/// printed then, which stands where a model has read it since. A cell that was cut short is not run again:
/// its output is served. Engine thread only.
class RecordedReplFactory final : public ReplFactory {
public:
    /// Both must outlive it and the REPLs that it starts.
    RecordedReplFactory(ReplFactory& inner, Recorder& recorder);

    /// Errors of execute() also: those of the recorder.
    Task<Result<std::unique_ptr<Repl>>> start(ReplSpec spec, HostCalls* calls, StopToken stop) override;

private:
    ReplFactory& m_inner;
    Recorder& m_recorder;
};

} // namespace burrow
