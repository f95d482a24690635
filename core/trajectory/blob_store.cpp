#include "trajectory/blob_store.h"

#include <sqlite3.h>

namespace burrow {

using namespace Qt::StringLiterals;

namespace {

Error damaged(const QString& file)
{
    return {ErrorCode::RunFileInvalid,
        u"%1 is damaged: a text in it is not what was recorded. Restore it from a copy."_s.arg(file)};
}

} // namespace

Result<BlobStore> BlobStore::over(Database& database)
{
    BlobStore store;
    store.m_db = database.handle();
    store.m_file = database.path();
    for (const auto& [statement, sql] :
        {std::pair(&store.m_insert, "INSERT INTO blobs(hash, data) VALUES(?1, ?2) ON CONFLICT DO NOTHING"),
            std::pair(&store.m_find, "SELECT id FROM blobs WHERE hash=?1"),
            std::pair(&store.m_read, "SELECT data, hash FROM blobs WHERE id=?1"),
            std::pair(&store.m_hash, "SELECT hash FROM blobs WHERE id=?1")}) {
        Result<Statement> prepared = database.prepare(sql);
        if (!prepared)
            return std::unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    return store;
}

Result<BlobId> BlobStore::put(const QByteArray& text)
{
    if (text.isEmpty())
        return BlobId::None;
    Entry entry = entryOf(text);
    if (entry.id != BlobId::None)
        return entry.id;
    m_insert.bind(1, entry.hash.view()).bind(2, text);
    if (const auto inserted = m_insert.run(); !inserted)
        return std::unexpected(inserted.error());
    const bool isNew = sqlite3_changes(m_db) > 0;
    const Result<BlobId> id = isNew ? BlobId(sqlite3_last_insert_rowid(m_db)) : find(entry.hash);
    if (!id)
        return id;
    entry.id = *id;
    remember(entry);
    return id;
}

Result<QByteArray> BlobStore::text(BlobId id)
{
    if (id == BlobId::None)
        return QByteArray();
    m_read.bind(1, qint64(id));
    const Result<bool> row = m_read.step();
    Result<QByteArray> text = std::unexpected(damaged(m_file));
    if (!row)
        text = std::unexpected(row.error());
    else if (*row && m_read.bytes(1) == Sha256::of(m_read.view(0)).view())
        text = m_read.bytes(0);
    m_read.reset();
    return text;
}

Result<Sha256> BlobStore::hash(BlobId id)
{
    m_hash.bind(1, qint64(id));
    const Result<bool> row = m_hash.step();
    Result<Sha256> hash = std::unexpected(damaged(m_file));
    if (!row) {
        hash = std::unexpected(row.error());
    } else if (const QByteArrayView stored = *row ? m_hash.view(0) : QByteArrayView(); stored.size() == 32) {
        hash = Sha256();
        std::ranges::copy(stored, hash->bytes.begin());
    }
    m_hash.reset();
    return hash;
}

Result<BlobId> BlobStore::find(const Sha256& hash)
{
    m_find.bind(1, hash.view());
    const Result<bool> row = m_find.step();
    const BlobId id = row && *row ? BlobId(m_find.number(0)) : BlobId::None;
    m_find.reset();
    if (!row)
        return std::unexpected(row.error());
    return id;
}

BlobStore::Entry BlobStore::entryOf(const QByteArray& text)
{
    if (const Entry* const seen = m_seen->object({text.constData(), text.size()}))
        return *seen;
    const Entry entry{text, Sha256::of(text)};
    remember(entry);
    return entry;
}

void BlobStore::remember(const Entry& entry)
{
    // Bytes that the array does not own may change behind its back.
    if (entry.text.capacity() == 0)
        return;
    m_seen->insert({entry.text.constData(), entry.text.size()}, new Entry(entry),
        entry.text.size() + qsizetype(sizeof(Entry)));
}

} // namespace burrow
