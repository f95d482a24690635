#include "documents/fault_guard.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <sys/mman.h>
#include <unistd.h>

namespace burrow {

/// Entries are made once, linked for ever and used again, so that the signal handler can walk them at any
/// moment without a lock.
struct FaultGuard::Entry {
    std::atomic<quintptr> begin = 0;
    std::atomic<quintptr> end = 0; ///< 0: covers nothing
    std::atomic<bool> faulted = false;
    std::atomic<bool> taken = true;
    Entry* next = nullptr;
};

/// Everything here runs inside a signal handler: only async-signal-safe calls and lock-free atomics.
struct FaultHandler {
    static inline std::atomic<FaultGuard::Entry*> entries = nullptr;
    static inline struct sigaction previous = {};
    static inline quintptr pageBytes = 4096;

    static bool showZeros(quintptr address)
    {
        FaultGuard::Entry* entry = FaultGuard::entryAt(address);
        if (!entry)
            return false;
        const quintptr page = address / pageBytes * pageBytes;
        void* zeros = ::mmap(reinterpret_cast<void*>(page), entry->end - page, PROT_READ,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        entry->faulted = true;
        return zeros != MAP_FAILED;
    }

    static void passOn(int signal, siginfo_t* info, void* context)
    {
        if (previous.sa_flags & SA_SIGINFO)
            previous.sa_sigaction(signal, info, context);
        else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN)
            previous.sa_handler(signal);
        else
            ::signal(
                signal, SIG_DFL); // The same instruction faults again and ends the process as it would have.
    }

    static void handle(int signal, siginfo_t* info, void* context)
    {
        const int savedErrno = errno;
        if (!showZeros(reinterpret_cast<quintptr>(info->si_addr)))
            passOn(signal, info, context);
        errno = savedErrno;
    }
};

FaultGuard::Entry* FaultGuard::entryAt(quintptr address)
{
    for (Entry* entry = FaultHandler::entries; entry; entry = entry->next) {
        if (address >= entry->begin && address < entry->end)
            return entry;
    }
    return nullptr;
}

void FaultGuard::installHandler()
{
    FaultHandler::pageBytes = static_cast<quintptr>(::sysconf(_SC_PAGESIZE));
    struct sigaction action = {};
    action.sa_sigaction = FaultHandler::handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    ::sigaction(SIGBUS, &action, &FaultHandler::previous);
}

FaultGuard::Entry* FaultGuard::acquireEntry()
{
    for (Entry* entry = FaultHandler::entries; entry; entry = entry->next) {
        if (!entry->taken.exchange(true))
            return entry;
    }
    auto* entry = new Entry;
    entry->next = FaultHandler::entries;
    while (!FaultHandler::entries.compare_exchange_weak(entry->next, entry)) { }
    return entry;
}

FaultGuard::FaultGuard(void* mapping, qsizetype bytes)
{
    static std::once_flag once;
    std::call_once(once, installHandler);
    m_entry = acquireEntry();
    m_entry->faulted = false;
    m_entry->begin = reinterpret_cast<quintptr>(mapping);
    m_entry->end = m_entry->begin + static_cast<quintptr>(bytes);
}

FaultGuard::~FaultGuard()
{
    m_entry->end = 0;
    m_entry->taken = false;
}

bool FaultGuard::faulted() const
{
    return m_entry->faulted;
}

} // namespace burrow
