#pragma once

#include "host/guest.h"

namespace burrow {

class CellInProgress;
struct CellEnd;

/// A REPL in a sandboxed process. Where the process dies, the next cell starts a new one, unless a checkpoint
/// is restored before. One cell at a time.
class GuestRepl final : public Repl, private GuestListener {
public:
    /// @p calls must outlive it.
    GuestRepl(GuestPlan plan, HostCalls* calls, std::unique_ptr<Guest> guest);
    ~GuestRepl() override;

    Task<Result<CellOutput>> execute(Cell cell, StopToken stop) override;
    Task<Result<CheckpointId>> checkpoint(StopToken stop) override;
    Task<Result<void>> restore(CheckpointId id, StopToken stop) override;
    void drop(CheckpointId id) override;
    Task<std::vector<Checkpoint>> checkpoints(StopToken stop) const override;
    bool isAlive() const override { return m_guest && !m_guest->isDead(); }
    QByteArray draftOfStopped() const override { return m_draftOfStopped; }

    /// Of the present process; 0 where there is none.
    qint64 pid() const { return m_guest && !m_guest->isDead() ? m_guest->pid() : 0; }

private:
    /// What is known of the variables at a checkpoint.
    struct Boundary {
        CheckpointId id;
        quint64 cells;
        std::vector<Variable> variables;
    };

    Task<Result<void>> ensureGuest(StopToken stop);
    void adopt(std::unique_ptr<Guest> guest);
    void guestSaid(GuestMessage message) override;
    void stopCell(const CellFilter& which) override;
    void letCellGo(const CellFilter& which) override;
    void cpuUsedUp() override;
    void guestDied(const GuestDeath& death) override;
    void buryGuest();
    std::optional<LimitHit> limitBehind(const CellEnd& end) const;
    void dropGuest();
    std::vector<QByteArray> takeNames();

    GuestPlan m_plan;
    HostCalls* m_calls;
    std::unique_ptr<Guest> m_guest;
    CellInProgress* m_progress = nullptr; ///< set while a cell runs
    quint64 m_lastId = 0;
    int m_strayMessages = 0; ///< that came since the last cell ended
    std::vector<Variable> m_variables; ///< after the last cell
    QByteArray m_draftOfStopped;
    quint64 m_lastCheckpoint = 0;
    std::vector<Boundary> m_boundaries; ///< of the guest's checkpoints, oldest first
    /// Names that went with a process that died between cells or by a stop; told with the next cell.
    std::optional<std::vector<QByteArray>> m_untoldLoss;
};

} // namespace burrow
