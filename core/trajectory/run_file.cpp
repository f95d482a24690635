#include "trajectory/run_file.h"

#include "trajectory/blob_store.h"
#include "trajectory/checkpointer.h"
#include "trajectory/event_table.h"
#include "trajectory/manifest.h"
#include "trajectory/run_file_place.h"
#include "trajectory/run_file_schema.h"
#include "trajectory/writer_lock.h"

#include <QFile>

#include <sqlite3.h>

namespace burrow {

using namespace Qt::StringLiterals;

/// Members are destroyed from the last to the first: statements, connection, lock.
struct RunFile::Private {
    QString path;
    Access access;
    std::optional<WriterLock> lock;
    Database database;
    Statement begin; ///< of every transaction, and its end
    Statement end;
    BlobStore blobs;
    EventTable table;
    std::vector<QByteArray> models{QByteArray()};
    std::vector<Branch> branches;
    qint64 lastSeq = 0;
    bool inTransaction = false;
    std::unique_ptr<Checkpointer> checkpointer;
    std::optional<IfTaken> unpublished; ///< of a new run, which is in memory
    std::optional<Error> failure; ///< of the first write that failed

    /// Runs one step of a write inside the open transaction, and begins one where none is open.
    template <typename Step> auto write(Step step) -> decltype(step())
    {
        Q_ASSERT(access == Access::Write);
        if (failure)
            return std::unexpected(*failure);
        if (!inTransaction) {
            if (const auto begun = begin.run(); !begun)
                return giveUp(begun.error());
            inTransaction = true;
        }
        auto done = step();
        if (!done)
            return giveUp(done.error());
        return done;
    }

    std::unexpected<Error> giveUp(const Error& error)
    {
        failure = error;
        inTransaction = false;
        if (!sqlite3_get_autocommit(database.handle()))
            (void)database.execute("ROLLBACK");
        return std::unexpected(error);
    }

    Result<void> commit()
    {
        if (failure)
            return std::unexpected(*failure);
        if (!inTransaction)
            return {};
        if (const auto done = end.run(); !done)
            return giveUp(done.error());
        inTransaction = false;
        return {};
    }

    /// Called by SQLite after each commit.
    static int logGrew(void* self, sqlite3* db, const char*, int pages)
    {
        if (static_cast<Private*>(self)->checkpointer->logGrew(pages))
            (void)sqlite3_wal_checkpoint_v2(db, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        return SQLITE_OK;
    }

    /// Makes the statements and reads what is kept in memory.
    Result<void> prepare();
    Result<void> prepareTransactions();
    Result<void> loadModels();
};

namespace {

/// Which version the file has, and that the schema is exactly that version's.
Result<int> verifiedVersion(Database& database)
{
    const Result<qint64> version = database.number("PRAGMA user_version");
    if (!version)
        return std::unexpected(version.error());
    if (*version > currentSchemaVersion())
        return fail(ErrorCode::RunFileNewer,
            u"%1 was written by a newer Burrow (format %2, this one knows up to %3). Update Burrow to open it."_s
                .arg(database.path())
                .arg(*version)
                .arg(currentSchemaVersion()));
    if (*version < 1)
        return fail(ErrorCode::RunFileInvalid,
            u"%1 is not a run file. Name a file that Burrow made."_s.arg(database.path()));
    return verifySchema(database, int(*version)).transform([&] { return int(*version); });
}

Result<void> prepareToWrite(Database& database, int version)
{
    if (version < currentSchemaVersion())
        if (const auto migrated = migrateSchema(database, version); !migrated)
            return migrated;
    // NORMAL: a commit survives a kill of the process; sync() makes it survive a loss of power.
    return database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
                            "PRAGMA journal_size_limit=67108864");
}

} // namespace

RunFile::RunFile(std::unique_ptr<Private> data) : d(std::move(data)) { }
RunFile::RunFile(RunFile&&) noexcept = default;

RunFile& RunFile::operator=(RunFile&& other) noexcept
{
    std::swap(d, other.d);
    return *this;
}

RunFile::~RunFile()
{
    if (d && d->access == Access::Write && (!d->unpublished || d->inTransaction))
        (void)close();
}

Result<RunFile> RunFile::create(const QString& path, IfTaken ifTaken)
{
    auto d = std::make_unique<Private>(path, Access::Write);
    d->unpublished = ifTaken;
    d->database = emptyRunFile();
    return requirePlace(path, ifTaken).and_then([&] { return d->prepare(); }).transform([&] {
        return RunFile(std::move(d));
    });
}

/// Gives a new run its file, and goes on there.
Result<void> RunFile::publish()
{
    const Result<QString> path = writeNewFile(d->path, fileOf(d->database), *d->unpublished);
    if (!path)
        return d->giveUp(path.error());
    Result<std::unique_ptr<Private>> published = connect(*path, Access::Write);
    if (!published) {
        QFile::remove(*path);
        return d->giveUp(published.error());
    }
    d = std::move(*published);
    return {};
}

Result<RunFile> RunFile::open(const QString& path, Access access)
{
    return connect(path, access).transform([](std::unique_ptr<Private> data) {
        return RunFile(std::move(data));
    });
}

Result<std::unique_ptr<RunFile::Private>> RunFile::connect(const QString& path, Access access)
{
    if (const auto checked = requireRunFile(path); !checked)
        return std::unexpected(checked.error());
    auto d = std::make_unique<Private>(path, access);
    if (access == Access::Write) {
        Result<WriterLock> lock = WriterLock::acquire(path);
        if (!lock)
            return std::unexpected(lock.error());
        d->lock = std::move(*lock);
    }
    Result<Database> database
        = Database::open(path, access == Access::Write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    if (!database)
        return std::unexpected(database.error());
    d->database = std::move(*database);
    d->database.harden();
    sqlite3_busy_timeout(d->database.handle(), 2000);
    (void)d->database.execute("PRAGMA cell_size_check=ON; PRAGMA mmap_size=0");

    const Result<int> version = verifiedVersion(d->database);
    // Left by a killed writer in need of recovery, or by an older program.
    const bool mustBeWritten
        = version ? *version < currentSchemaVersion() : version.error().code == ErrorCode::PermissionDenied;
    if (access == Access::Read && mustBeWritten) {
        d.reset();
        return connect(path, Access::Write).and_then([&](std::unique_ptr<Private> repaired) {
            repaired.reset();
            return connect(path, access);
        });
    }
    if (!version)
        return std::unexpected(version.error());
    Result<void> ready;
    if (access == Access::Write) {
        ready = prepareToWrite(d->database, *version);
        d->checkpointer = std::make_unique<Checkpointer>(path);
        sqlite3_wal_hook(d->database.handle(), &Private::logGrew, d.get());
    }
    ready = ready.and_then([&] { return d->prepare(); });
    if (!ready)
        return std::unexpected(ready.error());
    return d;
}

Result<void> RunFile::Private::prepare()
{
    return prepareTransactions()
        .and_then([&] { return BlobStore::over(database); })
        .transform([&](BlobStore store) { blobs = std::move(store); })
        .and_then([&] { return EventTable::over(database); })
        .transform([&](EventTable events) { table = std::move(events); })
        .and_then([&] { return loadModels(); })
        .and_then([&] { return manifest::branches(database); })
        .transform([&](std::vector<Branch> known) { branches = std::move(known); })
        .and_then([&] { return database.number("SELECT max(seq) FROM events"); })
        .transform([&](qint64 seq) { lastSeq = seq; });
}

Result<void> RunFile::Private::prepareTransactions()
{
    return database.prepare("BEGIN IMMEDIATE")
        .transform([&](Statement statement) { begin = std::move(statement); })
        .and_then([&] { return database.prepare("COMMIT"); })
        .transform([&](Statement statement) { end = std::move(statement); });
}

Result<void> RunFile::Private::loadModels()
{
    Result<Statement> names = database.prepare("SELECT id, name FROM models ORDER BY id LIMIT 65536");
    if (!names)
        return std::unexpected(names.error());
    for (;;) {
        const Result<bool> row = names->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return {};
        if (names->number(0) != qint64(models.size()) || models.size() > 65'535)
            return fail(ErrorCode::RunFileInvalid,
                u"%1 is damaged: its list of models has a hole. Restore it from a copy."_s.arg(path));
        models.push_back(names->bytes(1));
    }
}

const QString& RunFile::path() const
{
    return d->path;
}

RunFile::Access RunFile::access() const
{
    return d->access;
}

std::optional<QString> RunFile::writer() const
{
    return WriterLock::holder(d->path);
}

Result<void> RunFile::check()
{
    Result<Statement> check = d->database.prepare("PRAGMA quick_check(1)");
    if (!check)
        return std::unexpected(check.error());
    const Result<bool> row = check->step();
    if (!row)
        return std::unexpected(row.error());
    if (check->view(0) != "ok")
        return fail(ErrorCode::RunFileInvalid,
            u"%1 is damaged (%2). Restore it from a copy."_s.arg(d->path, check->text(0)));
    return checkTexts();
}

Result<void> RunFile::checkTexts()
{
    Result<Statement> texts = d->database.prepare("SELECT data, hash FROM blobs");
    if (!texts)
        return std::unexpected(texts.error());
    for (;;) {
        const Result<bool> row = texts->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return {};
        if (texts->view(1) != Sha256::of(texts->view(0)).view())
            return fail(ErrorCode::RunFileInvalid,
                u"%1 is damaged: a text in it is not what was recorded. Restore it from a copy."_s.arg(
                    d->path));
    }
}

Result<BlobId> RunFile::put(const QByteArray& text)
{
    return d->write([&] { return d->blobs.put(text); });
}

Result<ModelId> RunFile::putModel(const QByteArray& name)
{
    const auto known = std::ranges::find(d->models, name);
    const qint64 id = known - d->models.begin();
    if (known != d->models.end())
        return ModelId(id);
    return d->write([&]() -> Result<ModelId> {
        Result<Statement> insert = d->database.prepare("INSERT INTO models(id, name) VALUES(?1, ?2)");
        if (!insert)
            return std::unexpected(insert.error());
        return insert->bind(1, id).bind(2, name).run().transform([&] {
            d->models.push_back(name);
            return ModelId(id);
        });
    });
}

qint64 RunFile::nextSeq() const
{
    return d->lastSeq + 1;
}

Result<void> RunFile::append(Event& event)
{
    event.seq = nextSeq();
    return d->write([&] { return d->table.append(event); }).transform([&] { ++d->lastSeq; });
}

Result<void> RunFile::commit()
{
    return d->commit().and_then([&] { return d->unpublished ? publish() : Result<void>(); });
}

Result<void> RunFile::sync()
{
    return commit().and_then([&] { return d->database.execute("PRAGMA wal_checkpoint(FULL)"); });
}

Result<void> RunFile::close()
{
    const Result<void> synced = sync();
    if (d->unpublished)
        return synced;
    d->checkpointer->stop();
    // Fails harmlessly where a reader is connected; the next one who closes tidies up.
    sqlite3_busy_timeout(d->database.handle(), 0);
    if (synced)
        (void)d->database.execute("PRAGMA journal_mode=DELETE");
    sqlite3_busy_timeout(d->database.handle(), 2000);
    return synced;
}

Result<std::vector<Event>> RunFile::eventsAfter(qint64 seq, int limit)
{
    return d->table.after(seq, limit);
}

Result<QByteArray> RunFile::text(BlobId id)
{
    return d->blobs.text(id);
}

Result<Sha256> RunFile::hash(BlobId id)
{
    return d->blobs.hash(id);
}

Sha256 RunFile::hashOf(const QByteArray& text)
{
    return d->blobs.hashOf(text);
}

Result<BlobId> RunFile::find(const Sha256& hash)
{
    return d->blobs.find(hash);
}

const std::vector<QByteArray>& RunFile::models() const
{
    return d->models;
}

const std::vector<Branch>& RunFile::branches() const
{
    return d->branches;
}

Result<int> RunFile::addBranch(
    int parent, qint64 forkSeq, const QString& reason, std::chrono::microseconds time)
{
    const Branch branch{d->branches.back().id + 1, parent, forkSeq, reason, time};
    return d->write([&] { return manifest::addBranch(d->database, branch); }).transform([&] {
        d->branches.push_back(branch);
        return branch.id;
    });
}

Result<void> RunFile::setDocuments(const std::vector<DocumentRecord>& documents)
{
    return d->write([&] { return manifest::setDocuments(d->database, documents); });
}

Result<void> RunFile::setDocumentHash(int index, const Sha256& hash)
{
    return d->write([&] { return manifest::setDocumentHash(d->database, index, hash); });
}

Result<std::vector<DocumentRecord>> RunFile::documents()
{
    return manifest::documents(d->database);
}

Result<void> RunFile::setValue(const char* key, const QByteArray& value)
{
    return d->write([&] { return manifest::setValue(d->database, key, value); });
}

Result<QByteArray> RunFile::value(const char* key)
{
    return manifest::value(d->database, key);
}

} // namespace burrow
