#pragma once

#include "base/result.h"

#include <memory>
#include <optional>

namespace burrow {

/// The right to write one run file, held through a lock on `FILE.lock` that the system drops with the
/// process, however it ends. The lock's file says who holds it. Symbolic links lead to the lock of their
/// target; a file with hard links is not written at all, since each name would have its own lock and journal.
class WriterLock {
public:
    /// Errors: RunFileLocked, naming the holder; PermissionDenied, DiskFull, Io.
    static Result<WriterLock> acquire(const QString& file);
    /// Who writes @p file now, in words such as `burrow-cli (process 4711)`; nothing where nobody does.
    static std::optional<QString> holder(const QString& file);

    WriterLock(WriterLock&&) noexcept;
    WriterLock& operator=(WriterLock&&) noexcept;
    ~WriterLock();

private:
    struct Held;
    explicit WriterLock(std::unique_ptr<Held> held);
    std::unique_ptr<Held> m_held;
};

} // namespace burrow
