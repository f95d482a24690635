#include "steps_macos.h"

#include <cerrno>
#include <cstdio>

#include <signal.h>
#include <sys/event.h>
#include <sys/wait.h>
#include <unistd.h>

namespace burrow::launcher {

namespace {

struct kevent noticed(int what, int16_t filter, uint32_t further = 0)
{
    return {static_cast<uintptr_t>(what), filter, EV_ADD | EV_CLEAR, further, 0, nullptr};
}

/// Sleeps until the guest has ended.
void watch(int queue, pid_t guest)
{
    for (;;) {
        struct kevent event{};
        if (kevent(queue, nullptr, 0, &event, 1, nullptr) < 1) {
            if (errno == EINTR)
                continue;
            kill(guest, SIGKILL);
            return;
        }
        if (event.filter == EVFILT_PROC)
            return;
        const bool interrupted = event.filter == EVFILT_SIGNAL && event.ident == SIGINT;
        if (event.filter == EVFILT_READ && (event.flags & EV_EOF) == 0)
            continue; // the host writes nothing there; only its end counts
        kill(guest, interrupted ? SIGINT : SIGKILL);
    }
}

} // namespace

void waitForGuest(int guest, const Options& options)
{
    const int hostPipe = static_cast<int>(options.parent);
    struct kevent changes[] = {noticed(guest, EVFILT_PROC, NOTE_EXIT), noticed(hostPipe, EVFILT_READ),
        noticed(SIGINT, EVFILT_SIGNAL), noticed(SIGTERM, EVFILT_SIGNAL)};
    const int queue = kqueue();
    // A guest that has ended already cannot be watched any more; it is still there to be waited for.
    if (queue >= 0 && kevent(queue, changes, 4, nullptr, 0, nullptr) == 0)
        watch(queue, guest);
    else if (errno != ESRCH)
        kill(guest, SIGKILL);
    int status = 0;
    while (waitpid(guest, &status, 0) < 0 && errno == EINTR) { }
    const bool signalled = WIFSIGNALED(status);
    dprintf(options.statusFd, "{\"%s\":%d}\n", signalled ? "signal" : "exited",
        signalled ? WTERMSIG(status) : WEXITSTATUS(status));
    _exit(0);
}

} // namespace burrow::launcher
