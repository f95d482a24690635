#include "host/inner_process.h"

#include "host/proc_linux.h"

namespace burrow {

namespace {

/// Its ids in each namespace are `NSpid:  4711  5`, the innermost last.
qint64 innerIdOf(qint64 pid)
{
    const QByteArray status = proc::contentsOf(pid, "status");
    const qsizetype start = status.indexOf("\nNSpid:") + 1;
    const QByteArray line = status.mid(start, status.indexOf('\n', start) - start);
    return line.mid(line.lastIndexOf('\t') + 1).toLongLong();
}

} // namespace

qint64 childCalled(qint64 outer, qint64 inner)
{
    const QList<qint64> children = proc::childrenOf(outer);
    // The one that came last is mostly the one that is looked for.
    for (auto child = children.crbegin(); child != children.crend(); ++child) {
        if (innerIdOf(*child) == inner)
            return *child;
    }
    return 0;
}

bool hasSharedMemory(qint64 pid)
{
    // A line is `7f0000000000-7f0000001000 rw-s 00000000 00:01 1024 /dev/zero (deleted)`.
    for (const QByteArray& line : proc::contentsOf(pid, "maps").split('\n')) {
        const qsizetype space = line.indexOf(' ');
        const QByteArray permissions = line.mid(space + 1, 4);
        if (permissions.contains('w') && permissions.endsWith('s'))
            return true;
    }
    return false;
}

} // namespace burrow
