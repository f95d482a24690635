#pragma once

#include "base/result.h"

namespace burrow {

/// Tells one state of one file from every other, without reading it. Times in nanoseconds since 1970.
struct FileIdentity {
    quint64 device = 0;
    quint64 inode = 0;
    qint64 size = 0; ///< bytes
    qint64 modified = 0; ///< of the contents
    qint64 changed = 0; ///< of contents or attributes; cannot be set by programs

    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// The identity of the regular file that @p path leads to, symbolic links followed.
/// Errors: NotFound, PermissionDenied, NotAFile, Io.
Result<FileIdentity> identify(const QString& path);

} // namespace burrow
