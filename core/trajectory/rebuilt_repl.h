#pragma once

#include "trajectory/kept_repl.h"

namespace burrow {

/// A REPL whose variables survive its process. Where that ends, the newest checkpoint is restored, and the
/// cells since then that ran to their end run again, their host calls answered as before and their outputs
/// compared with those on record; the cell that ended the process, and others that were cut short, do not.
/// Private to core/trajectory. Engine thread only.
class RebuiltRepl final : public Repl {
public:
    /// @p factory and @p recorder must outlive it, and so must @p calls. Begins with what @p kept holds where
    /// that has been where this one goes, and leaves it there in the end; null where nothing is handed on.
    RebuiltRepl(ReplFactory& factory, Recorder& recorder, HostCalls* calls, ReplSpec spec,
        std::optional<KeptRepl>* kept);
    ~RebuiltRepl() override;

    /// Begins. Errors: as ReplFactory::start().
    Task<Result<void>> start(StopToken stop);
    /// A process without variables, and nothing that could be brought back. Errors: as ReplFactory::start().
    Task<Result<void>> startAnew(StopToken stop);
    /// Cells must be recorded with their outputs before the next one is run.
    Task<Result<CellOutput>> execute(Cell cell, StopToken stop) override;
    /// Whether @p cell need not run, since a checkpoint lies further on: what it gave is @p recorded, and it
    /// counts as run.
    bool passesOver(const Cell& cell, const CellOutput& recorded);
    /// A cell came out in another way than it is on record: what it left is of no use to another session.
    void keepNothing() { m_kept = nullptr; }
    /// Whether a stop kept any host call from being answered: what a cell makes of that is no result.
    bool callsWereStopped() const { return m_calls.wereStopped(); }

    Task<Result<CheckpointId>> checkpoint(StopToken stop) override;
    Task<Result<void>> restore(CheckpointId id, StopToken stop) override;
    void drop(CheckpointId id) override;
    QByteArray draftOfStopped() const override { return m_inner ? m_inner->draftOfStopped() : QByteArray(); }
    Task<std::vector<Checkpoint>> checkpoints(StopToken stop) const override
    {
        return m_inner->checkpoints(stop);
    }

private:
    /// What went with a process and did not come back.
    struct Loss {
        bool all = false;
        std::vector<QByteArray> names;
    };

    Task<Result<Loss>> bringBack(StopToken stop);
    /// Whether all came out as before.
    Task<bool> runAgain(std::vector<EndedCell> cells, StopToken stop);
    Task<bool> runAgain(EndedCell cell, StopToken stop);
    /// Whether there was one on the way to @p cells that could be.
    Task<bool> restoreNewest(std::vector<EndedCell> cells, StopToken stop);
    Task<Result<void>> startProcess(StopToken stop);
    void takeOver();
    bool isOnRecord(const ReplBoundary& boundary) const;
    EndedCell endedCell(const Cell& cell) const;
    Task<void> checkpointWhereWorthWhile(std::chrono::milliseconds took, StopToken stop);

    ReplFactory& m_factory;
    Recorder& m_recorder;
    ReplSpec m_spec;
    std::optional<KeptRepl>* m_kept;
    RecordedHostCalls m_calls;
    std::unique_ptr<HandedCalls> m_door; ///< where the process calls; outlives it
    std::unique_ptr<Repl> m_inner;
    ReplState m_state;
    std::vector<ReplBoundary> m_boundaries; ///< of checkpoints, oldest first
    std::vector<EndedCell> m_ahead; ///< up to the checkpoint that a process was taken over for
    bool m_isElsewhere = false; ///< the process was taken over and does not stand at m_state yet
    std::chrono::milliseconds m_sinceCheckpoint{0}; ///< how long cells ran
    std::chrono::milliseconds m_checkpointTook{0}; ///< the last
};

/// Whether a cell was ended before it was through: its effect cannot be had again by running it again.
bool wasCutShort(CellStatus status);

/// The output that a recorder's file holds as @p texts and @p json; nothing where those do not fit together.
Result<std::optional<CellOutput>> outputOnRecord(Recorder& recorder, BlobId texts, BlobId json);

} // namespace burrow
