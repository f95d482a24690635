#pragma once

#include "base/task.h"
#include "documents/file_identity.h"
#include "documents/text_encoding.h"

#include <memory>
#include <vector>

namespace burrow {

class MappedFile;

/// One text of a corpus.
struct Document {
    QString path; ///< absolute; never shown to a model
    QByteArray name; ///< for the model, UTF-8: the path inside its folder, or the file's name
    FileIdentity identity; ///< when the corpus was opened
};

enum class SkipReason {
    Binary,
    UnsupportedFormat, ///< PDF, Word and so on
    PermissionDenied,
    Unreadable, ///< vanished or changed meanwhile, or the disk failed
    SymbolicLink,
    NameNotUtf8, ///< a path is a QString, which holds no other names
    SpecialFile, ///< a fifo, socket or device
};

/// A file of a folder that is no part of the corpus.
struct SkippedFile {
    QString path; ///< inside its folder
    SkipReason reason;

    friend bool operator==(const SkippedFile&, const SkippedFile&) = default;
};

/// The documents of a question: one file, or a list made of several files or folders. Holds no contents.
class Corpus {
public:
    /// Looks at every file once, in the thread pool. A folder means its regular files in the order of their
    /// paths' bytes; hidden and version-control entries are left out, symbolic links not followed, and what
    /// is not readable text is skipped and listed. @p encoding is of all documents; without it each one's is
    /// detected. Errors: InvalidArgument (no path), NotFound, PermissionDenied, NotAFile, NoText, Io,
    /// Cancelled.
    static Task<Result<Corpus>> open(QStringList paths, std::optional<TextEncoding> encoding, StopToken stop);

    /// False: one document, that the model sees as a str.
    bool isList() const { return m_isList; }
    const std::vector<Document>& documents() const { return m_documents; }
    const std::vector<SkippedFile>& skipped() const { return m_skipped; }
    const std::optional<TextEncoding>& encoding() const { return m_encoding; }
    /// Those of the documents that are called so.
    std::vector<Document> named(const std::vector<QByteArray>& names) const;
    qint64 totalBytes() const;

private:
    static Result<Corpus> openNow(
        const QStringList& paths, std::optional<TextEncoding> encoding, const StopToken& stop);

    bool m_isList = false;
    std::vector<Document> m_documents;
    std::vector<SkippedFile> m_skipped;
    std::optional<TextEncoding> m_encoding;
};

/// Whether all of @p documents are still as they were when their corpus was opened. Many are looked at in the
/// thread pool, at about 1.5 µs for each. Errors: DocumentChanged, NotFound, PermissionDenied, each naming
/// the file; Cancelled.
Task<Result<void>> checkUnchanged(std::shared_ptr<const std::vector<Document>> documents, StopToken stop);

/// Maps a document as it was when its corpus was opened. Errors: DocumentChanged and those of MappedFile.
Result<MappedFile> openDocument(const Document& document);

} // namespace burrow
