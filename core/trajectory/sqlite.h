#pragma once

#include "base/result.h"

#include <QByteArray>

#include <memory>

struct sqlite3;
struct sqlite3_stmt;

/// A thin layer over SQLite: ownership, and its error codes as ours. Private to core/trajectory.
namespace burrow {

/// A prepared statement. Text and blobs that are bound must stay alive until reset().
class Statement {
public:
    Statement() = default;
    Statement(sqlite3_stmt* statement, QString file);

    Statement& bind(int index, qint64 value);
    Statement& bind(int index, QByteArrayView blob);
    Statement& bindText(int index, const QString& text);
    Statement& bindNull(int index);

    /// Whether there is a (further) row. Errors: DiskFull, RunFileInvalid, Io and others of Database.
    Result<bool> step();
    /// Runs a statement without rows, and resets it.
    Result<void> run();
    /// Makes it ready to run again, without bindings.
    void reset();

    qint64 number(int column) const;
    bool isNull(int column) const;
    QByteArray bytes(int column) const { return view(column).toByteArray(); }
    /// Valid until the next step() or reset().
    QByteArrayView view(int column) const;
    QString text(int column) const { return QString::fromUtf8(bytes(column)); }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    QString m_file;
};

/// A connection to one file. Used by one thread at a time.
class Database {
public:
    Database() = default;
    /// @p flags as for sqlite3_open_v2. Errors: NotFound, PermissionDenied, RunFileInvalid, Io.
    static Result<Database> open(const QString& path, int flags);

    Result<void> execute(const char* sql);
    Result<Statement> prepare(const char* sql);
    /// The first column of the first row.
    Result<qint64> number(const char* sql);
    /// Distrusts what the file says of itself: no functions or writable schema from it, small limits.
    void harden();

    sqlite3* handle() const { return m_db.get(); }
    const QString& path() const { return m_path; }

private:
    struct Close {
        void operator()(sqlite3* db) const;
    };
    std::unique_ptr<sqlite3, Close> m_db;
    QString m_path;
};

} // namespace burrow
