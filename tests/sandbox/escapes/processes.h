#pragma once

#include <QList>
#include <QObject>

#include <functional>
#include <vector>

namespace burrow::escapes {

/// A line of the system's table of processes.
struct Process {
    qint64 pid = 0;
    qint64 parent = 0;
    qint64 session = 0;
    char state = '?'; ///< `Z`: it has ended, and nobody has asked how
};

std::vector<Process> allProcesses();
/// Children of @p ancestor, their children, and so on.
std::vector<Process> descendantsOf(qint64 ancestor);

/// How many threads the process @p pid has.
qsizetype threadsOf(qint64 pid);

/// From now on, what loses its parent among this process' descendants becomes its child.
void adoptOrphans();
/// Takes note that children have ended, so that they leave the table.
void reap(const QList<qint64>& pids);
void kill(qint64 pid);

/// Becomes the user @p id for good. Call before anything else. Returns whether it worked.
bool becomeUser(unsigned id);
bool isRoot();
/// Calls @p stop in the event loop when somebody interrupts or ends this program.
void onInterrupt(QObject* context, std::function<void()> stop);
/// Ends this process at once, as a crash would.
[[noreturn]] void killSelf();
/// The most memory that a child which has ended ever held, or a child of its; in bytes.
qint64 peakMemoryOfChildren();
/// The most memory that this process ever held; in bytes.
qint64 peakMemory();

} // namespace burrow::escapes
