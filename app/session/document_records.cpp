#include "session/document_records.h"

#include "base/words.h"
#include "documents/content_hash.h"

#include <QSet>

namespace burrow {

namespace {

using words::tr;

/// Tells whether a document may have changed between two sessions of a run.
QString identityOf(const FileIdentity& identity)
{
    return QStringLiteral("%1:%2:%3:%4:%5")
        .arg(identity.device)
        .arg(identity.inode)
        .arg(identity.size)
        .arg(identity.modified)
        .arg(identity.changed);
}

QString wordFor(SkipReason reason)
{
    switch (reason) {
    case SkipReason::Binary:
        return QStringLiteral("binary");
    case SkipReason::UnsupportedFormat:
        return QStringLiteral("unsupported format");
    case SkipReason::PermissionDenied:
        return QStringLiteral("permission denied");
    case SkipReason::Unreadable:
        return QStringLiteral("unreadable");
    case SkipReason::SymbolicLink:
        return QStringLiteral("symbolic link");
    case SkipReason::NameNotUtf8:
        return QStringLiteral("name is not UTF-8");
    case SkipReason::SpecialFile:
        return QStringLiteral("special file");
    }
    return {};
}

Sha256 sha256Of(const QByteArray& bytes)
{
    Sha256 hash;
    std::copy_n(bytes.begin(), std::min(bytes.size(), qsizetype(hash.bytes.size())), hash.bytes.begin());
    return hash;
}

/// What was skipped is no part of `context`, so it may come and go.
std::vector<DocumentRecord> withoutSkipped(std::vector<DocumentRecord> records)
{
    std::erase_if(records, [](const DocumentRecord& record) { return !record.skipped.isEmpty(); });
    return records;
}

QStringList pathsOf(const std::vector<DocumentRecord>& records)
{
    QStringList paths;
    for (const DocumentRecord& record : records)
        paths << record.path;
    return paths;
}

/// The first of @p paths that is not among @p others; empty where all are.
QString firstOutside(const QStringList& paths, const QStringList& others)
{
    const QSet<QString> known(others.begin(), others.end());
    const auto found
        = std::ranges::find_if(paths, [&known](const QString& path) { return !known.contains(path); });
    return found == paths.end() ? QString() : *found;
}

std::unexpected<Error> changed(const QString& path)
{
    return fail(ErrorCode::DocumentChanged,
        tr("Cannot go on with %1: it changed on disk since the run began. Restore it, or ask anew.")
            .arg(path));
}

/// Whether the list of documents, which is what a model sees as `context`, has the same entries.
Result<void> sameList(const QStringList& before, const QStringList& now)
{
    if (before == now)
        return {};
    if (const QString added = firstOutside(now, before); !added.isEmpty())
        return fail(ErrorCode::DocumentChanged,
            tr("Cannot go on with %1: it was added since the run began. Move it away, or ask anew.")
                .arg(added));
    if (const QString gone = firstOutside(before, now); !gone.isEmpty())
        return fail(ErrorCode::DocumentChanged,
            tr("Cannot go on without %1: it was there when the run began. Restore it, or ask anew.")
                .arg(gone));
    return fail(ErrorCode::DocumentChanged,
        tr("Cannot go on: the documents of the run are in another order now. Ask anew."));
}

} // namespace

std::vector<DocumentRecord> recordsOf(const Corpus& corpus, const ContextImage& image)
{
    std::vector<DocumentRecord> records;
    for (size_t i = 0; i < corpus.documents().size(); ++i) {
        const Document& document = corpus.documents()[i];
        const ContextImage::Reading& reading = image.readings()[i];
        records.push_back({.name = QString::fromUtf8(document.name),
            .path = document.path,
            .size = document.identity.size,
            .identity = identityOf(document.identity),
            .encoding = QString::fromUtf8(reading.encoding.name()),
            .replaced = reading.replaced,
            .firstReplaced = reading.firstReplaced});
    }
    for (const SkippedFile& skipped : corpus.skipped())
        records.push_back({.name = skipped.path, .path = skipped.path, .skipped = wordFor(skipped.reason)});
    return records;
}

QStringList replacedLines(const std::vector<DocumentRecord>& records)
{
    QStringList lines;
    for (const DocumentRecord& record : records) {
        if (record.replaced > 0)
            lines << tr("%1: bytes that are no %3 are read as U+FFFD, in %2 place(s), the first at byte %4.")
                         .arg(record.path, QString::number(record.replaced), record.encoding,
                             QString::number(record.firstReplaced.value_or(ByteOffset{}).value));
    }
    return lines;
}

Task<Result<std::vector<DocumentRecord>>> sameDocuments(
    std::vector<DocumentRecord> before, std::vector<DocumentRecord> now, Corpus corpus, StopToken stop)
{
    before = withoutSkipped(std::move(before));
    if (const auto same = sameList(pathsOf(before), pathsOf(withoutSkipped(now))); !same)
        co_return std::unexpected(same.error());
    std::vector<size_t> doubtful;
    std::vector<Document> toHash;
    for (size_t i = 0; i < corpus.documents().size(); ++i) {
        now[i].hash = before[i].hash;
        if (now[i].identity == before[i].identity)
            continue;
        if (now[i].size != before[i].size || !before[i].hash)
            co_return changed(now[i].path);
        doubtful.push_back(i);
        toHash.push_back(corpus.documents()[i]);
    }
    if (doubtful.empty())
        co_return now;
    const auto hashes = co_await hashDocuments(std::move(toHash), stop);
    if (!hashes)
        co_return std::unexpected(hashes.error());
    for (size_t i = 0; i < doubtful.size(); ++i) {
        if (sha256Of((*hashes)[i]) != before[doubtful[i]].hash)
            co_return changed(now[doubtful[i]].path);
    }
    co_return now;
}

Task<Result<void>> recordHashes(RunFile& file, Corpus corpus, StopToken stop)
{
    const auto records = file.documents();
    if (!records)
        co_return std::unexpected(records.error());
    std::vector<size_t> missing;
    std::vector<Document> toHash;
    for (size_t i = 0; i < corpus.documents().size(); ++i) {
        if ((*records)[i].hash)
            continue;
        missing.push_back(i);
        toHash.push_back(corpus.documents()[i]);
    }
    const auto hashes = co_await hashDocuments(std::move(toHash), stop);
    if (!hashes)
        co_return std::unexpected(hashes.error());
    for (size_t i = 0; i < missing.size(); ++i) {
        if (const auto set = file.setDocumentHash(int(missing[i]), sha256Of((*hashes)[i])); !set)
            co_return set;
    }
    co_return file.commit();
}

} // namespace burrow
