#pragma once

#include "base/result.h"
#include "repl/repl.h"

#include <QHash>

namespace burrow {

/// The files of a corpus, opened for one guest: a description of its own, so that no offset is shared.
class DocumentFiles {
public:
    /// Opens each distinct file of @p spans once. Errors: NotFound, PermissionDenied, NotAFile, Io.
    static Result<DocumentFiles> open(const std::vector<TextSpan>& spans);

    DocumentFiles() = default;
    DocumentFiles(DocumentFiles&& other) noexcept { swap(other); }
    DocumentFiles& operator=(DocumentFiles&& other) noexcept
    {
        swap(other);
        return *this;
    }
    ~DocumentFiles();

    /// In the order in which they are handed over.
    const std::vector<qintptr>& descriptors() const { return m_descriptors; }
    /// The place of @p file in descriptors().
    int indexOf(const QString& file) const { return m_indices.value(file); }
    /// Of all files together.
    qint64 bytes() const { return m_bytes; }

private:
    Result<void> add(const QString& file);
    void swap(DocumentFiles& other) noexcept;

    std::vector<qintptr> m_descriptors;
    QHash<QString, int> m_indices;
    qint64 m_bytes = 0;
};

/// Lets this process have as many files open as the system allows it: each document of each guest takes one.
void raiseFileLimit();

} // namespace burrow
