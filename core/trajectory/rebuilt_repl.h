#pragma once

#include "trajectory/recorded_host_calls.h"

namespace burrow {

/// A REPL whose variables survive its process. Where that ends, the newest checkpoint is restored, and the
/// cells since then that ran to their end run again, their host calls answered as before and their outputs
/// compared with those on record; the cell that ended the process, and others that were cut short, do not.
/// Private to core/trajectory. Engine thread only.
class RebuiltRepl final : public Repl {
public:
    /// @p factory and @p recorder must outlive it, and so must @p calls.
    RebuiltRepl(ReplFactory& factory, Recorder& recorder, HostCalls* calls, ReplSpec spec);

    /// A process without variables, and nothing that could be brought back. Errors: as ReplFactory::start().
    Task<Result<void>> startAnew(StopToken stop);
    /// Cells must be recorded with their outputs before the next one is run.
    Task<Result<CellOutput>> execute(Cell cell, StopToken stop) override;
    /// Whether a stop kept any host call from being answered: what a cell makes of that is no result.
    bool callsWereStopped() const { return m_calls.wereStopped(); }

    Task<Result<CheckpointId>> checkpoint(StopToken stop) override;
    Task<Result<void>> restore(CheckpointId id, StopToken stop) override;
    void drop(CheckpointId id) override;
    QByteArray draftOfStopped() const override { return m_inner->draftOfStopped(); }
    std::vector<Checkpoint> checkpoints() const override { return m_inner->checkpoints(); }

private:
    struct Ended {
        NodePath path;
        int number;
        friend bool operator==(const Ended&, const Ended&) = default;
    };
    /// What makes up the variables, and these.
    struct State {
        std::vector<Ended> cells; ///< that ran to their end, in order
        std::vector<Variable> variables;
    };
    struct Boundary {
        CheckpointId id;
        State state;
    };
    /// What went with a process and did not come back.
    struct Loss {
        bool all = false;
        std::vector<QByteArray> names;
    };

    Task<Result<Loss>> bringBack(StopToken stop);
    /// Whether all came out as before.
    Task<bool> runAgain(std::vector<Ended> cells, StopToken stop);
    Task<bool> runAgain(Ended cell, StopToken stop);
    Task<void> restoreNewest(std::vector<Ended> cells, StopToken stop);
    Task<void> checkpointWhereWorthWhile(std::chrono::milliseconds took, StopToken stop);

    ReplFactory& m_factory;
    Recorder& m_recorder;
    ReplSpec m_spec;
    RecordedHostCalls m_calls;
    std::unique_ptr<Repl> m_inner;
    State m_state;
    std::vector<Boundary> m_boundaries; ///< of checkpoints, oldest first
    std::chrono::milliseconds m_sinceCheckpoint{0}; ///< how long cells ran
};

/// Whether a cell was ended before it was through: its effect cannot be had again by running it again.
bool wasCutShort(CellStatus status);

/// The output that a recorder's file holds as @p texts and @p json; nothing where those do not fit together.
Result<std::optional<CellOutput>> outputOnRecord(Recorder& recorder, BlobId texts, BlobId json);

} // namespace burrow
