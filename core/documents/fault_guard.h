#pragma once

#include <QtTypes>

namespace burrow {

/// Survives page faults in a mapping whose file shrank or whose disk failed. While a guard covers a mapping,
/// a read of a lost page finds zeros from there to the end of the mapping, and faulted() becomes true.
/// Faults elsewhere go to the handler that was there before.
class FaultGuard {
public:
    FaultGuard(void* mapping, qsizetype bytes);
    FaultGuard(const FaultGuard&) = delete;
    FaultGuard& operator=(const FaultGuard&) = delete;
    ~FaultGuard();

    /// From any thread.
    bool faulted() const;

private:
    struct Entry;
    static Entry* acquireEntry();
    static Entry* entryAt(quintptr address);
    static void installHandler();

    friend struct FaultHandler;

    Entry* m_entry;
};

} // namespace burrow
