#include "host/inner_process.h"

#include <QByteArray>

#include <array>

#include <fcntl.h>
#include <unistd.h>

namespace burrow {

namespace {

QByteArray contentsOf(qint64 pid, const QByteArray& name)
{
    const QByteArray path = "/proc/" + QByteArray::number(pid) + '/' + name;
    const int fd = open(path.constData(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return {};
    QByteArray contents;
    std::array<char, 16384> buffer;
    ssize_t count = 0;
    while ((count = read(fd, buffer.data(), buffer.size())) > 0)
        contents.append(buffer.data(), count);
    close(fd);
    return contents;
}

/// A line is `Pss_Anon:      1234 kB`.
qint64 bytesIn(const QByteArray& lines, const char* name)
{
    const qsizetype start = lines.indexOf(name);
    if (start < 0)
        return 0;
    const qsizetype value = start + qsizetype(qstrlen(name));
    return lines.sliced(value, lines.indexOf('\n', value) - value).replace("kB", "").trimmed().toLongLong()
        * 1024;
}

/// Its ids in each namespace are `NSpid:  4711  5`, the innermost last.
qint64 innerIdOf(qint64 pid)
{
    const QByteArray status = contentsOf(pid, "status");
    const qsizetype start = status.indexOf("\nNSpid:") + 1;
    const QByteArray line = status.sliced(start, status.indexOf('\n', start) - start);
    return line.sliced(line.lastIndexOf('\t') + 1).toLongLong();
}

} // namespace

qint64 childCalled(qint64 outer, qint64 inner)
{
    const QByteArray children = contentsOf(outer, "task/" + QByteArray::number(outer) + "/children");
    for (const QByteArray& child : children.simplified().split(' ')) {
        if (const qint64 pid = child.toLongLong(); pid > 0 && innerIdOf(pid) == inner)
            return pid;
    }
    return 0;
}

qint64 memoryShareOf(qint64 pid)
{
    const QByteArray sums = contentsOf(pid, "smaps_rollup");
    return bytesIn(sums, "\nPss_Anon:") + bytesIn(sums, "\nPss_Shmem:") + bytesIn(sums, "\nSwapPss:");
}

bool hasSharedMemory(qint64 pid)
{
    // A line is `7f0000000000-7f0000001000 rw-s 00000000 00:01 1024 /dev/zero (deleted)`.
    for (const QByteArray& line : contentsOf(pid, "maps").split('\n')) {
        const qsizetype space = line.indexOf(' ');
        if (space > 0 && line.sliced(space + 1, 4).endsWith('s'))
            return true;
    }
    return false;
}

} // namespace burrow
