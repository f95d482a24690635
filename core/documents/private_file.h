#pragma once

#include "base/result.h"
#include "documents/bytes.h"

#include <memory>

namespace burrow {

/// A new file that only its owner may read.
class PrivateFile {
public:
    /// Errors: AlreadyExists, DiskFull, Io.
    static Result<PrivateFile> create(const QString& path);

    PrivateFile(PrivateFile&&) noexcept;
    PrivateFile& operator=(PrivateFile&&) noexcept;
    ~PrivateFile();

    /// What is not written reads as zeros.
    Result<void> resize(qint64 bytes);
    /// From any thread. Errors: DiskFull, Io.
    Result<void> writeAt(qint64 offset, Bytes bytes) const;

private:
    struct Handle;
    explicit PrivateFile(std::unique_ptr<Handle> handle);

    std::unique_ptr<Handle> m_handle;
};

/// Says to other processes that a file is in use, until it is destroyed.
class FileLock {
public:
    enum class Kind { Shared, Exclusive };
    /// Locks the existing file @p path without waiting; invalid where that is not possible now.
    static FileLock tryLock(const QString& path, Kind kind);

    FileLock() = default;
    FileLock(FileLock&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) { }
    FileLock& operator=(FileLock&& other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~FileLock();

    explicit operator bool() const { return m_fd >= 0; }

private:
    int m_fd = -1;
};

/// Makes @p path, and the folders above it, a folder that only its owner may enter. Errors: PermissionDenied
/// (it belongs to somebody else, or is a link), DiskFull, Io.
Result<void> makePrivateFolder(const QString& path);

} // namespace burrow
