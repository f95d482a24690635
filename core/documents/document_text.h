#pragma once

#include "base/task.h"
#include "documents/mapped_file.h"
#include "documents/private_file.h"
#include "documents/text_decoder.h"

#include <vector>

namespace burrow {

/// What the text of one document is, found by reading all of it.
struct DocumentText {
    struct Piece {
        ByteOffset begin, end; ///< in the document
        CharOffset at; ///< of its first character in the text
        qint64 chars;
    };

    TextEncoding encoding;
    ByteOffset begin; ///< of the first character in the document; after a byte order mark
    TextMeasure measure;
    bool isStoredForm = false; ///< the document itself can be mapped as a str
    std::vector<Piece> pieces;
};

/// Reads @p file, in parallel. @p encoding overrules detection. Errors: InvalidArgument (no codec for the
/// encoding), Cancelled. The caller asks file.check().
Result<DocumentText> measureText(
    const MappedFile& file, const std::optional<TextEncoding>& encoding, const StopToken& stop);

/// Writes the characters of @p text, as its width stores them, to @p image from @p at on, in parallel.
/// Errors: DocumentChanged (it has other characters than were measured), DiskFull, Io, Cancelled.
Result<void> transcode(const MappedFile& file, const QString& path, const DocumentText& text,
    const PrivateFile& image, ByteOffset at, const StopToken& stop);

} // namespace burrow
