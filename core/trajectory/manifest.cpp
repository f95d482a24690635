#include "trajectory/manifest.h"

#include <cstring>

namespace burrow::manifest {

Result<void> setDocuments(Database& database, const std::vector<DocumentRecord>& documents)
{
    if (const auto emptied = database.execute("DELETE FROM documents"); !emptied)
        return emptied;
    Result<Statement> insert = database.prepare("INSERT INTO documents(id, name, path, size, identity, "
                                                "encoding, skipped, hash, replaced, first_replaced) "
                                                "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)");
    if (!insert)
        return std::unexpected(insert.error());
    qint64 id = 0;
    for (const DocumentRecord& document : documents) {
        insert->bind(1, ++id).bindText(2, document.name).bindText(3, document.path).bind(4, document.size);
        insert->bindText(5, document.identity).bindText(6, document.encoding).bindText(7, document.skipped);
        if (document.hash)
            insert->bind(8, document.hash->view());
        insert->bind(9, document.replaced);
        if (document.firstReplaced)
            insert->bind(10, document.firstReplaced->value);
        if (const auto inserted = insert->run(); !inserted)
            return inserted;
    }
    return {};
}

Result<void> setDocumentHash(Database& database, int index, const Sha256& hash)
{
    Result<Statement> update = database.prepare("UPDATE documents SET hash=?2 WHERE id=?1");
    if (!update)
        return std::unexpected(update.error());
    return update->bind(1, index + 1).bind(2, hash.view()).run();
}

Result<std::vector<DocumentRecord>> documents(Database& database)
{
    Result<Statement> rows = database.prepare(
        "SELECT name, path, size, identity, encoding, skipped, hash, replaced, first_replaced FROM documents "
        "ORDER BY id");
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<DocumentRecord> documents;
    for (;;) {
        const Result<bool> row = rows->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return documents;
        DocumentRecord document{rows->text(0), rows->text(1), qMax(qint64(0), rows->number(2)), rows->text(3),
            rows->text(4), rows->text(5), std::nullopt, qMax(qint64(0), rows->number(7)), std::nullopt};
        if (!rows->isNull(8))
            document.firstReplaced = ByteOffset{rows->number(8)};
        if (const QByteArrayView hash = rows->view(6); hash.size() == 32) {
            document.hash.emplace();
            std::memcpy(document.hash->bytes.data(), hash.data(), 32);
        }
        documents.push_back(std::move(document));
    }
}

Result<std::vector<Branch>> branches(Database& database)
{
    Result<Statement> rows = database.prepare(
        "SELECT id, coalesce(parent, 0), coalesce(fork_seq, 0), coalesce(reason, ''), time FROM branches "
        "ORDER BY id LIMIT 100000");
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<Branch> branches;
    for (;;) {
        const Result<bool> row = rows->step();
        if (!row)
            return std::unexpected(row.error());
        const qint64 next = qint64(branches.size()) + 1;
        if (!*row && next > 1)
            return branches;
        // Only the first has no parent, and every other one left a branch that was there before.
        if (!*row || rows->number(0) != next || rows->number(1) >= next
            || (rows->number(1) < 1) != (next == 1) || rows->number(2) < 0)
            return fail(ErrorCode::RunFileInvalid,
                QStringLiteral("%1 is damaged: its branches make no sense. Restore it from a copy.")
                    .arg(database.path()));
        branches.push_back({int(next), int(rows->number(1)), rows->number(2), rows->text(3),
            std::chrono::microseconds(rows->number(4))});
    }
}

Result<void> addBranch(Database& database, const Branch& branch)
{
    Result<Statement> insert = database.prepare(
        "INSERT INTO branches(id, parent, fork_seq, reason, time) VALUES(?1, ?2, ?3, ?4, ?5)");
    if (!insert)
        return std::unexpected(insert.error());
    insert->bind(1, branch.id).bind(2, branch.parent).bind(3, branch.forkSeq).bindText(4, branch.reason);
    return insert->bind(5, branch.time.count()).run();
}

Result<void> setValue(Database& database, const char* key, const QByteArray& value)
{
    Result<Statement> insert = database.prepare(
        "INSERT INTO run(key, value) VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET value=?2");
    if (!insert)
        return std::unexpected(insert.error());
    return insert->bindText(1, QString::fromUtf8(key)).bind(2, value).run();
}

Result<QByteArray> value(Database& database, const char* key)
{
    Result<Statement> find = database.prepare("SELECT value FROM run WHERE key=?1");
    if (!find)
        return std::unexpected(find.error());
    const Result<bool> row = find->bindText(1, QString::fromUtf8(key)).step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? find->bytes(0) : QByteArray();
}

} // namespace burrow::manifest
