#pragma once

#include "base/task.h"
#include "documents/corpus.h"
#include "documents/image_cache.h"

namespace burrow {

/// A corpus as a guest maps it: where the characters of every document lie on disk, in the form in which
/// CPython stores them. ASCII, and other text that is already in that form, is used in place; the rest is
/// transcoded once into a cache. Documents below 1 MiB share images, so that a guest maps few files.
class ContextImage {
public:
    /// What became of the copies that were made.
    enum class Copies { Cached, LeaveNone };

    /// How a document was read, for the manifest.
    struct Reading {
        TextEncoding encoding;
        qint64 replaced = 0; ///< U+FFFD that stand for bytes that are no text
        std::optional<ByteOffset> firstReplaced; ///< in the document
    };

    /// Reads the whole corpus in the thread pool. Errors: DocumentChanged, NotFound, PermissionDenied,
    /// InvalidArgument (an encoding that is unknown here), DiskFull, Io, Cancelled.
    static Task<Result<ContextImage>> build(Corpus corpus, ImageCache cache, Copies copies, StopToken stop);

    /// One for each document. The files exist as long as this object.
    const std::vector<TextSpan>& spans() const { return m_spans; }
    const std::vector<Reading>& readings() const { return m_readings; }

private:
    friend class ContextImageBuilder;

    std::vector<TextSpan> m_spans;
    std::vector<Reading> m_readings;
    std::vector<ImageSet> m_sets;
};

} // namespace burrow
