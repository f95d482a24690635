#include "documents/corpus.h"

#include "base/thread_pool.h"
#include "documents/document_errors.h"
#include "documents/encoding_detector.h"
#include "documents/first_error.h"
#include "documents/folder_listing.h"
#include "documents/mapped_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>

#include <algorithm>
#include <span>

namespace burrow {

namespace {

/// A file that may become a document, and what became of it.
struct Candidate {
    Document document;
    QString inside; ///< its path inside the folder; empty where a person named it
    std::optional<SkipReason> skipped = {};
    std::optional<Error> error = {};
};

SkipReason skipReasonOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::PermissionDenied:
        return SkipReason::PermissionDenied;
    case ErrorCode::NotAFile:
        return SkipReason::SpecialFile;
    default:
        return SkipReason::Unreadable;
    }
}

void reject(Candidate& candidate, const Error& error, SkipReason reason)
{
    candidate.error = error;
    candidate.skipped = reason;
}

/// Notes the identity of @p candidate and whether it is text.
void inspect(Candidate& candidate, bool encodingIsKnown)
{
    const QString& path = candidate.document.path;
    const Result<MappedFile> file = MappedFile::open(path);
    if (!file)
        return reject(candidate, file.error(), skipReasonOf(file.error().code));
    candidate.document.identity = file->identity();
    const ContentKind content
        = contentKind(file->bytes().first(static_cast<size_t>(std::min(headBytes, file->identity().size))));
    if (const Result<void> intact = file->check(); !intact)
        return reject(candidate, intact.error(), SkipReason::Unreadable);
    if (content.kind == ContentKind::Kind::UnsupportedFormat)
        return reject(candidate, errors::unsupportedFormat(path, content.format).error(),
            SkipReason::UnsupportedFormat);
    if (content.kind == ContentKind::Kind::Binary && !encodingIsKnown)
        return reject(candidate, errors::binary(path).error(), SkipReason::Binary);
}

/// Names that a model sees must be UTF-8 and tell the documents apart.
void makeNamesDistinct(std::vector<Document>& documents)
{
    QSet<QByteArray> taken;
    for (Document& document : documents) {
        const QByteArray name = QString::fromUtf8(document.name).toUtf8();
        document.name = name;
        for (int i = 2; taken.contains(document.name); ++i)
            document.name = name + " (" + QByteArray::number(i) + ')';
        taken.insert(document.name);
    }
}

Result<void> checkAll(std::span<const Document> documents)
{
    for (const Document& document : documents) {
        const Result<FileIdentity> now = identify(document.path);
        if (!now)
            return std::unexpected(now.error());
        if (*now != document.identity)
            return errors::changed(document.path);
    }
    return {};
}

// They take less time than the way to the pool and back.
constexpr qsizetype checkedAtOnce = 64;

Result<void> checkInParallel(std::span<const Document> documents, const StopToken& stop)
{
    FirstError error;
    parallelFor(
        std::ssize(documents) / checkedAtOnce + 1,
        [&](qsizetype part) {
            const qsizetype from = part * checkedAtOnce;
            const qsizetype count = std::min(checkedAtOnce, std::ssize(documents) - from);
            if (const Result<void> same = checkAll(documents.subspan(size_t(from), size_t(count))); !same)
                error.note(same.error());
        },
        stop);
    return stop.stop_requested() ? errors::cancelled() : error.take();
}

/// Everything that @p paths lead to, in order, not looked into yet.
Result<std::vector<Candidate>> collect(
    const QStringList& paths, std::vector<SkippedFile>& skipped, const StopToken& stop)
{
    std::vector<Candidate> candidates;
    for (const QString& path : paths) {
        const QFileInfo info(path);
        const QString absolute = QDir::cleanPath(info.absoluteFilePath());
        const QByteArray name = QFileInfo(absolute).fileName().toUtf8();
        if (!info.isDir()) {
            // What is no UTF-8 came here as U+FFFD.
            if (!info.exists() && path.contains(QChar::ReplacementCharacter))
                return errors::nameNotUtf8(path);
            if (path.isEmpty() || path.endsWith(u'/'))
                return errors::notFound(path);
            // A link is followed here, once: whoever opens the document gets the file that it leads to now.
            const QString file = info.exists() ? info.canonicalFilePath() : absolute;
            candidates.push_back({.document = {file, name, {}}, .inside = {}});
            continue;
        }
        Result<FolderListing> listing = listFolder(absolute, stop);
        if (!listing)
            return std::unexpected(listing.error());
        skipped.insert(skipped.end(), listing->skipped.begin(), listing->skipped.end());
        const QByteArray prefix = paths.size() > 1 ? name + '/' : QByteArray();
        for (const QByteArray& file : listing->files) {
            const QString inside = QFile::decodeName(file);
            candidates.push_back(
                {.document = {absolute + u'/' + inside, prefix + file, {}}, .inside = inside});
        }
    }
    return candidates;
}

} // namespace

Task<Result<Corpus>> Corpus::open(QStringList paths, std::optional<TextEncoding> encoding, StopToken stop)
{
    return runInPool([paths = std::move(paths), encoding = std::move(encoding)](
                         const StopToken& token) { return openNow(paths, encoding, token); },
        std::move(stop));
}

Result<Corpus> Corpus::openNow(
    const QStringList& paths, std::optional<TextEncoding> encoding, const StopToken& stop)
{
    if (paths.isEmpty())
        return errors::noPath();
    Corpus corpus;
    Result<std::vector<Candidate>> candidates = collect(paths, corpus.m_skipped, stop);
    if (!candidates)
        return std::unexpected(candidates.error());
    parallelFor(
        std::ssize(*candidates),
        [&](qsizetype i) { inspect((*candidates)[static_cast<size_t>(i)], encoding.has_value()); }, stop);
    if (stop.stop_requested())
        return errors::cancelled();
    bool named = false;
    for (Candidate& candidate : *candidates) {
        const bool inFolder = !candidate.inside.isEmpty();
        named = named || !inFolder;
        if (candidate.error && !inFolder)
            return std::unexpected(*candidate.error);
        if (candidate.skipped)
            corpus.m_skipped.push_back({candidate.inside, *candidate.skipped});
        else
            corpus.m_documents.push_back(std::move(candidate.document));
    }
    if (!named && corpus.totalBytes() == 0)
        return errors::folderWithoutText(paths.join(QStringLiteral(", ")));
    corpus.m_isList = !(named && paths.size() == 1);
    corpus.m_encoding = std::move(encoding);
    std::ranges::sort(corpus.m_skipped, {}, &SkippedFile::path);
    makeNamesDistinct(corpus.m_documents);
    return corpus;
}

qint64 Corpus::totalBytes() const
{
    qint64 total = 0;
    for (const Document& document : m_documents)
        total += document.identity.size;
    return total;
}

std::vector<Document> Corpus::named(const std::vector<QByteArray>& names) const
{
    const QSet<QByteArray> wanted(names.begin(), names.end());
    std::vector<Document> found;
    std::ranges::copy_if(m_documents, std::back_inserter(found),
        [&wanted](const Document& document) { return wanted.contains(document.name); });
    return found;
}

Task<Result<void>> checkUnchanged(std::shared_ptr<const std::vector<Document>> documents, StopToken stop)
{
    if (std::ssize(*documents) <= checkedAtOnce)
        co_return checkAll(*documents);
    co_return co_await runInPool(
        [documents](const StopToken& token) { return checkInParallel(*documents, token); }, std::move(stop));
}

Result<MappedFile> openDocument(const Document& document)
{
    Result<MappedFile> file = MappedFile::open(document.path);
    if (file && file->identity() != document.identity)
        return errors::changed(document.path);
    return file;
}

} // namespace burrow
