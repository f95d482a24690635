#pragma once

#include "base/task.h"
#include "host/channel.h"
#include "host/guest_message.h"
#include "host/guest_process.h"

#include <QHash>

#include <map>
#include <optional>

namespace burrow {

/// The frozen copies of one guest at level Full (sandbox/guest/burrow_guest/checkpoints.py), from the host's
/// side.
///
/// Which processes they are the guest says itself, so a cell can make it say anything. What the host does for
/// that is done by the launcher inside the guest's namespace, and can go wrong there alone: then a restore
/// fails, or restores what the guest made up. One operation at a time. Engine thread only.
class GuestCheckpoints final : public QObject {
    Q_OBJECT
public:
    /// Both must outlive it.
    GuestCheckpoints(GuestProcess* process, Channel* channel);

    /// Errors: CheckpointUnavailable; GuestFailed where the guest does not answer; Cancelled.
    Task<Result<void>> take(CheckpointId id, StopToken stop);
    /// Ends the guest where it has not ended, and puts in its place what it was.
    /// Errors: GuestFailed, Cancelled: then nothing runs, and the copies are of no use any more.
    Task<Result<void>> restore(CheckpointId id, StopToken stop);
    void drop(CheckpointId id);
    /// There must be one. Returns what it held, in bytes, by the @p shares of the processes.
    qint64 dropOldest(const QHash<qint64, qint64>& shares);

    bool isEmpty() const { return m_copies.empty(); }
    bool contains(CheckpointId id) const { return m_copies.contains(id); }
    /// Its process, by its id in the guest's namespace; there must be one.
    qint64 processOf(CheckpointId id) const { return m_copies.at(id); }
    /// Of all together, by the @p shares of the processes.
    qint64 bytesIn(const QHash<qint64, qint64>& shares) const;

    /// Whoever waits for an operation gets GuestFailed with this message.
    void giveUp(const QString& reason);

    /// Whether the message was expected.
    bool receive(const KeptMessage& message);
    bool receive(const RestoredMessage& message);

private:
    struct Taking {
        CheckpointId id;
        bool isKept = false; ///< there is a copy
        std::optional<bool> isSharing; ///< whether the guest shares memory, once that is known
    };

    Task<Result<void>> outcome(Completion<Result<void>> settled, StopToken stop, QString onTimeout);
    Task<void> lookForSharing(CheckpointId id);
    void settleTaking();
    void settle(Result<void> result);
    void proceed();
    void forget(qint64 inside);

    GuestProcess* m_process;
    Channel* m_channel;
    std::map<CheckpointId, qint64> m_copies; ///< processes, by their ids in the guest's namespace
    qint64 m_guest = GuestProcess::firstInside; ///< as well
    std::optional<Taking> m_taking;
    Task<void> m_look;
    std::vector<CheckpointId> m_abandoned; ///< nobody waits for their answers any more
    std::optional<CheckpointId> m_restoring;
    std::optional<qint64> m_restored; ///< what is to take the guest's place; 0 until the copy has forked it
    std::optional<Completion<Result<void>>> m_settled; ///< while an operation goes on
};

} // namespace burrow
