#include "documents/private_file.h"

#include "documents/document_errors.h"
#include "documents/posix_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace burrow {

struct PrivateFile::Handle {
    QString path;
    posix::Descriptor file;
};

namespace {

std::unexpected<Error> writeError(const QString& path, int code, qint64 neededBytes)
{
    switch (code) {
    case ENOSPC:
    case EDQUOT:
        return errors::diskFull(QFileInfo(path).path(), neededBytes);
    case EEXIST:
        return fail(
            ErrorCode::AlreadyExists, errors::cannotWrite(path, qt_error_string(code)).error().message);
    default:
        return errors::cannotWrite(path, qt_error_string(code));
    }
}

} // namespace

Result<PrivateFile> PrivateFile::create(const QString& path)
{
    constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    posix::Descriptor file(::open(QFile::encodeName(path).constData(), flags, 0600));
    if (!file)
        return writeError(path, errno, 0);
    return PrivateFile(std::make_unique<Handle>(path, std::move(file)));
}

PrivateFile::PrivateFile(std::unique_ptr<Handle> handle) : m_handle(std::move(handle)) { }
PrivateFile::PrivateFile(PrivateFile&&) noexcept = default;
PrivateFile& PrivateFile::operator=(PrivateFile&&) noexcept = default;
PrivateFile::~PrivateFile() = default;

Result<void> PrivateFile::resize(qint64 bytes)
{
    if (::ftruncate(*m_handle->file, bytes) != 0)
        return writeError(m_handle->path, errno, bytes);
    return {};
}

Result<void> PrivateFile::writeAt(qint64 offset, Bytes bytes) const
{
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(*m_handle->file, bytes.data(), bytes.size(), offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return writeError(m_handle->path, errno, std::ssize(bytes));
        bytes = bytes.subspan(static_cast<size_t>(written));
        offset += written;
    }
    return {};
}

FileLock FileLock::tryLock(const QString& path, Kind kind)
{
    FileLock lock;
    lock.m_fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (lock && ::flock(lock.m_fd, (kind == Kind::Shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0)
        return FileLock();
    return lock;
}

FileLock::~FileLock()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<void> makePrivateFolder(const QString& path)
{
    const QByteArray name = QFile::encodeName(path);
    if (::mkdir(name.constData(), 0700) != 0 && errno == ENOENT) {
        QDir().mkpath(QFileInfo(path).path());
        ::mkdir(name.constData(), 0700);
    }
    const posix::Descriptor folder(::open(name.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status;
    if (!folder || ::fstat(*folder, &status) != 0)
        return writeError(path, errno, 0);
    if (status.st_uid != ::geteuid() || ::fchmod(*folder, 0700) != 0)
        return fail(
            ErrorCode::PermissionDenied, errors::cannotWrite(path, qt_error_string(EACCES)).error().message);
    return {};
}

} // namespace burrow
