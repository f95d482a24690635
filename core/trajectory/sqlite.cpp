#include "trajectory/sqlite.h"

#include <sqlite3.h>

#include <cerrno>

namespace burrow {

using namespace Qt::StringLiterals;

namespace {

/// The last error of the system on the file that @p pointer names (SQLITE_FCNTL_…_POINTER).
int lastSystemError(sqlite3* db, int pointer)
{
    // sqlite3_system_errno() knows nothing of an error inside COMMIT.
    int code = 0;
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(db, "main", pointer, &file) == SQLITE_OK && file && file->pMethods)
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &code);
    return code;
}

bool meansNoSpace(int systemError)
{
    return systemError == ENOSPC || systemError == EFBIG
#ifdef EDQUOT
        || systemError == EDQUOT
#endif
        ;
}

bool isOutOfSpace(sqlite3* db)
{
    return meansNoSpace(sqlite3_system_errno(db))
        || meansNoSpace(lastSystemError(db, SQLITE_FCNTL_FILE_POINTER))
        || meansNoSpace(lastSystemError(db, SQLITE_FCNTL_JOURNAL_POINTER));
}

Error errorOf(sqlite3* db, int code, const QString& file)
{
    const int primary = code & 0xff;
    if (primary == SQLITE_FULL || (primary == SQLITE_IOERR && isOutOfSpace(db)))
        return {ErrorCode::DiskFull,
            u"Cannot write %1: the disk is full. Free some space, then resume the run."_s.arg(file)};
    switch (primary) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR:
        return {ErrorCode::RunFileInvalid,
            u"%1 is not a valid run file (%2). Restore it from a copy."_s.arg(
                file, QString::fromUtf8(sqlite3_errmsg(db)))};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN: // also a file in need of recovery, in a folder that cannot be written
        return {ErrorCode::PermissionDenied,
            u"Cannot write %1: permission denied. Copy it to a folder that you can write to."_s.arg(file)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::RunFileLocked,
            u"%1 is in use by another program. Close that one, or open the run to read."_s.arg(file)};
    default:
        return {ErrorCode::Io,
            u"Cannot use %1: %2. Check the disk that it is on."_s.arg(
                file, QString::fromUtf8(sqlite3_errmsg(db)))};
    }
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

Statement::Statement(sqlite3_stmt* statement, QString file) : m_statement(statement), m_file(std::move(file))
{
}

Statement& Statement::bind(int index, qint64 value)
{
    sqlite3_bind_int64(m_statement.get(), index, value);
    return *this;
}

Statement& Statement::bind(int index, QByteArrayView blob)
{
    // A null pointer would bind NULL instead of an empty blob.
    sqlite3_bind_blob64(m_statement.get(), index, blob.isEmpty() ? "" : blob.data(),
        sqlite3_uint64(blob.size()), SQLITE_STATIC);
    return *this;
}

Statement& Statement::bindText(int index, const QString& text)
{
    const QByteArray utf8 = text.toUtf8();
    sqlite3_bind_text64(m_statement.get(), index, utf8.constData(), sqlite3_uint64(utf8.size()),
        SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bindNull(int index)
{
    sqlite3_bind_null(m_statement.get(), index);
    return *this;
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    sqlite3* const db = sqlite3_db_handle(m_statement.get());
    return std::unexpected(errorOf(db, sqlite3_extended_errcode(db), m_file));
}

Result<void> Statement::run()
{
    const Result<bool> stepped = step();
    reset();
    return stepped.transform([](bool) { });
}

void Statement::reset()
{
    sqlite3_reset(m_statement.get());
    sqlite3_clear_bindings(m_statement.get());
}

qint64 Statement::number(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

QByteArrayView Statement::view(int column) const
{
    const void* const data = sqlite3_column_blob(m_statement.get(), column);
    return QByteArrayView(static_cast<const char*>(data), sqlite3_column_bytes(m_statement.get(), column));
}

void Database::Close::operator()(sqlite3* db) const
{
    sqlite3_close_v2(db);
}

Result<Database> Database::open(const QString& path, int flags)
{
    Database database;
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(
        path.toUtf8().constData(), &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    database.m_db.reset(db);
    database.m_path = path;
    if (code != SQLITE_OK)
        return std::unexpected(errorOf(db, code, path));
    return database;
}

Result<void> Database::execute(const char* sql)
{
    const int code = sqlite3_exec(m_db.get(), sql, nullptr, nullptr, nullptr);
    if (code == SQLITE_OK)
        return {};
    return std::unexpected(errorOf(m_db.get(), code, m_path));
}

Result<Statement> Database::prepare(const char* sql)
{
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(m_db.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK)
        return std::unexpected(errorOf(m_db.get(), code, m_path));
    return Statement(statement, m_path);
}

Result<qint64> Database::number(const char* sql)
{
    Result<Statement> statement = prepare(sql);
    if (!statement)
        return std::unexpected(statement.error());
    const Result<bool> row = statement->step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? statement->number(0) : 0;
}

void Database::harden()
{
    sqlite3* const db = m_db.get();
    for (const auto& [option, value] : {std::pair(SQLITE_DBCONFIG_DEFENSIVE, 1),
             std::pair(SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0), std::pair(SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
             std::pair(SQLITE_DBCONFIG_ENABLE_VIEW, 0), std::pair(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0)})
        sqlite3_db_config(db, option, value, nullptr);
    for (const auto& [limit, value] :
        {std::pair(SQLITE_LIMIT_LENGTH, 1'000'000'000), std::pair(SQLITE_LIMIT_SQL_LENGTH, 100'000),
            std::pair(SQLITE_LIMIT_COLUMN, 64), std::pair(SQLITE_LIMIT_EXPR_DEPTH, 20),
            std::pair(SQLITE_LIMIT_COMPOUND_SELECT, 3), std::pair(SQLITE_LIMIT_VDBE_OP, 25'000),
            std::pair(SQLITE_LIMIT_FUNCTION_ARG, 8), std::pair(SQLITE_LIMIT_ATTACHED, 0),
            std::pair(SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50), std::pair(SQLITE_LIMIT_VARIABLE_NUMBER, 64),
            std::pair(SQLITE_LIMIT_TRIGGER_DEPTH, 1), std::pair(SQLITE_LIMIT_WORKER_THREADS, 0)})
        sqlite3_limit(db, limit, value);
}

} // namespace burrow
