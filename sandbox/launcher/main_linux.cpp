// Locks itself down and becomes Python: `python3 -s -S driver.py`. See ARCHITECTURE.md for what each level
// means.
//
// Two processes remain beside the guest: a waiter that the host started, and in namespaces the first process
// there, which tends all others and makes them die with it. All die with the host.

#include "python_posix.h"
#include "steps.h"

#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace burrow::launcher {

namespace {

struct Pipe {
    int readEnd = -1;
    int writeEnd = -1;

    bool open()
    {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0)
            return false;
        readEnd = ends[0];
        writeEnd = ends[1];
        return true;
    }
};

/// What the processes share. The lifeline carries the guest's id to it, and breaks when the waiter dies;
/// the verdict carries back an empty text, or why no namespaces could be entered.
struct Launch {
    Options options;
    Identity identity;
    std::vector<Tree> trees;
    int driverFd = -1; ///< the driver's folder, opened as root
    long pid = 0; ///< the guest's, as the host sees it, or that of the first process of its namespace
    Protections protections;
    Pipe lifeline;
    Pipe verdict;
};

void writeStatus(const Launch& launch, const std::string& line)
{
    [[maybe_unused]] const ssize_t written = write(launch.options.statusFd, line.data(), line.size());
}

[[noreturn]] void giveUp(const Launch& launch, const std::string& message)
{
    writeStatus(launch, errorLine(message));
    _exit(1);
}

[[noreturn]] void refusePython(const Launch& launch, const std::string& reason)
{
    writeStatus(launch, unfitLine(reason));
    _exit(1);
}

/// After the last change of user, which would take it back, and before the filter, which keeps cells from
/// doing so. A parent that died before the request was made sends no signal, so the lifeline is looked at
/// afterwards.
void dieWithWaiter(const Launch& launch)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        giveUp(launch, failed("bind the guest to its host").error());
    pollfd lifeline{launch.lifeline.readEnd, 0, 0};
    if (poll(&lifeline, 1, 0) != 0)
        _exit(1);
}

Step enterNamespaces(Launch& launch)
{
    if (const Step entered = enterIdentity(); !entered)
        return entered;
    if (launch.trees.empty()) {
        auto trees = detachTrees(launch.options);
        if (!trees)
            return std::unexpected(trees.error());
        launch.trees = *std::move(trees);
    }
    return enterRoot(launch.options, launch.trees);
}

/// Keeps the first reason: it explains the others.
void note(Protections& protections, const std::string& reason)
{
    if (protections.reason.empty())
        protections.reason = reason;
}

void lockDown(Launch& launch)
{
    const Options& options = launch.options;
    Protections& protections = launch.protections;
    if (const Step dropped = dropCapabilities(); !dropped)
        giveUp(launch, dropped.error());
    dieWithWaiter(launch);
    const Step limited = limitResources(options, protections.namespaces, launch.identity);
    protections.limits = limited.has_value();
    if (!limited)
        note(protections, limited.error());
    if (!options.landlock) {
        note(protections, "Landlock is switched off");
    } else {
        const auto abi = restrictFiles(options, protections.namespaces);
        protections.landlockAbi = abi.value_or(0);
        if (!abi)
            note(protections, abi.error());
    }
    if (!options.seccomp) {
        note(protections, "seccomp is switched off");
    } else {
        const Step filtered = filterSystemCalls(protections.namespaces ? Scratch::Writable : Scratch::None,
            protections.namespaces && protections.limits ? Forks::Contained : Forks::Forbidden);
        protections.seccomp = filtered.has_value();
        if (!filtered)
            note(protections, filtered.error());
    }
}

[[noreturn]] void startPython(const Launch& launch)
{
    const Options& options = launch.options;
    const bool ownRoot = launch.protections.namespaces;
    becomePython(ownRoot ? executableInside(options) : options.executable,
        (ownRoot ? inside::guest : options.driverFolder) + std::string("/driver.py"));
    refusePython(launch, failed("it does not start").error());
}

/// Without a root of its own, into which they are bound, the guest's user has to reach Python's files.
void reachPython(const Launch& launch)
{
    const auto reach = [&launch](const std::string& path, int mode) {
        if (!path.empty() && access(path.c_str(), mode) != 0)
            refusePython(launch, failed("without namespaces the sandbox cannot read " + path).error());
    };
    const Options& options = launch.options;
    for (const std::string& path : {options.executable, options.stdlib, options.dynload})
        reach(path, R_OK | X_OK);
    for (const Library& library : options.libraries)
        reach(library.path, R_OK);
}

/// Root's home is closed to the guest's user: a driver in there is reached through a descriptor.
void reachDriver(Launch& launch)
{
    std::string& folder = launch.options.driverFolder;
    if (launch.driverFd < 0 || access((folder + "/driver.py").c_str(), R_OK) == 0)
        return;
    fcntl(launch.driverFd, F_SETFD, 0);
    folder = "/proc/self/fd/" + std::to_string(launch.driverFd);
}

[[noreturn]] void guestMain(Launch& launch)
{
    lockDown(launch);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    const Report report = reportOf(launch.protections, launch.pid);
    writeStatus(launch, report.toJson(launch.options.minimum));
    if (report.refused(launch.options.minimum))
        _exit(1);
    startPython(launch);
}

void takeId(Launch& launch)
{
    close(launch.lifeline.writeEnd);
    long pid = 0;
    if (read(launch.lifeline.readEnd, &pid, sizeof pid) != sizeof pid)
        _exit(1);
    launch.pid = pid;
}

/// The first process of the guest's namespaces. It forks the guest in there, so that it is out of the guest's
/// reach and outlives it.
[[noreturn]] void initMain(Launch& launch)
{
    takeId(launch);
    launch.protections.namespaces = true;
    launch.protections.ownUser = true;
    const Step entered = enterNamespaces(launch);
    const std::string reason = entered ? std::string() : entered.error();
    [[maybe_unused]] const ssize_t written = write(launch.verdict.writeEnd, reason.data(), reason.size());
    if (!entered)
        _exit(1);
    close(launch.verdict.writeEnd);
    const pid_t guest = fork();
    if (guest == 0) {
        setpgid(0, 0); // ended with all that it forks: see Init
        guestMain(launch);
    }
    if (guest < 0)
        giveUp(launch, failed("fork").error());
    if (const Step dropped = dropCapabilities(); !dropped)
        giveUp(launch, dropped.error());
    prctl(PR_SET_DUMPABLE, 0);
    dieWithWaiter(launch);
    tendGuests(guest, launch.options.statusFd, launch.options.controlFd);
}

[[noreturn]] void sharedRootMain(Launch& launch)
{
    takeId(launch);
    launch.protections.ownUser = geteuid() != 0;
    close(launch.verdict.writeEnd);
    if (chdir("/") != 0)
        giveUp(launch, failed("enter the root folder").error());
    reachDriver(launch);
    reachPython(launch);
    guestMain(launch);
}

void openPipes(Launch& launch)
{
    if (!launch.lifeline.open() || !launch.verdict.open())
        giveUp(launch, failed("make a pipe").error());
}

/// Python handles what is not ignored, and the waiter must not miss the end of a guest that it is about to
/// fork.
void resetSignals()
{
    for (int number = 1; number < NSIG; ++number)
        signal(number, SIG_DFL);
    sigset_t signals;
    sigfillset(&signals);
    sigprocmask(SIG_SETMASK, &signals, nullptr);
}

/// Once the guest's ids are mapped, nothing needs root any more.
void stopBeingRoot(Launch& launch)
{
    const Step became = become(launch.identity);
    if (!became)
        note(launch.protections, became.error());
    prctl(PR_SET_DUMPABLE, 0); // an unsandboxed-looking process of the guest's user must not be readable
    prctl(PR_SET_PDEATHSIG, SIGKILL); // cleared by the change of user
    if (getppid() != launch.options.parent)
        _exit(1);
}

/// Reads until the guest closes its end. Empty where it entered its namespaces.
std::string awaitVerdict(Launch& launch)
{
    close(launch.verdict.writeEnd);
    std::string text;
    char buffer[512];
    ssize_t count = 0;
    while ((count = read(launch.verdict.readEnd, buffer, sizeof buffer)) > 0)
        text.append(buffer, static_cast<std::size_t>(count));
    return text;
}

/// Tries the namespaces with what will be their first process: on some systems they can be made, and
/// everything after it fails. Returns its id, or nothing where there is none.
long startInNamespaces(Launch& launch)
{
    openPipes(launch);
    const long guest = forkIntoNamespaces();
    if (guest == 0)
        initMain(launch);
    const Step mapped = guest > 0 ? mapIdentity(guest, launch.identity) : failed("make namespaces");
    stopBeingRoot(launch);
    std::string reason = mapped ? std::string() : mapped.error();
    if (mapped && write(launch.lifeline.writeEnd, &guest, sizeof guest) == sizeof guest)
        reason = awaitVerdict(launch);
    if (reason.empty())
        return guest;
    note(launch.protections, reason);
    if (guest > 0) {
        kill(static_cast<pid_t>(guest), SIGKILL);
        waitpid(static_cast<pid_t>(guest), nullptr, 0);
    }
    return 0;
}

long startInSharedRoot(Launch& launch)
{
    openPipes(launch);
    const long guest = fork();
    if (guest == 0)
        sharedRootMain(launch);
    if (guest < 0)
        giveUp(launch, failed("fork").error());
    [[maybe_unused]] const ssize_t written = write(launch.lifeline.writeEnd, &guest, sizeof guest);
    return guest;
}

/// When the machine runs out of memory, a guest goes before anything of the person's.
void preferToDie()
{
    const int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    [[maybe_unused]] const ssize_t written = write(fd, "1000", 4);
    close(fd);
}

void prepare(Launch& launch)
{
    const Options& options = launch.options;
    syscall(SYS_close_range, static_cast<unsigned>(options.keepBelow), ~0U, 0U);
    for (const int fd : {options.statusFd, options.controlFd})
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_DUMPABLE, 1); // the guest's files in /proc must be the guest's while its ids are mapped
    setsid();
    umask(077);
    preferToDie();
    resetSignals();
    if (const Step free = refuseHomes({options.driverFolder}); !free)
        giveUp(launch, free.error());
    if (const Step free = refuseHomes({options.stdlib, options.dynload}); !free)
        refusePython(launch, free.error());
    launch.identity = chooseIdentity();
    if (launch.identity.own)
        launch.driverFd = open(options.driverFolder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (launch.identity.own && options.namespaces) {
        // As root now or never: the interpreter may lie in root's home, which the guest's user cannot enter.
        if (auto trees = detachTrees(options))
            launch.trees = *std::move(trees);
    }
}

int run(const std::vector<std::string>& arguments)
{
    Launch launch;
    const auto options = parseOptions(arguments);
    if (!options) {
        const std::string line = "burrow-sandbox: " + options.error() + '\n';
        [[maybe_unused]] const ssize_t written = write(2, line.data(), line.size());
        return 2;
    }
    launch.options = *options;
    prepare(launch);
    long guest = 0;
    if (launch.options.namespaces)
        guest = startInNamespaces(launch);
    else
        stopBeingRoot(launch);
    if (guest == 0) {
        note(launch.protections, "namespaces are switched off");
        guest = startInSharedRoot(launch);
    }
    waitForGuest(guest, launch.options.statusFd, launch.lifeline.writeEnd);
}

} // namespace

} // namespace burrow::launcher

int main(int argc, char** argv)
{
    return burrow::launcher::run({argv + 1, argv + argc});
}
