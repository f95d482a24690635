#include "host/process_usage.h"

#include "host/proc_linux.h"

#include <sys/statvfs.h>
#include <unistd.h>

namespace burrow {

namespace {

/// The fields of stat from the third on: the second is a name, which may hold anything.
std::chrono::milliseconds cpuOf(const QByteArray& stat)
{
    const QList<QByteArray> fields = stat.sliced(stat.lastIndexOf(')') + 1).trimmed().split(' ');
    constexpr qsizetype first = 11, last = 14; // utime, stime, and those of children that were waited for
    if (fields.size() <= last)
        return {};
    qint64 ticks = 0;
    for (qsizetype i = first; i <= last; ++i)
        ticks += fields[i].toLongLong();
    static const qint64 ticksPerSecond = sysconf(_SC_CLK_TCK);
    return std::chrono::milliseconds(ticks * 1000 / ticksPerSecond);
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

/// Calls @p look with each process' id and status.
template <typename Look> void forEachProcess(qint64 pid, Look look)
{
    QList<qint64> processes = {pid};
    for (qsizetype i = 0; i < processes.size(); ++i) {
        const QByteArray status = proc::contentsOf(processes[i], "status");
        look(processes[i], status);
        processes << proc::childrenOf(processes[i], proc::valueOf(status, "\nThreads:"));
    }
}

/// Each process has its own, and one that only reads may hold as much of them as it likes.
qint64 pageTablesIn(const QByteArray& status)
{
    return proc::valueOf(status, "\nVmPTE:");
}

qint64 heldIn(const QByteArray& status)
{
    return proc::valueOf(status, "\nRssAnon:") + proc::valueOf(status, "\nRssShmem:")
        + proc::valueOf(status, "\nVmSwap:") + pageTablesIn(status);
}

qint64 shareIn(const QByteArray& sums)
{
    return proc::valueOf(sums, "\nPss_Anon:") + proc::valueOf(sums, "\nPss_Shmem:")
        + proc::valueOf(sums, "\nSwapPss:");
}

} // namespace

ProcessUsage usageOf(qint64 pid)
{
    ProcessUsage usage;
    forEachProcess(pid, [&usage](qint64 process, const QByteArray& status) {
        usage.memory += heldIn(status);
        usage.threads += proc::valueOf(status, "\nThreads:");
        usage.cpu += cpuOf(proc::contentsOf(process, "stat"));
        ++usage.processes;
    });
    usage.memory += scratchBytes(pid);
    return usage;
}

qint64 exactMemoryOf(qint64 pid)
{
    qint64 memory = scratchBytes(pid);
    forEachProcess(pid, [&memory](qint64 process, const QByteArray& status) {
        const QByteArray sums = proc::contentsOf(process, "smaps_rollup");
        memory += sums.contains("\nPss_Anon:") ? shareIn(sums) + pageTablesIn(status) : heldIn(status);
    });
    return memory;
}

qint64 memoryShareOf(qint64 pid)
{
    return shareIn(proc::contentsOf(pid, "smaps_rollup"));
}

bool isIdle(qint64 pid)
{
    bool waits = true;
    forEachProcess(pid, [&waits](qint64 process, const QByteArray&) {
        for (const QByteArray& thread : proc::threadsOf(process))
            waits = waits && !isRunning(proc::contentsOf(process, "task/" + thread + "/stat"));
    });
    return waits;
}

} // namespace burrow
