#include "host/process_usage.h"

#include "host/proc_linux.h"

#include <QSet>

#include <algorithm>

#include <sys/statvfs.h>
#include <unistd.h>

namespace burrow {

namespace {

/// Adds up fields of stat, of which the second is a name that may hold anything.
qint64 sumOf(const QByteArray& stat, std::initializer_list<qsizetype> fields)
{
    constexpr qsizetype afterName = 3; // proc(5) counts from 1
    const QList<QByteArray> texts = stat.sliced(stat.lastIndexOf(')') + 1).trimmed().split(' ');
    qint64 sum = 0;
    for (const qsizetype field : fields)
        sum += texts.value(field - afterName).toLongLong();
    return sum;
}

// Those of ended children that were waited for count, too, at these and the following places.

std::chrono::milliseconds cpuOf(const QByteArray& stat)
{
    static const qint64 ticksPerSecond = sysconf(_SC_CLK_TCK);
    return std::chrono::milliseconds(sumOf(stat, {14, 15, 16, 17}) * 1000 / ticksPerSecond);
}

/// A fault brings in one page: the launcher sees to it that there are no huge ones.
qint64 faultedIn(const QByteArray& stat)
{
    static const qint64 pageSize = sysconf(_SC_PAGESIZE);
    return sumOf(stat, {10, 11, 12, 13}) * pageSize;
}

/// `17 (any name) R 1 …`: running or ready to, or waiting for a disk.
bool isRunning(const QByteArray& stat)
{
    const QByteArray state = stat.mid(stat.lastIndexOf(')') + 2, 1);
    return state == "R" || state == "D";
}

/// Only where this process may look at the guest's root.
qint64 scratchBytes(qint64 pid)
{
    struct statvfs scratch{};
    const QByteArray root = "/proc/" + QByteArray::number(pid) + "/root";
    struct statvfs whole{};
    if (statvfs((root + "/scratch").constData(), &scratch) != 0 || statvfs(root.constData(), &whole) != 0
        || scratch.f_fsid == whole.f_fsid)
        return 0;
    return qint64(scratch.f_blocks - scratch.f_bfree) * qint64(scratch.f_frsize);
}

/// What /proc tells of a process' memory.
struct Memory {
    QByteArray status;
    QByteArray folder; ///< `task/17/`, or empty: where in the process' own folder it is told
    bool isTold = true;
};

/// A process whose first thread has ended tells nothing of it, but its other threads do.
Memory memoryOf(qint64 pid)
{
    Memory memory{proc::contentsOf(pid, "status"), {}};
    const auto isTold = [&memory] { return memory.status.contains("\nRssAnon:"); };
    if (isTold() || proc::valueOf(memory.status, "\nThreads:") <= 1)
        return memory;
    for (const QByteArray& thread : proc::threadsOf(pid)) {
        memory = {proc::contentsOf(pid, "task/" + thread + "/status"), "task/" + thread + '/'};
        if (isTold())
            return memory;
    }
    memory.isTold = false;
    return memory;
}

/// Calls @p look with each process' id and memory.
template <typename Look> void forEachProcess(qint64 pid, Look look)
{
    // One whose parent ends meanwhile becomes a child of the first, which is asked again until there are no
    // new ones. A guest in which that never happens has been counted too high by then.
    constexpr int maxRounds = 16;
    constexpr qint64 severalThreads = 2;
    QList<qint64> processes = {pid};
    QSet<qint64> known = {pid};
    qsizetype next = 0;
    for (int round = 0; round < maxRounds && next < processes.size(); ++round) {
        const auto add = [&](const QList<qint64>& children) {
            for (const qint64 child : children) {
                if (!known.contains(child))
                    processes << child;
                known.insert(child);
            }
        };
        for (; next < processes.size(); ++next) {
            const Memory memory = memoryOf(processes[next]);
            look(processes[next], memory);
            const qint64 threads = proc::valueOf(memory.status, "\nThreads:");
            add(proc::childrenOf(processes[next], memory.isTold ? threads : severalThreads));
        }
        if (processes.size() > 1)
            add(proc::childrenOf(pid));
    }
}

/// Each process has its own, and one that only reads may hold as much of them as it likes.
qint64 pageTablesIn(const QByteArray& status)
{
    return proc::valueOf(status, "\nVmPTE:");
}

/// The kernel keeps some 220 bytes of each mapping, for each process. There are 65,530 at most, so it takes
/// many processes to make that much; one with more than fit the part that is read counts as if it had all.
constexpr qint64 processesUncounted = 4;
qint64 mappingsOf(qint64 pid)
{
    constexpr qint64 bytesOfEach = 256, most = 65'530 * bytesOfEach;
    constexpr qsizetype part = qsizetype(256) << 10;
    const QByteArray maps = proc::contentsOf(pid, "maps", part);
    return maps.size() < part ? maps.count('\n') * bytesOfEach : most;
}

qint64 heldIn(const QByteArray& status)
{
    return proc::valueOf(status, "\nRssAnon:") + proc::valueOf(status, "\nRssShmem:")
        + proc::valueOf(status, "\nVmSwap:");
}

/// What counts where one thread after another ends before it could tell: more than there is, until the
/// process stands still for a close look.
constexpr qint64 untold = qint64(1) << 40;

qint64 shareOf(qint64 pid, const Memory& memory)
{
    const QByteArray sums = proc::contentsOf(pid, memory.folder + "smaps_rollup");
    if (!sums.contains("\nPss_Anon:"))
        return heldIn(memory.status);
    return proc::valueOf(sums, "\nPss_Anon:") + proc::valueOf(sums, "\nPss_Shmem:")
        + proc::valueOf(sums, "\nSwapPss:");
}

/// Its ids in each namespace are `NSpid:  4711  5`, the innermost last.
qint64 insideIn(const QByteArray& status)
{
    const qsizetype start = status.indexOf("\nNSpid:") + 1;
    const QByteArray line = status.mid(start, status.indexOf('\n', start) - start);
    return line.mid(line.lastIndexOf('\t') + 1).toLongLong();
}

} // namespace

ProcessUsage usageOf(qint64 pid)
{
    ProcessUsage usage;
    usage.pid = pid;
    usage.unshared = scratchBytes(pid);
    forEachProcess(pid, [&usage](qint64 process, const Memory& memory) {
        const auto& [status, folder, isTold] = memory;
        const QByteArray stat = proc::contentsOf(process, "stat");
        usage.held += isTold ? heldIn(status) : untold;
        usage.unshared += pageTablesIn(status);
        usage.faulted += faultedIn(stat);
        usage.threads += proc::valueOf(status, "\nThreads:");
        usage.cpu += cpuOf(stat);
        if (++usage.processes > processesUncounted)
            usage.unshared += mappingsOf(process);
    });
    return usage;
}

CloseUsage closeUsageOf(qint64 pid, const StopToken& stop)
{
    CloseUsage close{usageOf(pid), {}};
    close.usage.held = 0;
    forEachProcess(pid, [&](qint64 process, const Memory& memory) {
        if (stop.stop_requested())
            return;
        const qint64 share = shareOf(process, memory);
        close.shares.insert(insideIn(memory.status), share);
        close.usage.held += share;
    });
    return close;
}

QHash<qint64, qint64> memoryShares(qint64 pid, const QList<qint64>& inside, const StopToken& stop)
{
    QHash<qint64, qint64> shares;
    for (const qint64 child : proc::childrenOf(pid)) {
        if (stop.stop_requested())
            break;
        const Memory memory = memoryOf(child);
        if (const qint64 id = insideIn(memory.status); inside.contains(id))
            shares.insert(id, shareOf(child, memory));
    }
    return shares;
}

bool hasSharedMemory(qint64 pid, qint64 inside)
{
    const QList<qint64> children = proc::childrenOf(pid);
    // The one that came last is mostly the one that is looked for.
    const auto child = std::find_if(children.crbegin(), children.crend(),
        [inside](qint64 id) { return insideIn(proc::contentsOf(id, "status")) == inside; });
    if (child == children.crend())
        return false;
    // A line is `7f0000000000-7f0000001000 rw-s 00000000 00:01 1024 /dev/zero (deleted)`.
    for (const QByteArray& line : proc::contentsOf(*child, "maps").split('\n')) {
        const QByteArray permissions = line.mid(line.indexOf(' ') + 1, 4);
        if (permissions.contains('w') && permissions.endsWith('s'))
            return true;
    }
    return false;
}

bool isIdle(qint64 pid)
{
    bool waits = true;
    forEachProcess(pid, [&waits](qint64 process, const Memory&) {
        for (const QByteArray& thread : proc::threadsOf(process))
            waits = waits && !isRunning(proc::contentsOf(process, "task/" + thread + "/stat"));
    });
    return waits;
}

} // namespace burrow
