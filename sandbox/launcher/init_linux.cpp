#include "steps.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <utility>

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace burrow::launcher {

namespace {

constexpr int wakeSignal = SIGUSR1; // checkpoints.py waits for it

/// What the host asks for, each a message of a socket. N is a process id inside; the host has it from the
/// guest, so it may be any.
///
///     end       kill the guest, and all that it has forked
///     stop      let the guest, and all that it has forked, stand still
///     go        take `stop` back
///     keep N    N is a copy, which is to outlive the guest. It stands still until it is woken,
///               whatever cells have made of it
///     wake N    let the frozen copy N fork what goes on in the guest's place
///     lives N   N is that process
///     drop N    kill the frozen copy N
class Init {
public:
    Init(pid_t guest, int statusFd, int controlFd)
        : m_guest(guest), m_statusFd(statusFd), m_controlFd(controlFd), m_signalFd(listenToSignals())
    {
    }

    [[noreturn]] void run()
    {
        pollfd sources[] = {{m_signalFd, POLLIN, 0}, {m_controlFd, POLLIN, 0}};
        for (;;) {
            reap();
            poll(sources, 2, -1);
            if (sources[0].revents != 0)
                takeSignals();
            if (sources[1].revents != 0)
                takeCommand();
        }
    }

private:
    /// They have been blocked since before the guest was forked.
    static int listenToSignals()
    {
        sigset_t signals;
        sigemptyset(&signals);
        for (const int number : {SIGCHLD, SIGINT})
            sigaddset(&signals, number);
        return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    }

    void takeSignals()
    {
        signalfd_siginfo info{};
        while (read(m_signalFd, &info, sizeof info) == sizeof info) {
            if (info.ssi_signo == SIGINT && m_guest != 0)
                kill(m_guest, SIGINT);
        }
    }

    void takeCommand()
    {
        char buffer[64];
        const ssize_t count = read(m_controlFd, buffer, sizeof buffer);
        if (count <= 0)
            _exit(0);
        const std::string_view text(buffer, static_cast<std::size_t>(count));
        const std::string_view name = text.substr(0, text.find(' '));
        pid_t pid = 0;
        if (name.size() < text.size())
            std::from_chars(text.data() + name.size() + 1, text.data() + text.size(), pid);
        obey(name, pid);
    }

    void obey(std::string_view command, pid_t pid)
    {
        if (command == "end" && m_guest != 0)
            kill(m_guest, SIGKILL);
        else if (command == "stop" && m_guest != 0)
            standStill();
        else if (command == "go" && m_guest != 0)
            kill(-m_guest, SIGCONT);
        else if (command == "keep")
            keep(pid);
        else if (command == "wake")
            wake(pid);
        else if (command == "lives")
            follow(pid);
        else if (command == "drop" && isKept(pid))
            kill(-pid, SIGKILL);
    }

    /// Waits until it does: what the guest is forking while SIGSTOP comes would stop only then, and miss a
    /// SIGCONT that follows at once.
    void standStill()
    {
        kill(-m_guest, SIGSTOP);
        siginfo_t info{};
        waitid(P_PID, static_cast<id_t>(m_guest), &info, WSTOPPED | WEXITED | WNOWAIT);
    }

    void keep(pid_t pid)
    {
        if (!isStray(pid) || setpgid(pid, pid) != 0) {
            tell("lost", pid);
            return;
        }
        m_kept.push_back(pid);
        kill(-pid, SIGSTOP);
    }

    void wake(pid_t pid)
    {
        // What else is in its group stands still for good.
        if (m_guest != 0 || !isKept(pid) || kill(pid, wakeSignal) != 0 || kill(pid, SIGCONT) != 0)
            tell("lost", pid);
        else
            m_woken = pid;
    }

    void follow(pid_t pid)
    {
        if (m_guest != 0 || !isStray(pid) || setpgid(pid, pid) != 0) {
            tell("lost", pid);
            return;
        }
        m_guest = pid;
        if (isKept(m_woken))
            kill(-m_woken, SIGSTOP);
        tell("lives", pid);
    }

    bool isKept(pid_t pid) const { return std::ranges::find(m_kept, pid) != m_kept.end(); }

    /// A child that is neither the guest nor a copy. It is not waited for yet, so the id is its own.
    bool isStray(pid_t pid) const
    {
        siginfo_t info{};
        return pid > 1 && pid != m_guest && !isKept(pid)
            && waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0
            && info.si_pid == 0;
    }

    void reap()
    {
        int status = 0;
        pid_t pid = 0;
        while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
            if (pid == m_guest)
                tellEnd(status);
            else if (std::erase(m_kept, pid) > 0)
                tellLost(pid);
        }
    }

    /// The host hears of it when nothing is left that could still write to its pipes.
    void tellEnd(int status)
    {
        endGroup(std::exchange(m_guest, 0));
        const bool signalled = WIFSIGNALED(status);
        tell(signalled ? "signal" : "exited", signalled ? WTERMSIG(status) : WEXITSTATUS(status));
    }

    void tellLost(pid_t pid)
    {
        endGroup(pid); // had it been woken, there is more of it
        tell("lost", pid);
    }

    /// What the parents of a group leave behind becomes ours, so waiting ends when the last one has.
    static void endGroup(pid_t group)
    {
        kill(-group, SIGKILL);
        while (waitpid(-group, nullptr, 0) > 0) { }
    }

    void tell(const char* what, int number) const { dprintf(m_statusFd, "{\"%s\":%d}\n", what, number); }

    pid_t m_guest; ///< 0: has ended
    std::vector<pid_t> m_kept;
    pid_t m_woken = 0; ///< the copy that was last, while it is kept
    int m_statusFd;
    int m_controlFd;
    int m_signalFd;
};

} // namespace

void closeAllBut(int kept, int alsoKept)
{
    const auto low = static_cast<unsigned>(std::min(kept, alsoKept));
    const auto high = static_cast<unsigned>(std::max(kept, alsoKept));
    if (low > 0)
        syscall(SYS_close_range, 0U, low - 1, 0U);
    if (high > low + 1)
        syscall(SYS_close_range, low + 1, high - 1, 0U);
    syscall(SYS_close_range, high + 1, ~0U, 0U);
}

void tendGuests(int guest, int statusFd, int controlFd)
{
    closeAllBut(statusFd, controlFd < 0 ? statusFd : controlFd);
    Init(guest, statusFd, controlFd).run();
}

} // namespace burrow::launcher
