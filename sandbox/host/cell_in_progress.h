#pragma once

#include "host/guest.h"

#include "host/output_capture.h"

#include <QElapsedTimer>
#include <QSet>

namespace burrow {

/// How a cell came to its end: the guest said so, or died.
struct CellEnd {
    enum class Cause {
        Itself,
        TimedOut, ///< after a limit on time
        Cancelled, ///< after a stop was requested
    };
    Cause cause = Cause::Itself;
    std::optional<CellLimit> limit; ///< where it timed out
    std::optional<DoneMessage> done;
    std::optional<GuestDeath> death; ///< set where `done` is not
    CapturedText out;
    CapturedText err;
};

/// One cell from its start to its end: its output, its host calls and its time.
///
/// The time limit counts the time in which the cell runs. While a host call of the cell is open the clock
/// stands still: waiting for a model, for a child or for a person who has paused the run is not the cell's
/// doing. What it takes of the processor is limited all the time.
///
/// Where several of its queries are open at once, each answer waits until nothing in the guest runs: what the
/// one before has set off is done, and threads see answers in the same order whenever the cell runs.
class CellInProgress final : public QObject {
    Q_OBJECT
public:
    /// @p guest and @p calls must outlive run().
    CellInProgress(Guest* guest, HostCalls* calls, quint64 id, Cell cell, const ReplSpec& spec);

    /// Returns when the cell has ended and all of its host calls have returned.
    Task<CellEnd> run(StopToken stop);

    void receive(GuestMessage message);
    void guestDied(const GuestDeath& death);
    void cpuUsedUp() { timeOut(CellLimit::CpuTime); }

    /// Nothing of it runs, and no time of it passes, until goOn().
    void standStill();
    void goOn();
    const NodePath& path() const { return m_cell.path; }

private:
    void receiveQuery(QueryMessage query);
    void receiveDone(DoneMessage done);
    Task<void> serve(QueryMessage query);
    Task<void> turnToAnswer();
    bool isAcceptable(const QueryMessage& query) const;

    void timeOut(CellLimit limit);
    void interrupt(CellEnd::Cause cause, std::chrono::milliseconds grace);
    void insist();
    bool isOver() const { return m_end.done || m_end.death; }
    void finish();
    void startClock();
    void stopClock();
    void limitQueries();

    Guest* m_guest;
    HostCalls* m_calls;
    quint64 m_id;
    Cell m_cell;
    int m_documents; ///< that the context has

    OutputCapture m_out;
    OutputCapture m_err;
    CellEnd m_end;
    Completion<bool> m_over; ///< the guest has said or done its last for this cell
    Completion<bool> m_quiet; ///< no host call is open any more

    std::stop_source m_stopQueries;
    QSet<quint64> m_open; ///< queries without an answer yet
    qint64 m_openBytes = 0; ///< of their prompts
    bool m_readingPaused = false;
    bool m_isConcurrent = false; ///< two queries were open at once
    bool m_isBusy = false; ///< it ran on for longer than answers wait
    Semaphore m_answering{1};
    bool m_standsStill = false;
    std::vector<Task<void>> m_serving;

    QTimer m_timeout;
    QElapsedTimer m_running; ///< valid while the clock goes
    std::chrono::nanoseconds m_left; ///< of the time limit, when the clock was last started
    QTimer m_grace; ///< half of what a cell has to end after an interrupt
    bool m_mayInsist = false; ///< no second interrupt was sent yet
};

} // namespace burrow
