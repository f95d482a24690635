#pragma once

#include "documents/file_identity.h"

#include <utility>

struct stat;

/// What the POSIX files of this room share.
namespace burrow::posix {

/// Closes a file descriptor.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : m_fd(fd) { }
    Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) { }
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~Descriptor();

    explicit operator bool() const { return m_fd >= 0; }
    int operator*() const { return m_fd; }

private:
    int m_fd = -1;
};

FileIdentity identityOf(const struct stat& status);

/// The error of a call that failed with @p code (an errno) while @p path was read.
std::unexpected<Error> readError(const QString& path, int code);

/// Opens the regular file @p path for reading; never waits for a fifo.
Result<Descriptor> openForReading(const QString& path, FileIdentity* identity);

} // namespace burrow::posix
