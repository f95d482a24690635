#pragma once

#include "base/task.h"
#include "documents/open_text.h"

namespace burrow {

/// The characters from @p from to @p to, as they are. Errors: DocumentChanged.
Result<QString> textBetween(const OpenText& text, ByteOffset from, ByteOffset to);

/// Writes the bytes from @p from to @p to into the file @p path, which is replaced only when all is written.
/// Errors: DocumentChanged, DiskFull, Io, Cancelled.
Result<void> saveBetween(
    const OpenText& text, ByteOffset from, ByteOffset to, const QString& path, const StopToken& stop);

} // namespace burrow
