// Locks itself down and becomes Python: `python3 -s -S driver.py`. See docs/sandbox.md for what each level
// means here.
//
// Two processes remain: the guest, and a waiter that the host started, which tells the host how the guest
// ended and ends it with the host.

#include "macos_profile.h"
#include "python_posix.h"
#include "report.h"
#include "step.h"
#include "steps_macos.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sandbox.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace burrow::launcher {

namespace {

void writeStatus(const Options& options, const std::string& line)
{
    [[maybe_unused]] const ssize_t written = write(options.statusFd, line.data(), line.size());
}

[[noreturn]] void giveUp(const Options& options, const std::string& message)
{
    writeStatus(options, errorLine(message));
    _exit(1);
}

/// The kernel compares paths without links, and the profile names what it is given.
void followLinks(Options& options)
{
    std::vector<std::string*> paths
        = {&options.executable, &options.stdlib, &options.dynload, &options.driverFolder};
    for (Library& library : options.libraries)
        paths.push_back(&library.path);
    for (std::string* path : paths) {
        char real[PATH_MAX];
        if (!path->empty() && realpath(path->c_str(), real))
            *path = real;
    }
}

/// Sets a limit that cannot be raised again. A lower one that is already in force stays.
bool limit(int resource, rlim_t value)
{
    rlimit present{};
    if (getrlimit(resource, &present) != 0)
        return false;
    value = std::min(value, present.rlim_max);
    const rlimit wanted{value, value};
    return setrlimit(resource, &wanted) == 0;
}

/// The kernel does not bound address space: the host watches the memory instead.
Step limitResources(const Options& options)
{
    const bool set = limit(RLIMIT_CORE, 0) && limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_FSIZE, 0)
        && limit(RLIMIT_NOFILE, options.files) && limit(RLIMIT_STACK, rlim_t(8) << 20);
    return set ? Step() : failed("limit the resources");
}

/// Holds for this process and whatever it becomes, for good.
Step enterSandbox(const Options& options)
{
    char* error = nullptr;
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations" // since 10.8, and the system itself lives by it
    if (sandbox_init(macosProfile(options).c_str(), 0, &error) == 0)
        return {};
    const std::string reason = error ? error : "no reason given";
    sandbox_free_error(error);
#pragma clang diagnostic pop
    return std::unexpected("sandbox_init: " + reason);
}

void note(Report& report, const char* protection, const std::string& reason)
{
    report.missing.emplace_back(protection);
    if (report.reason.empty())
        report.reason = reason;
}

Report lockDown(const Options& options)
{
    Report report;
    report.pid = getpid();
    if (const Step limited = limitResources(options); !limited)
        note(report, "limits", limited.error());
    if (geteuid() == 0)
        note(report, "own user", "this is root, from whom files are not kept as they are from others");
    const bool isLimited = !report.missing.empty();
    const Step entered = enterSandbox(options);
    report.level = !entered ? Level::None : isLimited ? Level::Limited : Level::Strong;
    if (!entered)
        note(report, "sandbox profile", entered.error());
    // Nothing here gives a root of its own: a cell can tell whether a file exists.
    note(report, "own root", "macOS gives a process no file system of its own");
    return report;
}

[[noreturn]] void guestMain(const Options& options)
{
    for (int number = 1; number < NSIG; ++number)
        signal(number, SIG_DFL);
    const Report report = lockDown(options);
    writeStatus(options, report.toJson(options.minimum));
    if (report.refused(options.minimum))
        _exit(1);
    becomePython(options.executable, options.driverFolder + "/driver.py");
    giveUp(options, failed("start " + options.executable).error());
}

void prepare(const Options& options)
{
    for (int fd = options.keepBelow; fd < getdtablesize(); ++fd)
        close(fd);
    for (const int own : {options.statusFd, static_cast<int>(options.parent)})
        fcntl(own, F_SETFD, FD_CLOEXEC);
    setsid();
    umask(077);
    for (const int number : {SIGINT, SIGTERM}) // the waiter hears of them in its queue
        signal(number, SIG_IGN);
    if (chdir("/") != 0)
        giveUp(options, failed("enter the root folder").error());
}

int run(const std::vector<std::string>& arguments)
{
    auto options = parseOptions(arguments);
    if (!options) {
        const std::string line = "burrow-sandbox: " + options.error() + '\n';
        [[maybe_unused]] const ssize_t written = write(2, line.data(), line.size());
        return 2;
    }
    followLinks(*options);
    prepare(*options);
    const pid_t guest = fork();
    if (guest == 0)
        guestMain(*options);
    if (guest < 0)
        giveUp(*options, failed("fork").error());
    waitForGuest(guest, *options);
}

} // namespace

std::unexpected<std::string> failed(const std::string& what)
{
    return std::unexpected(what + ": " + std::strerror(errno));
}

} // namespace burrow::launcher

int main(int argc, char** argv)
{
    return burrow::launcher::run({argv + 1, argv + argc});
}
