#pragma once

#include "host/process_usage.h"

#include <QThreadPool>
#include <QTimer>

#include <optional>
#include <vector>

namespace burrow {

class Guest;

/// Looks ten times a second at what the guests of a run use, and holds them to their limits. Engine thread
/// only; the looking itself has threads of its own, since a guest can make it take seconds.
///
/// What processes of a guest share counts for each of them at first, so a guest that holds too much by that
/// count is looked at closely. Until that look is over the guest stands still, or it could hold anything
/// meanwhile.
///
/// Where a guest holds more than it may, or all together more than the run, and it is their checkpoints that
/// are too much, the oldest of those go. Else one guest is ended: of those that hold more than an equal share
/// of the run's limit, the one that started last. So a small guest never pays for a large one, and of the
/// large ones the one goes that has done the least work.
class UsageWatch final : public QObject {
    Q_OBJECT
public:
    UsageWatch();
    ~UsageWatch() override;

    /// Until remove(); the guest must be running.
    void add(Guest* guest);
    void remove(Guest* guest);

    /// In the order of their starts.
    std::vector<Guest*> guests() const;

private:
    struct Watched {
        Guest* guest;
        ProcessUsage usage; ///< at the last look
        std::optional<CloseUsage> close; ///< at the last close look
        bool isLookedAt = false; ///< closely, and it still stands still for that

        /// Bytes that it holds at most.
        qint64 memory() const;
        bool isExact() const;
    };

    void look();
    void take(const std::vector<ProcessUsage>& usage);
    void holdToMemory();
    void askForCloseLooks();
    void lookClosely();
    void takeClose(const CloseUsage& close);
    void release();
    Watched* find(qint64 pid);
    qint64 sum() const;
    qint64 runLimit() const;
    static bool dropCheckpoints(const std::vector<Watched*>& of, qint64 bytes);

    QTimer m_timer;
    std::vector<Watched> m_watched; ///< in the order of their starts
    bool m_isLooking = false;
    bool m_isLookingClosely = false;
    std::stop_source m_stop;
    QThreadPool m_threads; ///< one for each kind of look; last, so that they end before the rest
};

} // namespace burrow
