#pragma once

#include "base/task.h"
#include "host/channel.h"
#include "host/guest_checkpoints.h"
#include "host/guest_message.h"
#include "host/guest_process.h"
#include "host/guest_start.h"

#include <QTimer>

#include <functional>

namespace burrow {

/// Why a guest is gone, in words that a model may read: they depend on nothing but what it did.
struct GuestDeath {
    CellStatus status = CellStatus::Crashed;
    QByteArray how; ///< one sentence
    std::optional<CellLimit> limit; ///< that was passed
};

/// Picks cells by their paths.
using CellFilter = std::function<bool(const NodePath&)>;

/// Hears what a guest does once it is ready.
class GuestListener {
public:
    virtual ~GuestListener() = default;
    /// Output, queries, the ends of cells, and what is to be ignored.
    virtual void guestSaid(GuestMessage message) = 0;
    /// The cell that runs is to stand still, or to go on, if @p which says so of its path.
    virtual void stopCell(const CellFilter& which) = 0;
    virtual void letCellGo(const CellFilter& which) = 0;
    /// The running cell has had the processor for as long as it may, and should be interrupted.
    virtual void cpuUsedUp() = 0;
    /// The last call, unless it is restored. The guest must not be deleted inside it, but may be later.
    virtual void guestDied(const GuestDeath& death) = 0;
};

struct ProcessUsage;

/// One running Python process in its sandbox. Once it has died it is of no more use, unless it has
/// checkpoints. Engine thread only.
class Guest final : public QObject {
    Q_OBJECT
public:
    /// Starts a process and waits until it is ready for cells.
    /// Errors: SandboxUnavailable, SandboxTooWeak, GuestFailed, Cancelled, those of DocumentFiles::open().
    /// PythonMissing where the sandbox cannot use that Python: the message is the reason alone.
    static Task<Result<std::unique_ptr<Guest>>> start(GuestPlan plan, StopToken stop);
    ~Guest() override;
    /// @p listener may be null.
    void listen(GuestListener* listener) { m_listener = listener; }
    GuestListener* listener() const { return m_listener; }

    void run(quint64 id, const Cell& cell);
    void answer(quint64 query, const QueryOutcome& outcome);
    void refuse(quint64 query, const QueryRefusal& refusal);
    void interrupt();
    /// Lets the process stand still where it is, or go on.
    void stop();
    void go();
    /// Nothing is asked of it for now. Where that lasts it stands still, with all that it has forked: nobody
    /// counts its time between cells. A cell or checkpoint that follows at once need not wait for it.
    void rest() { m_rest.start(); }
    /// Ends the process; guestDied() follows at once.
    void end(const GuestDeath& death);
    void endBeyond(CellLimit limit);

    // Between cells.

    /// Errors: as Repl::checkpoint().
    Task<Result<void>> checkpoint(CheckpointId id, StopToken stop);
    /// Also where it is dead. Errors: GuestFailed, Cancelled; then it is dead for good.
    Task<Result<void>> restore(CheckpointId id, StopToken stop);
    GuestCheckpoints& checkpoints() { return m_checkpoints; }
    const GuestCheckpoints& checkpoints() const { return m_checkpoints; }

    /// Whether nothing in it runs, since all of its threads wait.
    Task<bool> isIdle() const;

    void pauseReading() { m_channel->pauseReading(); }
    void resumeReading() { m_channel->resumeReading(); }
    /// From the next look on, until stopCpuClock(), what the guest takes of the processor counts.
    void startCpuClock() { m_countsCpu = true; }
    void stopCpuClock();

    const SandboxReport& report() const { return m_report; }
    const ReadyMessage& ready() const { return m_ready; }
    const ReplLimits& limits() const { return m_limits; }
    qint64 pid() const { return m_process->pid(); }
    bool isDead() const { return m_isDead; }

    // For UsageWatch.

    /// Lets it stand still for a close look, whatever go() says, until release() or interrupt().
    void hold();
    void release();
    bool isHeld() const { return m_isHeld; }
    /// How much memory it may hold: documents that could not be mapped are not held against it.
    qint64 memoryAllowance() const { return m_limits.memoryBytes + m_copiedDocuments; }
    /// Whether it is within its limits on threads and time. Else it has been ended or interrupted.
    bool staysWithin(const ProcessUsage& usage);

private:
    Guest(std::unique_ptr<GuestProcess> process, const GuestPlan& plan);

    Task<Result<void>> awaitReady(std::chrono::milliseconds timeout, StopToken stop);
    void takeReport(const LauncherReport& report);
    void startWhenKnown();
    void takeFrame(const Frame& frame);
    void takeEnd(const ProcessEnd& end);
    void crash(const char* what);
    void failStart(ErrorCode code, const QString& message);

    std::unique_ptr<GuestProcess> m_process;
    std::unique_ptr<Channel> m_channel;
    GuestCheckpoints m_checkpoints;
    GuestListener* m_listener = nullptr;
    Completion<Result<void>> m_started;
    SandboxReport m_report;
    ReadyMessage m_ready;
    SandboxLevel m_minimum;
    QString m_launcher; ///< its path
    ReplLimits m_limits;
    std::shared_ptr<UsageWatch> m_watch;
    qint64 m_copiedDocuments = 0; ///< bytes
    QTimer m_rest;
    bool m_standsStill = false;
    bool m_isHeld = false;
    bool m_countsCpu = false;
    std::optional<std::chrono::milliseconds> m_cpuBefore; ///< at the first look of those that count
    bool m_isReported = false;
    bool m_isReady = false;
    bool m_isDead = false;
};

} // namespace burrow
