#include "host/inner_process.h"

#include <QByteArray>
#include <QDir>

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
    return lines.mid(value, lines.indexOf('\n', value) - value).replace("kB", "").trimmed().toLongLong()
        * 1024;
}

/// Each thread has children of its own.
QList<qint64> childrenOf(qint64 pid)
{
    const QString tasks = QStringLiteral("/proc/%1/task").arg(pid);
    QList<qint64> children;
    for (const QString& task : QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        for (const QByteArray& child : contentsOf(pid, "task/" + task.toUtf8() + "/children").split(' ')) {
            if (const qint64 number = child.trimmed().toLongLong(); number > 0)
                children << number;
        }
    }
    return children;
}

/// Its ids in each namespace are `NSpid:  4711  5`, the innermost last.
qint64 innerIdOf(qint64 pid)
{
    const QByteArray status = contentsOf(pid, "status");
    const qsizetype start = status.indexOf("\nNSpid:") + 1;
    const QByteArray line = status.mid(start, status.indexOf('\n', start) - start);
    return line.mid(line.lastIndexOf('\t') + 1).toLongLong();
}

} // namespace

qint64 childCalled(qint64 outer, qint64 inner)
{
    const QList<qint64> children = childrenOf(outer);
    // The one that came last is mostly the one that is looked for.
    for (auto child = children.crbegin(); child != children.crend(); ++child) {
        if (innerIdOf(*child) == inner)
            return *child;
    }
    return 0;
}

QList<qint64> processesOf(qint64 first)
{
    QList<qint64> processes = {first};
    for (qsizetype i = 0; i < processes.size(); ++i)
        processes << childrenOf(processes[i]);
    return processes;
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
        const QByteArray permissions = line.mid(space + 1, 4);
        if (permissions.contains('w') && permissions.endsWith('s'))
            return true;
    }
    return false;
}

} // namespace burrow
