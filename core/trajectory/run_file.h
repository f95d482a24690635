#pragma once

#include "base/units.h"
#include "trajectory/branch.h"
#include "trajectory/sha256.h"

#include <QString>

#include <memory>

namespace burrow {

/// One document of the corpus, as the run found it.
struct DocumentRecord {
    QString name;
    QString path; ///< absolute
    qint64 size = 0; ///< in bytes
    QString identity; ///< tells whether the file may have changed since: device, inode, size, times
    QString encoding;
    QString skipped; ///< why it was left out; empty where it is part of the corpus
    std::optional<Sha256> hash; ///< of its bytes; computed in the background
    qint64 replaced = 0; ///< U+FFFD that stand for bytes that are no text
    std::optional<ByteOffset> firstReplaced; ///< in the file

    friend bool operator==(const DocumentRecord&, const DocumentRecord&) = default;
};

/// A run on disk: one file with its journal, its texts and its corpus manifest (run_file_schema.h).
/// Written by one process at a time, readable meanwhile; survives being killed at any moment. What the file
/// says is checked, since it may come from somebody else. Used by one thread at a time.
///
/// After the first failed write every further one fails with the same error, and nothing that was committed
/// is lost.
class RunFile {
public:
    enum class Access { Read, Write };

    enum class IfTaken { Refuse, Number };

    /// A new run, open to write. It is kept in memory until the first commit(), with which it appears whole,
    /// with mode 0600: nobody ever finds a run without its beginning. @p ifTaken: what to do where something
    /// has its name by then: Number takes the next free NAME-2.burrow, NAME-3.burrow, ...
    /// Errors: AlreadyExists, NotFound (no such folder), PermissionDenied; the first commit() has them, too.
    static Result<RunFile> create(const QString& path, IfTaken ifTaken = IfTaken::Refuse);
    /// A file of an older version is migrated.
    /// Errors: NotFound, RunFileInvalid, RunFileNewer, PermissionDenied; Write: RunFileLocked, naming who
    /// writes it (open it to read, then).
    static Result<RunFile> open(const QString& path, Access access);

    RunFile(RunFile&&) noexcept;
    RunFile& operator=(RunFile&&) noexcept;
    /// Commits what was appended, and closes. A new run to which nothing was appended leaves no file.
    ~RunFile();

    /// Of a new run, the name that it wants, until its first commit.
    const QString& path() const;
    Access access() const;
    /// Who writes this file now, in words; nothing where nobody does: a run that is not closed was killed.
    std::optional<QString> writer() const;
    /// Reads the whole file once and checks its structure, and every text by its hash; slow. Errors:
    /// RunFileInvalid.
    Result<void> check();

    // Writing. Texts and events that were put or appended become durable together, with commit().

    /// Stores @p text once, however often it is put. An empty one is BlobId::None.
    Result<BlobId> put(const QByteArray& text);
    Result<ModelId> putModel(const QByteArray& name);
    /// The number of the next event: an event that opens a node has it as its `node`, too.
    qint64 nextSeq() const;
    /// Sets the number of @p event.
    Result<void> append(Event& event);
    /// From here on it survives a kill of the process.
    Result<void> commit();
    /// Commits, and waits until it survives a loss of power: at pause and end.
    Result<void> sync();
    /// Leaves one file, without side files where no reader needs them. Errors: as sync().
    Result<void> close();

    // Reading.

    /// The first @p limit events after number @p seq, in order.
    Result<std::vector<Event>> eventsAfter(qint64 seq, int limit);
    /// Errors: RunFileInvalid where the text is missing or damaged.
    Result<QByteArray> text(BlobId id);
    /// Of a stored text. Errors: RunFileInvalid where it is missing.
    Result<Sha256> hash(BlobId id);
    Sha256 hashOf(const QByteArray& text);
    /// None where no such text is stored.
    Result<BlobId> find(const Sha256& hash);
    /// By ModelId; the first is empty.
    const std::vector<QByteArray>& models() const;

    /// In order of their numbers, parents before those that left them.
    const std::vector<Branch>& branches() const;
    /// Adds a branch that leaves @p parent behind event @p forkSeq. Returns its number.
    Result<int> addBranch(int parent, qint64 forkSeq, const QString& reason, std::chrono::microseconds time);

    // The manifest, and facts of the run as a whole.

    Result<void> setDocuments(const std::vector<DocumentRecord>& documents);
    /// @p index into what was set. For hashes that are computed in the background.
    Result<void> setDocumentHash(int index, const Sha256& hash);
    Result<std::vector<DocumentRecord>> documents();

    Result<void> setValue(const char* key, const QByteArray& value);
    /// Empty where it was never set.
    Result<QByteArray> value(const char* key);

private:
    Result<void> checkTexts();
    struct Private;
    explicit RunFile(std::unique_ptr<Private> d);
    static Result<std::unique_ptr<Private>> connect(const QString& path, Access access);
    Result<void> publish();

    std::unique_ptr<Private> d;
};

} // namespace burrow
