#pragma once

#include "host/process_usage.h"

#include <QElapsedTimer>
#include <QTimer>

#include <vector>

namespace burrow {

class Guest;

/// Looks ten times a second at what the guests of a run use, and holds them to their limits. Engine thread
/// only.
///
/// Where a guest holds more than it may, or all together more than the run, and it is their checkpoints that
/// are too much, the oldest of those go. Else one guest is ended: of those that hold more than an equal share
/// of the run's limit, the one that started last. So a small guest never pays for a large one, and of the
/// large ones the one goes that has done the least work.
class UsageWatch final : public QObject {
    Q_OBJECT
public:
    UsageWatch();

    /// Until remove(); the guest must be running.
    void add(Guest* guest);
    void remove(Guest* guest);

    const std::vector<Guest*>& guests() const { return m_guests; }

private:
    void look();
    void checkMemory(std::vector<ProcessUsage> usage);
    bool isWithin(const std::vector<ProcessUsage>& usage) const;
    /// False where it is too soon for another close look.
    bool lookClosely(std::vector<ProcessUsage>& usage);
    qint64 runLimit() const;

    QTimer m_timer;
    std::vector<Guest*> m_guests; ///< in the order of their starts
    QElapsedTimer m_sinceClose;
    qint64 m_closePause = 0; ///< milliseconds from the last close look to the next
};

} // namespace burrow
