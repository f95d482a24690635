#include "steps.h"

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <memory>

#include <fcntl.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace burrow::launcher {

namespace {

using Filter = std::unique_ptr<void, void (*)(void*)>;
using Calls = std::initializer_list<const char*>;
using Values = std::initializer_list<std::uint64_t>;

// What an interpreter needs whatever it computes. Names that the machine's architecture lacks are skipped. No
// epoll: what it watches counts toward a bound on all of the user's programs together. asyncio does with
// poll.
constexpr Calls always = {
    // Reading and writing what is open
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "lseek", "close",
    "close_range", "dup", "dup2", "dup3", "pipe", "pipe2", "eventfd2", "select", "pselect6", "poll", "ppoll",
    "fsync", "fdatasync", "fadvise64", "sendfile", "copy_file_range",
    // Looking at files
    "open", "openat", "stat", "lstat", "fstat", "newfstatat", "fstatat64", "statx", "statfs", "fstatfs",
    "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getdents64", "getcwd", "chdir", "fchdir",
    "umask",
    // Memory
    "munmap", "mprotect", "mremap", "msync", "brk",
    // Threads, signals and time of the own process
    "set_tid_address", "set_robust_list", "rseq", "membarrier", "sched_yield", "rt_sigprocmask",
    "rt_sigreturn", "rt_sigpending", "rt_sigsuspend", "rt_sigtimedwait", "sigaltstack", "pause",
    "restart_syscall", "nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday",
    "time", "times", "setitimer", "getitimer", "alarm", "exit", "exit_group",
    // Facts
    "getpid", "gettid", "getppid", "getpgrp", "getuid", "geteuid", "getgid", "getegid", "getresuid",
    "getresgid", "getgroups", "getrlimit", "getrusage", "sysinfo", "uname", "getrandom",
    // The step from this program to Python; the driver forbids it before the first cell
    "execve"};

// Changing files: only where the one writable place is the guest's own. Those that take an open descriptor
// and change the file's owner, mode or times are never there, since they would work on a document.
constexpr Calls withScratch = {"ftruncate", "truncate", "fallocate", "rename", "renameat", "renameat2",
    "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "chmod", "fchmodat"};

// Where forks are contained. To wait for a process tells nothing of others than the own children.
constexpr Calls withForks = {"wait4", "waitid"};

// Libraries fall back to an older call when they are told that these do not exist, but not on a refusal.
constexpr Calls unknown = {"clone3", "openat2", "memfd_create", "io_uring_setup", "fchmodat2", "mseal"};

class FilterBuilder {
public:
    explicit FilterBuilder(scmp_filter_ctx context) : m_context(context) { }

    void add(std::uint32_t action, Calls names)
    {
        for (const char* name : names)
            add(action, name, {});
    }

    void allow(const char* name, std::initializer_list<scmp_arg_cmp> conditions)
    {
        add(SCMP_ACT_ALLOW, name, conditions);
    }

    /// Allows @p name where the low 32 bits of an argument are one of @p values.
    void allowValues(const char* name, unsigned argument, Values values)
    {
        for (const std::uint64_t value : values)
            allow(name, {masked(argument, 0xffffffff, value)});
    }

    static scmp_arg_cmp masked(unsigned argument, std::uint64_t mask, std::uint64_t value)
    {
        return {argument, SCMP_CMP_MASKED_EQ, mask, value};
    }

    int error() const { return m_error; }

private:
    void add(std::uint32_t action, const char* name, std::initializer_list<scmp_arg_cmp> conditions)
    {
        const int number = seccomp_syscall_resolve_name(name);
        if (number < 0)
            return;
        const int result = seccomp_rule_add_array(
            m_context, action, number, static_cast<unsigned>(conditions.size()), conditions.begin());
        if (result != 0 && m_error == 0)
            m_error = -result;
    }

    scmp_filter_ctx m_context;
    int m_error = 0;
};

void allowThreadsOnly(FilterBuilder& filter)
{
    constexpr std::uint64_t thread = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND;
    constexpr std::uint64_t forbidden = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET
        | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_VFORK | CLONE_PTRACE | CLONE_PIDFD;
    filter.allow("clone", {FilterBuilder::masked(0, thread | forbidden, thread)});
}

/// Where there is one process, its id is fixed now: it may raise signals in itself, and is not told of
/// others whether they exist.
void allowOneProcess(FilterBuilder& filter)
{
    const auto self = static_cast<std::uint64_t>(getpid());
    for (const char* name : {"tgkill", "getpgid", "getsid", "sched_getaffinity"})
        filter.allow(name, {FilterBuilder::masked(0, 0xffffffff, self)});
    for (const char* name : {"getpgid", "getsid", "sched_getaffinity"})
        filter.allow(name, {FilterBuilder::masked(0, 0xffffffff, 0)});
    filter.allow("rt_sigaction", {});
}

/// A plain fork. vfork and posix_spawn lead to execve, which is forbidden, so they are left out. Of whom the
/// new process is the child makes no difference: all but those of the guest become the first process' anyway.
void allowForks(FilterBuilder& filter)
{
    constexpr std::uint64_t harmless
        = CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID | CLONE_PARENT;
    filter.allow("clone", {FilterBuilder::masked(0, 0xffffffff & ~harmless, SIGCHLD)});
    filter.add(SCMP_ACT_ALLOW, withForks);
    // No tgkill: a guest that was restored has another id than the one that this filter was made for, and the
    // two must not differ. burrow_guest/signals.py raises signals without it; abort() falls back to a fault.
    for (const char* name : {"getpgid", "getsid", "sched_getaffinity"})
        filter.allow(name, {});
    // Of SIGCHLD the action stays: where it is ignored, nobody learns how long an ended process has computed.
    // Any other signal's number differs from it in one bit at least.
    for (unsigned bit = 1; bit <= 64; bit <<= 1)
        filter.allow("rt_sigaction", {FilterBuilder::masked(0, bit, ~std::uint64_t(SIGCHLD) & bit)});
    filter.allow("rt_sigaction", {{1, SCMP_CMP_EQ, 0, 0}});
}

void allowByArgument(FilterBuilder& filter)
{
    filter.allowValues("ioctl", 1, {TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX});
    // No locks: they would hold on the person's document. No leases, owners or notifications either.
    filter.allowValues(
        "fcntl", 1, {F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ});
    // Of a file, or private. What is shared and of no file stays in memory for as long as one page of it is
    // mapped, and then counts nowhere; neither does the machine's pool of huge pages.
    const std::uint64_t never[] = {MAP_HUGETLB | MAP_ANONYMOUS, MAP_HUGETLB | MAP_SHARED};
    for (const std::uint64_t flags : never)
        filter.allow("mmap", {FilterBuilder::masked(3, flags, 0)});
    // No advice that reaches further than the own memory: what other programs share, what is kept of files.
    constexpr std::uint64_t guardInstall = 102, guardRemove = 103; // the C library, for the stacks of threads
    filter.allowValues("madvise", 2,
        {MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE, MADV_DONTFORK,
            MADV_DOFORK, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_DODUMP, MADV_WIPEONFORK,
            MADV_KEEPONFORK, guardInstall, guardRemove});
    // No locks that hand priority on: they name their holder, and so tell whether a process exists.
    constexpr std::uint64_t options = FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME;
    for (const std::uint64_t operation : Values{FUTEX_WAIT, FUTEX_WAKE, FUTEX_REQUEUE, FUTEX_CMP_REQUEUE,
             FUTEX_WAKE_OP, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET})
        filter.allow("futex", {FilterBuilder::masked(1, 0xffffffff & ~options, operation)});
    constexpr std::uint64_t setThreadPointer = 0x1002, getThreadPointer = 0x1003; // ARCH_SET_FS, ARCH_GET_FS
    filter.allowValues("arch_prctl", 0, {setThreadPointer, getThreadPointer});
    // Reading the own limits.
    filter.allow("prlimit64", {FilterBuilder::masked(0, 0xffffffff, 0), {2, SCMP_CMP_EQ, 0, 0}});
    constexpr std::uint64_t nameMemory = 0x53564d41; // PR_SET_VMA: glibc names its arenas
    filter.allowValues("prctl", 0,
        {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP, nameMemory});
    // A process may only tighten its own filter; without a listener, which could wave calls through.
    filter.allow("prctl",
        {FilterBuilder::masked(0, 0xffffffff, PR_SET_SECCOMP), {1, SCMP_CMP_EQ, SECCOMP_MODE_FILTER, 0}});
    for (const std::uint64_t flags : {std::uint64_t(0), std::uint64_t(SECCOMP_FILTER_FLAG_TSYNC)})
        filter.allow("seccomp",
            {FilterBuilder::masked(0, 0xffffffff, SECCOMP_SET_MODE_FILTER), {1, SCMP_CMP_EQ, flags, 0}});
}

void allowScratch(FilterBuilder& filter)
{
    filter.add(SCMP_ACT_ALLOW, withScratch);
    // By name only: with a null path the call changes the times of an open descriptor's file.
    for (const std::uint64_t flags : {std::uint64_t(0), std::uint64_t(AT_SYMLINK_NOFOLLOW)})
        filter.allow("utimensat", {{1, SCMP_CMP_NE, 0, 0}, {3, SCMP_CMP_EQ, flags, 0}});
}

Step failedWith(int error)
{
    errno = error;
    return failed("seccomp");
}

} // namespace

Step filterSystemCalls(Scratch scratch, Forks forks)
{
    const Filter context(seccomp_init(SCMP_ACT_ERRNO(EPERM)), seccomp_release);
    if (!context)
        return failedWith(ENOMEM);
    // Another architecture's numbers mean other calls: int 0x80, x32.
    seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
    FilterBuilder filter(context.get());
    filter.add(SCMP_ACT_ALLOW, always);
    filter.add(SCMP_ACT_ERRNO(ENOSYS), unknown);
    allowThreadsOnly(filter);
    allowByArgument(filter);
    if (scratch == Scratch::Writable)
        allowScratch(filter);
    if (forks == Forks::Contained)
        allowForks(filter);
    else
        allowOneProcess(filter);
    if (filter.error() != 0)
        return failedWith(filter.error());
    if (const int result = seccomp_load(context.get()); result != 0)
        return failedWith(-result);
    return {};
}

} // namespace burrow::launcher
