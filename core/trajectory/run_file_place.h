#pragma once

#include "trajectory/run_file.h"

namespace burrow {

// The file system's side of a run file: what has its name, and how a new one gets it.

/// That @p path is a run file, by its first bytes. Errors: NotFound, PermissionDenied, RunFileInvalid.
Result<void> requireRunFile(const QString& path);

/// That a run file can be made at @p path. Errors: AlreadyExists (where @p ifTaken refuses), NotFound (no
/// such folder), PermissionDenied.
Result<void> requirePlace(const QString& path, RunFile::IfTaken ifTaken);

/// A file that appears whole, with mode 0600. Returns the name that it took.
/// Errors: AlreadyExists (where @p ifTaken refuses), PermissionDenied, DiskFull, Io.
Result<QString> writeNewFile(const QString& wanted, const QByteArray& bytes, RunFile::IfTaken ifTaken);

} // namespace burrow
