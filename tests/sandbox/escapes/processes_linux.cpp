#include "processes.h"

#include <QDir>
#include <QFile>
#include <QSocketNotifier>

#include <csignal>

#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace burrow::escapes {

std::vector<Process> allProcesses()
{
    std::vector<Process> processes;
    for (const QString& name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(QStringLiteral("/proc/%1/stat").arg(name));
        if (!name.front().isDigit() || !file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray stat = file.readAll(); // pid (name) state parent group session …
        const QByteArrayList fields = stat.sliced(stat.lastIndexOf(')') + 1).simplified().split(' ');
        if (fields.size() > 4)
            processes.push_back(
                {name.toLongLong(), fields[1].toLongLong(), fields[3].toLongLong(), fields[0].front()});
    }
    return processes;
}

std::vector<Process> descendantsOf(qint64 ancestor)
{
    const std::vector<Process> all = allProcesses();
    std::vector<Process> found;
    QList<qint64> parents = {ancestor};
    for (qsizetype i = 0; i < parents.size(); ++i) {
        for (const Process& process : all) {
            if (process.parent != parents[i])
                continue;
            found.push_back(process);
            parents << process.pid;
        }
    }
    return found;
}

qsizetype threadsOf(qint64 pid)
{
    return QDir(QStringLiteral("/proc/%1/task").arg(pid)).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
}

void adoptOrphans()
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void reap(const QList<qint64>& pids)
{
    for (const qint64 pid : pids)
        waitpid(static_cast<pid_t>(pid), nullptr, WNOHANG);
}

void kill(qint64 pid)
{
    ::kill(static_cast<pid_t>(pid), SIGKILL);
}

bool becomeUser(unsigned id)
{
    if (setgroups(0, nullptr) != 0 || setresgid(id, id, id) != 0 || setresuid(id, id, id) != 0)
        return false;
    prctl(PR_SET_DUMPABLE, 1); // as for any program that the user starts
    return true;
}

bool isRoot()
{
    return geteuid() == 0;
}

void onInterrupt(QObject* context, std::function<void()> stop)
{
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&signals, number);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    const int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    auto* const notifier = new QSocketNotifier(fd, QSocketNotifier::Read, context);
    QObject::connect(notifier, &QSocketNotifier::activated, context, [notifier, stop = std::move(stop)] {
        notifier->setEnabled(false);
        stop();
    });
}

void killSelf()
{
    raise(SIGKILL);
    _exit(1);
}

qint64 peakMemoryOfChildren()
{
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    return qint64(usage.ru_maxrss) << 10;
}

qint64 peakMemory()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return qint64(usage.ru_maxrss) << 10;
}

} // namespace burrow::escapes
