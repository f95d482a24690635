#include "steps.h"

#include <algorithm>
#include <fstream>

#include <fcntl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace burrow::launcher {

namespace {

/// Sets a limit that cannot be raised again. A lower one that is already in force stays.
bool limit(int resource, rlim_t value)
{
    const auto which = static_cast<__rlimit_resource>(resource);
    rlimit present{};
    if (getrlimit(which, &present) != 0)
        return false;
    value = std::min(value, present.rlim_max);
    const rlimit wanted{value, value};
    return setrlimit(which, &wanted) == 0;
}

} // namespace

Step limitResources(const Options& options, bool inNamespaces, const Identity& identity)
{
    // Without a user of its own, all processes of the person count, so the limit must leave them room.
    const bool countsAlone = inNamespaces || identity.own;
    const rlim_t processes = countsAlone ? options.threads : std::max<rlim_t>(options.threads, 8192);
    // With no byte at all, a dump still goes to the program that collects them (core_pattern), documents and
    // all. One byte is too little for a file, and the kernel takes it for such a program's own end.
    constexpr rlim_t noDump = 1;
    const bool set = limit(RLIMIT_CORE, noDump) && limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_MSGQUEUE, 0)
        && limit(RLIMIT_SIGPENDING, 1024) && limit(RLIMIT_NICE, 0) && limit(RLIMIT_RTPRIO, 0)
        && limit(RLIMIT_NOFILE, options.files) && limit(RLIMIT_FSIZE, inNamespaces ? options.scratch : 0)
        && limit(RLIMIT_STACK, rlim_t(8) << 20) && limit(RLIMIT_AS, options.addressSpace)
        && limit(RLIMIT_NPROC, processes);
    if (!set)
        return failed("limit the resources");
    // Small pages alone: the host bounds how fast memory grows by the number of faults (process_usage.h). A
    // kernel that does not know this has no huge ones either.
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    // The same addresses in every run: id() and the order of sets of objects depend on them.
    if (personality(ADDR_NO_RANDOMIZE) == -1)
        return failed("fix the addresses");
    return {};
}

} // namespace burrow::launcher
