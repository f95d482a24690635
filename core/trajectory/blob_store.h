#pragma once

#include "trajectory/event.h"
#include "trajectory/sha256.h"
#include "trajectory/sqlite.h"

#include <QCache>

namespace burrow {

/// The texts of a run file, each stored once. Private to core/trajectory.
class BlobStore {
public:
    static Result<BlobStore> over(Database& database);

    /// Its hash, computed once for a text that is shared, however many requests repeat it.
    Sha256 hashOf(const QByteArray& text) { return entryOf(text).hash; }
    /// Stores @p text unless it is there. An empty text is BlobId::None.
    Result<BlobId> put(const QByteArray& text);
    /// Errors: RunFileInvalid where it is missing, too long or not what was stored.
    Result<QByteArray> text(BlobId id);
    /// As text(), its hash alone.
    Result<Sha256> hash(BlobId id);
    /// None where no such text is stored.
    Result<BlobId> find(const Sha256& hash);

private:
    /// A text that was seen lately. Holding it keeps its address from being used for another one.
    struct Entry {
        QByteArray text;
        Sha256 hash;
        BlobId id = BlobId::None;
    };
    struct Key {
        const char* data;
        qsizetype size;
        friend bool operator==(Key, Key) = default;
        friend size_t qHash(Key key, size_t seed) { return qHashMulti(seed, key.data, key.size); }
    };
    Entry entryOf(const QByteArray& text);
    void remember(const Entry& entry);

    // In bytes: room for the conversations of a few dozen RLM calls.
    std::unique_ptr<QCache<Key, Entry>> m_seen = std::make_unique<QCache<Key, Entry>>(qsizetype(32) << 20);
    sqlite3* m_db = nullptr;
    Statement m_insert;
    Statement m_find;
    Statement m_read;
    Statement m_hash;
    QString m_file;
};

} // namespace burrow
