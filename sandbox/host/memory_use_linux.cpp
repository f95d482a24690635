#include "host/memory_use.h"

#include "host/inner_process.h"

#include <QByteArray>

#include <array>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace burrow {

namespace {

QByteArray statusOf(qint64 pid)
{
    const int fd = open(("/proc/" + QByteArray::number(pid) + "/status").constData(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return {};
    std::array<char, 4096> buffer;
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    close(fd);
    return QByteArray(buffer.data(), count > 0 ? count : 0);
}

/// A line is `RssAnon:      1234 kB`.
qint64 kibibytes(const QByteArray& status, const char* name)
{
    const qsizetype start = status.indexOf(name);
    if (start < 0)
        return 0;
    const qsizetype value = start + qsizetype(qstrlen(name));
    return status.sliced(value, status.indexOf('\n', value) - value).replace("kB", "").trimmed().toLongLong();
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

} // namespace

qint64 memoryUseOf(qint64 pid)
{
    qint64 own = 0;
    for (const qint64 process : processesOf(pid)) {
        const QByteArray status = statusOf(process);
        own += kibibytes(status, "\nRssAnon:") + kibibytes(status, "\nRssShmem:")
            + kibibytes(status, "\nVmSwap:");
    }
    return own * 1024 + scratchBytes(pid);
}

qint64 exactMemoryUseOf(qint64 pid)
{
    qint64 own = 0;
    for (const qint64 process : processesOf(pid))
        own += memoryShareOf(process);
    return own + scratchBytes(pid);
}

} // namespace burrow
