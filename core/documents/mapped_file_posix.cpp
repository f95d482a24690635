#include "documents/mapped_file.h"

#include "documents/document_errors.h"
#include "documents/fault_guard.h"
#include "documents/posix_file.h"

#include <cerrno>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace burrow {

namespace {

// Ten thousand small files are read in half the time that mapping and unmapping them takes.
constexpr qint64 smallestMapped = qint64(64) << 10;

} // namespace

struct MappedFile::Mapping {
    ~Mapping()
    {
        guard.reset();
        if (address)
            ::munmap(address, static_cast<size_t>(identity.size));
    }

    QString path;
    posix::Descriptor file;
    FileIdentity identity;
    void* address = nullptr; ///< null: the bytes are in `copy`
    std::optional<FaultGuard> guard;
    QByteArray copy;
};

namespace {

Result<QByteArray> readWhole(int file, const QString& path, qint64 size)
{
    QByteArray copy(size, Qt::Uninitialized);
    for (qint64 done = 0; done < size;) {
        const ssize_t got = ::pread(file, copy.data() + done, static_cast<size_t>(size - done), done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return posix::readError(path, errno);
        if (got == 0)
            return errors::changed(path);
        done += got;
    }
    return copy;
}

} // namespace

Result<MappedFile> MappedFile::open(const QString& path)
{
    auto mapping = std::make_unique<Mapping>();
    mapping->path = path;
    Result<posix::Descriptor> file = posix::openForReading(path, &mapping->identity);
    if (!file)
        return std::unexpected(file.error());
    mapping->file = std::move(*file);
    const qint64 size = mapping->identity.size;
    // What the kernel makes up as it is read (/proc) says that it is empty.
    if (char byte; size == 0 && ::pread(*mapping->file, &byte, 1, 0) > 0)
        return errors::notAFile(path);
    if (size < smallestMapped) {
        Result<QByteArray> copy = readWhole(*mapping->file, path, size);
        if (!copy)
            return std::unexpected(copy.error());
        mapping->copy = std::move(*copy);
        return MappedFile(std::move(mapping));
    }
    void* address = ::mmap(nullptr, static_cast<size_t>(size), PROT_READ, MAP_SHARED, *mapping->file, 0);
    if (address == MAP_FAILED)
        return posix::readError(path, errno);
    mapping->address = address;
    mapping->guard.emplace(address, size);
    return MappedFile(std::move(mapping));
}

MappedFile::MappedFile(std::unique_ptr<Mapping> mapping) : m_mapping(std::move(mapping)) { }
MappedFile::MappedFile(MappedFile&&) noexcept = default;
MappedFile& MappedFile::operator=(MappedFile&&) noexcept = default;
MappedFile::~MappedFile() = default;

const FileIdentity& MappedFile::identity() const
{
    return m_mapping->identity;
}

Bytes MappedFile::bytes() const
{
    const void* start = m_mapping->address ? m_mapping->address : m_mapping->copy.constData();
    return {static_cast<const unsigned char*>(start), static_cast<size_t>(m_mapping->identity.size)};
}

Result<void> MappedFile::check() const
{
    struct stat status;
    const bool lost = m_mapping->guard && m_mapping->guard->faulted();
    if (lost || ::fstat(*m_mapping->file, &status) != 0)
        return errors::changed(m_mapping->path);
    FileIdentity now = posix::identityOf(status);
    // Renaming or deleting the file changes its attributes, but not what is mapped.
    now.changed = m_mapping->identity.changed;
    if (now != m_mapping->identity)
        return errors::changed(m_mapping->path);
    return {};
}

Result<QByteArray> MappedFile::read(ByteOffset offset, qint64 count) const
{
    const auto size = m_mapping->identity.size;
    const qint64 start = std::clamp<qint64>(offset.value, 0, size);
    const Bytes part = bytes().subspan(
        static_cast<size_t>(start), static_cast<size_t>(std::clamp<qint64>(count, 0, size - start)));
    const QByteArray copy(reinterpret_cast<const char*>(part.data()), std::ssize(part));
    if (const Result<void> intact = check(); !intact)
        return std::unexpected(intact.error());
    return copy;
}

} // namespace burrow
