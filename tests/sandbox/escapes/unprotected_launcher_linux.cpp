// Stands in for burrow-sandbox in the positive controls: becomes Python as that does, and protects nothing,
// so that what an attempt can do is seen. With --own-namespaces Python is root of namespaces of its own,
// which keeps what only root can do away from the machine.

#include <cstdio>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

struct Options {
    int statusFd = 2;
    std::string executable;
    std::string driver;
    bool ownNamespaces = false;
};

Options parse(int count, char** words)
{
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string word = words[i];
        const char* const value = i + 1 < count ? words[i + 1] : "";
        if (word == "--status")
            options.statusFd = std::atoi(value);
        else if (word == "--executable")
            options.executable = value;
        else if (word == "--driver-folder")
            options.driver = std::string(value) + "/driver.py";
        else if (word == "--own-namespaces")
            options.ownNamespaces = true;
    }
    return options;
}

void write(const char* path, const std::string& text)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || ::write(fd, text.data(), text.size()) < 0)
        std::perror(path);
    close(fd);
}

void enterNamespaces()
{
    const std::string uid = std::to_string(getuid());
    const std::string gid = std::to_string(getgid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP
            | CLONE_NEWNET)
        != 0)
        std::perror("unshare");
    write("/proc/self/setgroups", "deny");
    write("/proc/self/uid_map", "0 " + uid + " 1");
    write("/proc/self/gid_map", "0 " + gid + " 1");
}

[[noreturn]] void becomePython(const Options& options)
{
    if (options.ownNamespaces)
        mount("proc", "/proc", "proc", 0, nullptr);
    fcntl(options.statusFd, F_SETFD, FD_CLOEXEC);
    // Bounds what a fork bomb costs the machine, well above what the sandbox allows.
    const rlimit processes{1500, 1500};
    setrlimit(RLIMIT_NPROC, &processes);
    execl(
        options.executable.c_str(), options.executable.c_str(), "-s", "-S", options.driver.c_str(), nullptr);
    std::perror(options.executable.c_str());
    _exit(1);
}

volatile sig_atomic_t guest = 0;

void endGuest(int)
{
    kill(guest, SIGKILL);
}

void interruptGuest(int)
{
    kill(guest, SIGINT);
}

} // namespace

int main(int argc, char** argv)
{
    const Options options = parse(argc, argv);
    setsid();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr); // the suite waits for some signals itself
    if (options.ownNamespaces)
        enterNamespaces();
    guest = fork();
    if (guest == 0)
        becomePython(options);
    signal(SIGTERM, endGuest);
    signal(SIGINT, interruptGuest);
    dprintf(options.statusFd,
        "{\"pid\":%d,\"level\":\"none\",\"refused\":false,\"missing\":[\"everything\"]}\n",
        static_cast<int>(guest));
    close(3); // the guest's ends of the pipes
    close(4);
    int status = 0;
    while (waitpid(guest, &status, 0) < 0) { }
    dprintf(options.statusFd, "{\"%s\":%d}\n", WIFSIGNALED(status) ? "signal" : "exited",
        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}
