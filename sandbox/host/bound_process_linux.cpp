#include "host/bound_process.h"

#include <QProcess>

#include <csignal>

#include <sys/prctl.h>

namespace burrow {

void bindToThisThread(QProcess& process)
{
    process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
    // Otherwise the child waits for a word of its parent before it gets here, for ever where that was killed.
    process.setUnixProcessParameters(QProcess::UnixProcessFlag::UseVFork);
}

} // namespace burrow
