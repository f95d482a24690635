#include "steps.h"

#include <cstdio>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace burrow::launcher {

void waitForGuest(long guest, int statusFd, int lifelineFd)
{
    closeAllBut(statusFd, lifelineFd);
    const auto pid = static_cast<pid_t>(guest);
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGCHLD, SIGINT, SIGTERM})
        sigaddset(&signals, number); // blocked since before the guest was forked
    int status = 0;
    while (waitpid(pid, &status, WNOHANG) != pid) {
        // The guest is not reaped yet, so its id cannot be someone else's.
        const int number = sigwaitinfo(&signals, nullptr);
        if (number == SIGINT)
            kill(pid, SIGINT);
        else if (number == SIGTERM)
            kill(pid, SIGKILL);
    }
    const bool signalled = WIFSIGNALED(status);
    dprintf(statusFd, "{\"%s\":%d}\n", signalled ? "signal" : "exited",
        signalled ? WTERMSIG(status) : WEXITSTATUS(status));
    _exit(0);
}

} // namespace burrow::launcher
