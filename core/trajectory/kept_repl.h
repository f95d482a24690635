#pragma once

#include "trajectory/recorded_host_calls.h"

namespace burrow {

/// A cell that ran to its end in a REPL.
struct EndedCell {
    qint64 node; ///< in the run file: tells it from the cell of another branch at the same path
    NodePath path;
    int number; ///< as in Cell

    friend bool operator==(const EndedCell&, const EndedCell&) = default;
};

/// What makes up the variables of a REPL, and these.
struct ReplState {
    std::vector<EndedCell> cells; ///< in order
    std::vector<Variable> variables;
};

/// Where a REPL can be brought back to.
struct ReplBoundary {
    CheckpointId id;
    ReplState state;
};

/// Passes host calls on to whoever has the REPL at the time; refuses them where nobody has it.
class HandedCalls final : public HostCalls {
public:
    void handTo(HostCalls* calls) { m_calls = calls; }

    Task<QueryOutcome> query(NodePath cell, QueryBatch batch, StopToken stop) override
    {
        if (!m_calls)
            co_return std::unexpected(QueryRefusal{"RuntimeError", "no cell is running"});
        co_return co_await m_calls->query(std::move(cell), std::move(batch), std::move(stop));
    }
    bool wereStopped() const override { return m_calls && m_calls->wereStopped(); }

private:
    HostCalls* m_calls = nullptr;
};

/// The REPL of a root call that a session left behind, with its checkpoints: a later session of the same run
/// file goes on from one instead of running the cells before it again. Engine thread only.
struct KeptRepl {
    ReplSpec spec;
    std::unique_ptr<HandedCalls> calls; ///< outlives the REPL
    std::unique_ptr<Repl> repl;
    std::vector<ReplBoundary> boundaries; ///< oldest first, never empty
    RecordedHostCalls::Answers answers;
};

/// Brings what is kept back to its newest checkpoint, which holds no threads: until somebody takes it, it
/// costs memory alone. Lets go of what cannot be.
Task<void> layToRest(std::optional<KeptRepl>& kept);

} // namespace burrow
