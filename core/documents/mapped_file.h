#pragma once

#include "base/units.h"
#include "documents/bytes.h"
#include "documents/file_identity.h"

#include <memory>

namespace burrow {

/// A file, mapped read-only. It survives a file that shrinks, changes or vanishes meanwhile.
class MappedFile {
public:
    /// Maps @p path. Errors: NotFound, PermissionDenied, NotAFile, DocumentChanged, Io.
    static Result<MappedFile> open(const QString& path);

    MappedFile(MappedFile&&) noexcept;
    MappedFile& operator=(MappedFile&&) noexcept;
    ~MappedFile();

    /// Of the file when it was opened.
    const FileIdentity& identity() const;

    /// The whole file; valid until this object is destroyed. Where the file shrank, zeros stand in for what
    /// was lost, so whoever looks at the bytes asks check() afterwards, before using what was found.
    Bytes bytes() const;

    /// Whether bytes() have been those of one state of the file until now. Errors: DocumentChanged.
    Result<void> check() const;

    /// A checked copy of @p count bytes, fewer at the end of the file. Errors: DocumentChanged.
    Result<QByteArray> read(ByteOffset offset, qint64 count) const;

private:
    struct Mapping;
    explicit MappedFile(std::unique_ptr<Mapping> mapping);

    std::unique_ptr<Mapping> m_mapping;
};

} // namespace burrow
