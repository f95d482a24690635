#pragma once

#include "options.h"
#include "report.h"
#include "step.h"

#include <string>
#include <vector>

/// The steps of locking down, in the order in which main_linux.cpp takes them.
namespace burrow::launcher {

// protections_linux.cpp

/// What is in force.
struct Protections {
    bool namespaces = false;
    int landlockAbi = 0; ///< 0: not in force
    bool seccomp = false;
    bool limits = false;
    bool ownUser = true; ///< false: runs as root, for whom the kernel counts no processes
    std::string reason; ///< why the first missing one is missing
};
Report reportOf(const Protections& protections, long pid);

// credentials_linux.cpp

/// Who the guest is outside. As root a user of its own, so that guests cannot reach each other and the kernel
/// counts its processes; else the person who started the program.
struct Identity {
    unsigned uid = 0;
    unsigned gid = 0;
    bool own = false; ///< chosen for this guest alone
};
inline constexpr unsigned nobody = 65534; ///< stands in where no id of its own can be had
Identity chooseIdentity();
/// Ends the process' rights for good where it is root. Clears the parent-death signal.
Step become(const Identity& identity);
Step dropCapabilities();
/// Names the first folder to be shown that holds someone's home, which would show that home too, or in which
/// something is mounted, which may be one.
Step refuseHomes(const std::vector<std::string>& folders);

// namespaces_linux.cpp

/// Forks into new user, network, process, IPC, host name, cgroup and mount namespaces. Returns as fork()
/// does.
long forkIntoNamespaces();
/// Gives the child of forkIntoNamespaces() its one user and group; `nobody` where @p identity cannot be
/// mapped.
Step mapIdentity(long child, Identity& identity);
/// Takes the mapped identity on inside; the capabilities of the namespace are kept.
Step enterIdentity();

// root_linux.cpp

/// A mount that is attached nowhere yet, and where it will stand in the guest's root.
struct Tree {
    int fd = -1;
    std::string at;
    bool isFolder = false;
};
/// Detaches read-only copies of the mounts of all that the guest may see. Needs the rights over the present
/// mount namespace, so root calls it before it drops them, and others inside a namespace of their own.
std::expected<std::vector<Tree>, std::string> detachTrees(const Options& options);
/// Builds a root of just these trees and an empty scratch folder, and leaves everything else behind.
Step enterRoot(const Options& options, const std::vector<Tree>& trees);
/// The interpreter's path in that root.
std::string executableInside(const Options& options);

// limits_linux.cpp

Step limitResources(const Options& options, bool inNamespaces, const Identity& identity);

// landlock_linux.cpp

/// Returns the version of Landlock in force.
std::expected<int, std::string> restrictFiles(const Options& options, bool inNamespaces);

// syscall_filter_linux.cpp

enum class Scratch { None, Writable };
enum class Forks {
    Forbidden,
    Contained, ///< what is forked stays in the guest's namespaces, is counted there, and ends with them
};
Step filterSystemCalls(Scratch scratch, Forks forks);

// init_linux.cpp

/// Tends the processes of a guest's namespaces: passes SIGINT on to @p guest or what has taken its place,
/// tells the host of its end, and does what the host asks for on @p controlFd. Ends when the host closes
/// that.
///
/// Frozen copies of the guest (burrow_guest/checkpoints.py) are told apart from what cells fork by their
/// process group. Only this process can change that or send a signal, so nothing that cells do reaches a
/// copy.
[[noreturn]] void tendGuests(int guest, int statusFd, int controlFd);

/// Documents, pipes of the guest: whatever else is open would stay so.
void closeAllBut(int kept, int alsoKept);

// waiter_linux.cpp

/// Waits for the guest, passes SIGINT on, turns SIGTERM into its death, and says on the status descriptor how
/// it ended.
[[noreturn]] void waitForGuest(long guest, int statusFd, int lifelineFd);

} // namespace burrow::launcher
