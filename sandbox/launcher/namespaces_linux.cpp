#include "steps.h"

#include <cerrno>

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace burrow::launcher {

namespace {

constexpr unsigned idInside = 1000;

Step writeFile(const std::string& path, const std::string& text)
{
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return failed(path);
    const bool written = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const int error = errno;
    close(fd);
    errno = error;
    return written ? Step() : failed(path);
}

std::string mapTo(unsigned idOutside)
{
    return std::to_string(idInside) + ' ' + std::to_string(idOutside) + " 1";
}

} // namespace

long forkIntoNamespaces()
{
    constexpr unsigned long flags = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS
        | CLONE_NEWCGROUP | CLONE_NEWNS | SIGCHLD;
    return syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr);
}

Step mapIdentity(long child, Identity& identity)
{
    const std::string folder = "/proc/" + std::to_string(child) + '/';
    // The kernel lets an ordinary user map a group only where groups can no longer be given up.
    if (!identity.own) {
        if (const Step denied = writeFile(folder + "setgroups", "deny"); !denied)
            return denied;
    }
    Step mapped = writeFile(folder + "gid_map", mapTo(identity.gid));
    if (!mapped && identity.own) {
        identity.uid = identity.gid = nobody; // in a container that knows only the usual ids
        mapped = writeFile(folder + "gid_map", mapTo(identity.gid));
    }
    if (!mapped)
        return mapped;
    return writeFile(folder + "uid_map", mapTo(identity.uid));
}

Step enterIdentity()
{
    setgroups(0, nullptr); // refused to an ordinary user, whose groups reach nothing in the new root
    if (setresgid(idInside, idInside, idInside) != 0 || setresuid(idInside, idInside, idInside) != 0)
        return failed("take on the guest's user");
    constexpr char name[] = "sandbox";
    if (sethostname(name, sizeof name - 1) != 0)
        return failed("set the host name");
    return {};
}

} // namespace burrow::launcher
