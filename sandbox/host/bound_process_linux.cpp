#include "host/bound_process.h"

#include <QProcess>

#include <csignal>

#include <sys/prctl.h>

namespace burrow {

void bindToThisThread(QProcess& process)
{
    process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

} // namespace burrow
