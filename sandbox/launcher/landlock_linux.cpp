#include "steps.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace burrow::launcher {

namespace {

// The interface of the kernel's newest version: the headers of an older system lack parts of it.
struct Ruleset {
    std::uint64_t files;
    std::uint64_t network;
    std::uint64_t scoped;
};

struct __attribute__((packed)) Beneath {
    std::uint64_t allowed;
    std::int32_t parentFd;
};

constexpr std::uint64_t execute = 1U << 0;
constexpr std::uint64_t writeFile = 1U << 1;
constexpr std::uint64_t readFile = 1U << 2;
constexpr std::uint64_t readFolder = 1U << 3;
constexpr std::uint64_t removeFolder = 1U << 4;
constexpr std::uint64_t removeFile = 1U << 5;
constexpr std::uint64_t makeFolder = 1U << 7;
constexpr std::uint64_t makeFile = 1U << 8;
constexpr std::uint64_t allOfVersion1 = (1U << 13) - 1;
constexpr std::uint64_t refer = 1U << 13; // version 2
constexpr std::uint64_t truncate = 1U << 14; // version 3
constexpr std::uint64_t deviceControl = 1U << 15; // version 5
constexpr std::uint64_t forSingleFiles = execute | writeFile | readFile | truncate | deviceControl;
constexpr std::uint64_t allNetwork = 3; // TCP bind and connect: version 4
constexpr std::uint64_t allScopes = 3; // abstract sockets and signals: version 6

constexpr long ruleBeneath = 1;
constexpr unsigned versionFlag = 1;

/// Everything that version @p abi knows is forbidden unless a rule allows it.
Ruleset handledBy(int abi)
{
    Ruleset ruleset{allOfVersion1, 0, 0};
    ruleset.files |= (abi >= 2 ? refer : 0) | (abi >= 3 ? truncate : 0) | (abi >= 5 ? deviceControl : 0);
    ruleset.network = abi >= 4 ? allNetwork : 0;
    ruleset.scoped = abi >= 6 ? allScopes : 0;
    return ruleset;
}

std::size_t sizeFor(int abi)
{
    return abi >= 6 ? sizeof(Ruleset) : abi >= 4 ? 16 : 8;
}

struct Rule {
    std::string path;
    std::uint64_t allowed;
};

std::vector<Rule> rulesInOwnRoot(const Options& options)
{
    return {{"/", readFile | readFolder}, {executableInside(options), readFile | execute},
        {options.loader, readFile | execute}, {"/dev/null", readFile | writeFile},
        {inside::scratch,
            readFile | readFolder | writeFile | makeFile | makeFolder | removeFile | removeFolder | truncate
                | refer}};
}

std::vector<Rule> rulesInSharedRoot(const Options& options)
{
    std::vector<Rule> rules = {{options.executable, readFile | execute}, {options.loader, readFile | execute},
        {options.stdlib, readFile | readFolder}, {options.dynload, readFile | readFolder},
        {options.driverFolder, readFile | readFolder}, {"/etc/ld.so.cache", readFile},
        {"/dev/null", readFile | writeFile}};
    for (const Library& library : options.libraries)
        rules.push_back({library.path, readFile});
    return rules;
}

/// A path that is not there gives no right, which is no failure.
Step allow(int ruleset, const Rule& rule, std::uint64_t handled)
{
    const int fd = open(rule.path.c_str(), O_PATH | O_CLOEXEC);
    if (fd < 0)
        return {};
    struct stat entry{};
    const bool isFolder = fstat(fd, &entry) == 0 && S_ISDIR(entry.st_mode);
    const Beneath beneath{rule.allowed & handled & (isFolder ? ~std::uint64_t(0) : forSingleFiles), fd};
    const long added = syscall(SYS_landlock_add_rule, ruleset, ruleBeneath, &beneath, 0U);
    const int error = errno;
    close(fd);
    errno = error;
    return added == 0 ? Step() : failed("landlock: allow " + rule.path);
}

} // namespace

std::expected<int, std::string> restrictFiles(const Options& options, bool inNamespaces)
{
    const long abi = syscall(SYS_landlock_create_ruleset, nullptr, std::size_t(0), versionFlag);
    if (abi < 1)
        return failed("landlock");
    const Ruleset handled = handledBy(static_cast<int>(abi));
    const long ruleset = syscall(SYS_landlock_create_ruleset, &handled, sizeFor(static_cast<int>(abi)), 0U);
    if (ruleset < 0)
        return failed("landlock");
    for (const Rule& rule : inNamespaces ? rulesInOwnRoot(options) : rulesInSharedRoot(options)) {
        if (const Step allowed = allow(static_cast<int>(ruleset), rule, handled.files); !allowed)
            return std::unexpected(allowed.error());
    }
    if (syscall(SYS_landlock_restrict_self, ruleset, 0U) != 0)
        return failed("landlock");
    close(static_cast<int>(ruleset));
    return static_cast<int>(abi);
}

} // namespace burrow::launcher
