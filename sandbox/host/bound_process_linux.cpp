#include "host/bound_process.h"

#include <QProcess>

#include <csignal>

#include <sys/prctl.h>
#include <unistd.h>

namespace burrow {

void bindToThisThread(QProcess& process)
{
    process.setChildProcessModifier([] {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0);
    });
    // Otherwise the child waits for a word of its parent before it gets here, for ever where that was killed.
    process.setUnixProcessParameters(QProcess::UnixProcessFlag::UseVFork);
}

void endWithGroup(QProcess& process)
{
    if (const auto group = pid_t(process.processId()); group > 0)
        ::kill(-group, SIGKILL);
    process.waitForFinished();
}

} // namespace burrow
