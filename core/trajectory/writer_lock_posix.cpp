#include "trajectory/writer_lock.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QThread>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace burrow {

using namespace Qt::StringLiterals;

struct WriterLock::Held {
    int descriptor = -1;
    QByteArray path;

    ~Held()
    {
        // While still locked: whoever waits for it notices that the name is gone, and makes a new one.
        ::unlink(path.constData());
        ::close(descriptor);
    }
};

namespace {

/// One for all symbolic links to @p file, as SQLite's side files are.
QByteArray lockPath(const QString& file)
{
    const QString target = QFileInfo(file).canonicalFilePath();
    return QFile::encodeName((target.isEmpty() ? file : target) + u".lock"_s);
}

bool hasSecondName(const QString& file)
{
    struct stat named{};
    return ::stat(QFile::encodeName(file).constData(), &named) == 0 && named.st_nlink > 1;
}

/// Whether @p path still names the file that is open as @p descriptor.
bool isSameFile(int descriptor, const QByteArray& path)
{
    struct stat open{};
    struct stat named{};
    return ::fstat(descriptor, &open) == 0 && ::stat(path.constData(), &named) == 0
        && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

QString whoIsIn(int descriptor)
{
    char text[256];
    const ssize_t size = ::pread(descriptor, text, sizeof text, 0);
    return size > 0 ? QString::fromUtf8(text, size) : u"another program"_s;
}

Error systemError(const QString& file, int code)
{
    const QString why = QString::fromLocal8Bit(std::strerror(code));
    if (code == ENOSPC || code == EDQUOT)
        return {ErrorCode::DiskFull,
            u"Cannot write %1: the disk is full. Free some space, then try again."_s.arg(file)};
    const bool denied = code == EACCES || code == EPERM || code == EROFS;
    return {denied ? ErrorCode::PermissionDenied : ErrorCode::Io,
        u"Cannot write %1: %2. Copy the run to a folder that you can write to."_s.arg(file, why)};
}

} // namespace

WriterLock::WriterLock(std::unique_ptr<Held> held) : m_held(std::move(held)) { }
WriterLock::WriterLock(WriterLock&&) noexcept = default;
WriterLock& WriterLock::operator=(WriterLock&&) noexcept = default;
WriterLock::~WriterLock() = default;

Result<WriterLock> WriterLock::acquire(const QString& file)
{
    if (hasSecondName(file))
        return fail(ErrorCode::RunFileLocked,
            u"%1 has a second name (a hard link), under which it could be written unseen. Use a copy of it."_s
                .arg(file));
    const QByteArray path = lockPath(file);
    // A reader that asks for the holder takes the lock for a moment, hence more than one attempt.
    for (int attempt = 0;; ++attempt) {
        const int descriptor = ::open(path.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (descriptor < 0)
            return std::unexpected(systemError(file, errno));
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            const QString who = whoIsIn(descriptor);
            ::close(descriptor);
            if (attempt >= 5)
                return fail(ErrorCode::RunFileLocked,
                    u"%1 is being written by %2. Wait until it ends, or open the run to read."_s.arg(
                        file, who));
            QThread::msleep(5);
            continue;
        }
        if (!isSameFile(descriptor, path)) { // its holder removed it between our open and our lock
            ::close(descriptor);
            continue;
        }
        const QByteArray who = u"%1 (process %2)"_s.arg(QCoreApplication::applicationName())
                                   .arg(QCoreApplication::applicationPid())
                                   .toUtf8();
        if (::ftruncate(descriptor, 0) != 0
            || ::pwrite(descriptor, who.constData(), size_t(who.size()), 0) < 0) {
            const int code = errno;
            ::close(descriptor);
            return std::unexpected(systemError(file, code));
        }
        return WriterLock(std::make_unique<Held>(descriptor, path));
    }
}

std::optional<QString> WriterLock::holder(const QString& file)
{
    const int descriptor = ::open(lockPath(file).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0)
        return std::nullopt;
    std::optional<QString> who;
    if (::flock(descriptor, LOCK_SH | LOCK_NB) != 0)
        who = whoIsIn(descriptor);
    ::close(descriptor);
    return who;
}

} // namespace burrow
