#include "steps.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace burrow::launcher {

namespace {

bool isUser(const passwd& entry)
{
    return entry.pw_uid == 0 || entry.pw_uid == getuid() || (entry.pw_uid >= 1000 && entry.pw_uid < nobody);
}

std::vector<std::string> homes()
{
    std::vector<std::string> result;
    if (const char* home = std::getenv("HOME"))
        result.emplace_back(home);
    if (FILE* const file = std::fopen("/etc/passwd", "re")) {
        while (const passwd* const entry = fgetpwent(file)) {
            if (isUser(*entry))
                result.emplace_back(entry->pw_dir);
        }
        std::fclose(file);
    }
    return result;
}

/// Compares inodes, so that no symbolic link or bind mount hides the relation.
bool contains(const struct stat& folder, std::string path)
{
    while (path.starts_with('/')) {
        struct stat entry{};
        if (stat(path.c_str(), &entry) == 0 && entry.st_dev == folder.st_dev && entry.st_ino == folder.st_ino)
            return true;
        if (path == "/")
            return false;
        const std::size_t slash = path.rfind('/');
        path.resize(slash == 0 ? 1 : slash);
    }
    return false;
}

/// A path of mountinfo, where blanks and the like stand as `\040`.
std::string unescaped(const std::string& text)
{
    std::string path;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size()) {
            path += static_cast<char>(std::strtol(text.substr(i + 1, 3).c_str(), nullptr, 8));
            i += 3;
        } else {
            path += text[i];
        }
    }
    return path;
}

std::vector<std::string> mountPoints()
{
    std::vector<std::string> result;
    std::ifstream table("/proc/self/mountinfo");
    std::string id, parent, device, root, at;
    while (table >> id >> parent >> device >> root >> at) {
        result.push_back(unescaped(at));
        std::getline(table, at);
    }
    return result;
}

} // namespace

std::unexpected<std::string> failed(const std::string& what)
{
    return std::unexpected(what + ": " + std::strerror(errno));
}

Identity chooseIdentity()
{
    if (geteuid() != 0)
        return {getuid(), getgid(), false};
    // Above every range that distributions hand out, and below 2^31, which some file systems cannot store.
    unsigned random = 0;
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = static_cast<unsigned>(getpid()) * 2654435761U;
    const unsigned id = (1U << 30) + random % ((1U << 30) - 2) + 1;
    return {id, id, true};
}

Step become(const Identity& identity)
{
    if (!identity.own)
        return {};
    if (setgroups(0, nullptr) != 0)
        return failed("give up root's groups");
    if (setresgid(identity.gid, identity.gid, identity.gid) == 0
        && setresuid(identity.uid, identity.uid, identity.uid) == 0)
        return {};
    // In a container that knows only the usual ids.
    if (setresgid(nobody, nobody, nobody) == 0 && setresuid(nobody, nobody, nobody) == 0)
        return {};
    return failed("stop being root");
}

Step dropCapabilities()
{
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (unsigned long capability = 0; capability < 64; ++capability) {
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno == EINVAL)
            break;
    }
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2]{};
    if (syscall(SYS_capset, &header, none) != 0)
        return failed("drop capabilities");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return failed("forbid new privileges");
    return {};
}

Step refuseHomes(const std::vector<std::string>& folders)
{
    const std::vector<std::string> allHomes = homes();
    const std::vector<std::string> mounts = mountPoints();
    for (const std::string& folder : folders) {
        struct stat entry{};
        if (folder.empty() || stat(folder.c_str(), &entry) != 0)
            continue;
        for (const std::string& home : allHomes) {
            if (contains(entry, home))
                return std::unexpected("the folder " + folder + " contains the home " + home);
        }
        // Whatever lies under another folder's name, a home included, would be shown with this one.
        const std::unique_ptr<char, decltype(&std::free)> real(realpath(folder.c_str(), nullptr), std::free);
        for (const std::string& mount : mounts) {
            if (real && mount.starts_with(std::string(real.get()) + '/'))
                return std::unexpected("in the folder " + folder + " something else is mounted, at " + mount);
        }
    }
    return {};
}

} // namespace burrow::launcher
