#include "trajectory/run_file_schema.h"

#include "trajectory/sqlite.h"

#include <sqlite3.h>

#include <array>

namespace burrow {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array<const char*, 3> allSteps = {
    R"(CREATE TABLE run(key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE branches(id INTEGER PRIMARY KEY, parent INTEGER, fork_seq INTEGER, reason TEXT,
    time INTEGER NOT NULL) STRICT;
CREATE TABLE blobs(id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, data BLOB NOT NULL) STRICT;
CREATE TABLE models(id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE) STRICT;
CREATE TABLE documents(id INTEGER PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,
    identity TEXT NOT NULL, encoding TEXT NOT NULL, skipped TEXT NOT NULL, hash BLOB) STRICT;
CREATE TABLE events(seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL,
    node INTEGER NOT NULL, state INTEGER NOT NULL, detail INTEGER NOT NULL, reused INTEGER NOT NULL,
    parent INTEGER, node_kind INTEGER, ordinal INTEGER, model INTEGER, input_tokens INTEGER,
    output_tokens INTEGER, cost INTEGER, body INTEGER, extra INTEGER, duration INTEGER, attempt INTEGER,
    branch INTEGER NOT NULL) STRICT;
INSERT INTO branches(id, time) VALUES(1, 0);)",
    R"(ALTER TABLE documents ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN first_replaced INTEGER;)",
    "-- The same tables, with requests that name long conversations by links (recorded_request.h).",
};

/// Applies @p steps to a file of version @p from.
Result<void> applySteps(Database& database, int from, std::span<const char* const> steps)
{
    for (const char* step : steps)
        if (const auto done = database.execute(step); !done)
            return done;
    const QByteArray version = QByteArray::number(from + qsizetype(steps.size()));
    return database.execute(("PRAGMA user_version=" + version).constData());
}

/// Every entry of the schema as one text.
Result<QByteArray> schemaText(Database& database)
{
    Result<Statement> entries = database.prepare(
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name LIMIT 100");
    if (!entries)
        return std::unexpected(entries.error());
    QByteArray text;
    for (;;) {
        const Result<bool> row = entries->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return text;
        for (int column = 0; column < 4; ++column)
            text += entries->bytes(column) + '\n';
    }
}

Result<Database> emptyDatabase(std::span<const char* const> steps)
{
    Result<Database> database
        = Database::open(u":memory:"_s, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY);
    if (!database)
        return database;
    if (const auto done = applySteps(*database, 0, steps); !done)
        return std::unexpected(done.error());
    return database;
}

} // namespace

std::span<const char* const> schemaSteps()
{
    return allSteps;
}

Database emptyRunFile()
{
    Result<Database> database = emptyDatabase(schemaSteps());
    Q_ASSERT(database);
    const QByteArray mark = "PRAGMA application_id=" + QByteArray::number(runFileApplicationId);
    [[maybe_unused]] const auto marked = database->execute(mark.constData());
    Q_ASSERT(marked);
    return std::move(*database);
}

QByteArray fileOf(Database& database)
{
    sqlite3_int64 size = 0;
    const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> bytes(
        sqlite3_serialize(database.handle(), "main", &size, 0), &sqlite3_free);
    QByteArray file(reinterpret_cast<const char*>(bytes.get()), qsizetype(size));
    // The format's read and write versions: 2 is a write-ahead log. Born with one, a file needs no change of
    // its journal, during which a killed writer would leave it in need of repair.
    file[18] = file[19] = 2;
    return file;
}

Result<void> verifySchema(Database& database, int version, std::span<const char* const> steps)
{
    Result<Database> ours = emptyDatabase(steps.first(size_t(version)));
    if (!ours)
        return std::unexpected(ours.error());
    const Result<QByteArray> found = schemaText(database);
    if (!found)
        return std::unexpected(found.error());
    if (*found != schemaText(*ours))
        return fail(ErrorCode::RunFileInvalid,
            u"%1 is not a valid run file: its tables are not those that Burrow makes. Restore it from a copy."_s
                .arg(database.path()));
    return {};
}

Result<void> migrateSchema(Database& database, int version, std::span<const char* const> steps)
{
    if (const auto begun = database.execute("BEGIN IMMEDIATE"); !begun)
        return begun;
    const Result<void> done = applySteps(database, version, steps.subspan(size_t(version))).and_then([&] {
        return database.execute("COMMIT");
    });
    if (!done)
        (void)database.execute("ROLLBACK");
    return done;
}

} // namespace burrow
