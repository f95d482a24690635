#include "host/document_files.h"

#include "base/words.h"

#include <QFile>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace burrow {

namespace {

using words::tr;

ErrorCode codeFor(int error)
{
    switch (error) {
    case ENOENT:
        return ErrorCode::NotFound;
    case EACCES:
    case EPERM:
        return ErrorCode::PermissionDenied;
    case ELOOP:
        return ErrorCode::NotAFile;
    default:
        return ErrorCode::Io;
    }
}

std::unexpected<Error> cannotOpen(const QString& file, int error)
{
    return fail(codeFor(error),
        tr("Cannot open %1 for the Python process: %2.")
            .arg(file, QString::fromLocal8Bit(std::strerror(error))));
}

} // namespace

Result<DocumentFiles> DocumentFiles::open(const std::vector<TextSpan>& spans)
{
    DocumentFiles files;
    for (const TextSpan& span : spans) {
        if (files.m_indices.contains(span.file))
            continue;
        if (const Result<void> added = files.add(span.file); !added)
            return std::unexpected(added.error());
    }
    return files;
}

Result<void> DocumentFiles::add(const QString& file)
{
    // Not blocking: what was a document may have become a named pipe.
    const int fd = ::open(
        QFile::encodeName(file).constData(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return cannotOpen(file, errno);
    m_descriptors.push_back(fd);
    struct stat entry{};
    if (fstat(fd, &entry) != 0)
        return cannotOpen(file, errno);
    if (!S_ISREG(entry.st_mode))
        return fail(ErrorCode::NotAFile, tr("%1 is no regular file any more.").arg(file));
    m_indices.insert(file, int(m_descriptors.size()) - 1);
    m_bytes += entry.st_size;
    return {};
}

DocumentFiles::~DocumentFiles()
{
    for (const qintptr descriptor : m_descriptors)
        ::close(static_cast<int>(descriptor));
}

void DocumentFiles::swap(DocumentFiles& other) noexcept
{
    m_descriptors.swap(other.m_descriptors);
    m_indices.swap(other.m_indices);
    std::swap(m_bytes, other.m_bytes);
}

void raiseFileLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

} // namespace burrow
