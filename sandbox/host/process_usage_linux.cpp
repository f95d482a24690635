#include "host/process_usage.h"

#include <QByteArray>
#include <QList>

#include <array>

#include <dirent.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace burrow {

namespace {

QByteArray folderOf(qint64 pid)
{
    return "/proc/" + QByteArray::number(pid);
}

/// The beginning of a file, which is all of it for those that are read here.
QByteArray contentsOf(const QByteArray& path)
{
    const int fd = open(path.constData(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return {};
    std::array<char, 4096> buffer;
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    close(fd);
    return QByteArray(buffer.data(), count > 0 ? count : 0);
}

/// A line is `RssAnon:      1234 kB`.
qint64 valueOf(const QByteArray& lines, const char* name)
{
    const qsizetype start = lines.indexOf(name);
    if (start < 0)
        return 0;
    const qsizetype value = start + qsizetype(qstrlen(name));
    return lines.sliced(value, lines.indexOf('\n', value) - value).replace("kB", "").trimmed().toLongLong();
}

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

/// Each thread has children of its own.
QList<qint64> childrenOf(qint64 pid, qint64 threads)
{
    QList<QByteArray> ids = {QByteArray::number(pid)};
    const QByteArray tasks = folderOf(pid) + "/task/";
    if (threads > 1) {
        ids.clear();
        if (DIR* const folder = opendir(tasks.constData())) {
            while (const dirent* const entry = readdir(folder))
                ids << entry->d_name;
            closedir(folder);
        }
    }
    QList<qint64> children;
    for (const QByteArray& id : std::as_const(ids)) {
        for (const QByteArray& child : contentsOf(tasks + id + "/children").split(' ')) {
            if (const qint64 number = child.trimmed().toLongLong(); number > 0)
                children << number;
        }
    }
    return children;
}

/// Only where this process may look at the guest's root.
qint64 scratchBytes(qint64 pid)
{
    struct statvfs scratch{};
    const QByteArray root = folderOf(pid) + "/root";
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
        const QByteArray status = contentsOf(folderOf(processes[i]) + "/status");
        look(processes[i], status);
        processes << childrenOf(processes[i], valueOf(status, "\nThreads:"));
    }
}

qint64 heldIn(const QByteArray& status)
{
    return 1024
        * (valueOf(status, "\nRssAnon:") + valueOf(status, "\nRssShmem:") + valueOf(status, "\nVmSwap:"));
}

} // namespace

ProcessUsage usageOf(qint64 pid)
{
    ProcessUsage usage;
    forEachProcess(pid, [&usage](qint64 process, const QByteArray& status) {
        usage.memory += heldIn(status);
        usage.threads += valueOf(status, "\nThreads:");
        usage.cpu += cpuOf(contentsOf(folderOf(process) + "/stat"));
        ++usage.processes;
    });
    usage.memory += scratchBytes(pid);
    return usage;
}

qint64 exactMemoryOf(qint64 pid)
{
    qint64 memory = scratchBytes(pid);
    forEachProcess(pid, [&memory](qint64 process, const QByteArray& status) {
        const QByteArray shares = contentsOf(folderOf(process) + "/smaps_rollup");
        memory += shares.contains("\nPss_Anon:") ? 1024
                * (valueOf(shares, "\nPss_Anon:") + valueOf(shares, "\nPss_Shmem:")
                    + valueOf(shares, "\nSwapPss:"))
                                                 : heldIn(status);
    });
    return memory;
}

} // namespace burrow
