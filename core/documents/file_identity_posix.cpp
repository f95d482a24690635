#include "documents/file_identity.h"

#include "documents/document_errors.h"
#include "documents/posix_file.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace burrow {

namespace posix {

namespace {

qint64 nanoseconds(const timespec& time)
{
    return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

} // namespace

Descriptor::~Descriptor()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

FileIdentity identityOf(const struct stat& status)
{
#ifdef __APPLE__
    const timespec modified = status.st_mtimespec, changed = status.st_ctimespec;
#else
    const timespec modified = status.st_mtim, changed = status.st_ctim;
#endif
    return {quint64(status.st_dev), quint64(status.st_ino), qint64(status.st_size), nanoseconds(modified),
        nanoseconds(changed)};
}

std::unexpected<Error> readError(const QString& path, int code)
{
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return errors::notFound(path);
    case EACCES:
    case EPERM:
        return errors::permissionDenied(path);
    case ENXIO: // a socket
    case EISDIR:
        return errors::notAFile(path);
    default:
        return errors::cannotRead(path, qt_error_string(code));
    }
}

Result<Descriptor> openForReading(const QString& path, FileIdentity* identity)
{
    Descriptor file(
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status;
    if (!file || ::fstat(*file, &status) != 0)
        return readError(path, errno);
    if (!S_ISREG(status.st_mode))
        return errors::notAFile(path);
    *identity = identityOf(status);
    return file;
}

} // namespace posix

Result<FileIdentity> identify(const QString& path)
{
    struct stat status;
    if (::stat(QFile::encodeName(path).constData(), &status) != 0)
        return posix::readError(path, errno);
    if (!S_ISREG(status.st_mode))
        return errors::notAFile(path);
    return posix::identityOf(status);
}

} // namespace burrow
