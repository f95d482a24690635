#include "documents/image_cache.h"

#include "documents/document_errors.h"
#include "documents/mapped_file.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QStorageInfo>

#include <algorithm>

namespace burrow {

namespace {

constexpr qsizetype keyBytes = 32;
constexpr std::array allWidths = {CharWidth::Ascii, CharWidth::Latin1, CharWidth::Ucs2, CharWidth::Ucs4};

QByteArray randomBytes(qsizetype count)
{
    QByteArray bytes(count, Qt::Uninitialized);
    for (char& byte : bytes)
        byte = static_cast<char>(QRandomGenerator::system()->generate());
    return bytes;
}

QString folderOfSets(const QString& folder)
{
    return folder + QStringLiteral("/sets");
}
QString folderOfLinks(const QString& folder)
{
    return folder + QStringLiteral("/links");
}

QByteArray readSmall(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Result<void> writeSmall(const QString& path, const QByteArray& text)
{
    const Result<PrivateFile> file = PrivateFile::create(path);
    return file.and_then([&text](const PrivateFile& created) { return created.writeAt(0, asBytes(text)); });
}

/// Written elsewhere and renamed, so that another process sees the whole of it or nothing.
Result<void> replaceSmall(const QString& path, const QByteArray& text)
{
    const QString draft = path + QStringLiteral(".new-") + QString::fromLatin1(randomBytes(8).toHex());
    const Result<void> written = writeSmall(draft, text);
    if (written
        && std::rename(QFile::encodeName(draft).constData(), QFile::encodeName(path).constData()) == 0)
        return {};
    QFile::remove(draft);
    return written ? errors::cannotWrite(path, qt_error_string()) : written;
}

Result<FingerprintKey> loadKey(const QString& folder)
{
    const QString path = folder + QStringLiteral("/secret");
    if (readSmall(path).size() != keyBytes) {
        if (const Result<void> written = replaceSmall(path, randomBytes(keyBytes)); !written)
            return std::unexpected(written.error());
    }
    // Another process may have replaced ours: what is there now holds.
    const FingerprintKey key = readSmall(path);
    return key.size() == keyBytes ? Result<FingerprintKey>(key) : errors::cannotRead(path, qt_error_string());
}

/// Marks a set as used now, for the order in which sets are removed.
void touch(const QString& folder)
{
    QFile index(ImageSet::indexPath(folder));
    if (index.open(QIODevice::ReadWrite | QIODevice::ExistingOnly))
        index.setFileTime(QDateTime::currentDateTime(), QFileDevice::FileModificationTime);
}

void removeFolder(const QString& path)
{
    QDir(path).removeRecursively();
}

struct StoredSet {
    QString folder;
    QDateTime used;
    qint64 bytes = 0;
};

std::vector<StoredSet> storedSets(const QString& cacheFolder)
{
    std::vector<StoredSet> sets;
    const QDir folder(folderOfSets(cacheFolder));
    for (const QFileInfo& entry : folder.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::Hidden)) {
        StoredSet set{entry.absoluteFilePath(),
            QFileInfo(ImageSet::indexPath(entry.absoluteFilePath())).lastModified()};
        for (const QFileInfo& file : QDir(set.folder).entryInfoList(QDir::Files))
            set.bytes += file.size();
        sets.push_back(std::move(set));
    }
    std::ranges::sort(sets, {}, &StoredSet::used);
    return sets;
}

/// Whether the set is gone, since nobody used it.
bool removeUnused(const StoredSet& set)
{
    const FileLock lock = FileLock::tryLock(ImageSet::indexPath(set.folder), FileLock::Kind::Exclusive);
    // A set without an index is being begun, unless its maker died long ago.
    const bool abandoned = !QFileInfo::exists(ImageSet::indexPath(set.folder))
        && QFileInfo(set.folder).lastModified().secsTo(QDateTime::currentDateTime()) > 60;
    if (!lock && !abandoned)
        return false;
    removeFolder(set.folder);
    return true;
}

void removeDanglingLinks(const QString& folder)
{
    const QDir links(folderOfLinks(folder));
    for (const QString& name : links.entryList(QDir::Files)) {
        const QString set = QString::fromLatin1(readSmall(links.filePath(name)));
        if (!QFileInfo::exists(folderOfSets(folder) + u'/' + set))
            QFile::remove(links.filePath(name));
    }
}

} // namespace

QString ImageCache::defaultFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation)
        + QStringLiteral("/burrow/images");
}

Result<ImageCache> ImageCache::open(Options options)
{
    options.folder = QDir(options.folder).absolutePath();
    for (const QString& folder :
        {options.folder, folderOfSets(options.folder), folderOfLinks(options.folder)}) {
        if (const Result<void> made = makePrivateFolder(folder); !made)
            return std::unexpected(made.error());
    }
    return loadKey(options.folder).transform([&options](FingerprintKey key) {
        return ImageCache(std::move(options), std::move(key));
    });
}

QString ImageCache::setFolder(const QByteArray& content) const
{
    return folderOfSets(m_options.folder) + u'/' + QString::fromLatin1(content.toHex());
}

QString ImageCache::linkPath(const QByteArray& sources) const
{
    return folderOfLinks(m_options.folder) + u'/' + QString::fromLatin1(sources.toHex());
}

bool ImageCache::isWhole(const QString& folder, const ImageIndex& index, const StopToken& stop) const
{
    for (const CharWidth width : allWidths) {
        const auto i = static_cast<size_t>(width);
        if (index.bytes[i] == 0)
            continue;
        const Result<MappedFile> image = MappedFile::open(ImageSet::imagePath(folder, width));
        if (!image || image->identity().size != index.bytes[i])
            return false;
        if (fingerprint(image->bytes(), m_key, stop) != index.checksums[i] || !image->check())
            return false;
    }
    return true;
}

std::optional<ImageSet> ImageCache::find(const QByteArray& content, const StopToken& stop) const
{
    const QString folder = setFolder(content);
    FileLock lock = FileLock::tryLock(ImageSet::indexPath(folder), FileLock::Kind::Shared);
    if (!lock)
        return std::nullopt;
    std::optional<ImageIndex> index = ImageIndex::fromJson(readSmall(ImageSet::indexPath(folder)));
    if (!index || !isWhole(folder, *index, stop)) {
        // Power was lost before all of it was on disk, or the disk is failing.
        if (!stop.stop_requested())
            removeFolder(folder);
        return std::nullopt;
    }
    touch(folder);
    return ImageSet(folder, std::move(*index), std::move(lock));
}

std::optional<ImageSet> ImageCache::findLinked(const QByteArray& sources, const StopToken& stop) const
{
    const QByteArray content = QByteArray::fromHex(readSmall(linkPath(sources)));
    return content.isEmpty() ? std::nullopt : find(content, stop);
}

void ImageCache::link(const QByteArray& sources, const QByteArray& content) const
{
    std::ignore = replaceSmall(linkPath(sources), content.toHex());
}

void ImageCache::makeRoom(qint64 bytes) const
{
    qint64 total = totalBytes() + bytes;
    for (const StoredSet& set : storedSets(m_options.folder)) {
        const bool isDraft = QFileInfo(set.folder).fileName().startsWith(u"new-");
        if ((isDraft || total > m_options.limitBytes) && removeUnused(set))
            total -= set.bytes;
    }
    removeDanglingLinks(m_options.folder);
}

Result<ImageCache::Draft> ImageCache::begin(ImageIndex index) const
{
    const qint64 needed = index.totalBytes();
    makeRoom(needed);
    if (QStorageInfo(m_options.folder).bytesAvailable() - m_options.keepFreeBytes < needed)
        return errors::diskFull(m_options.folder, needed);
    const QString folder = folderOfSets(m_options.folder) + QStringLiteral("/new-")
        + QString::fromLatin1(randomBytes(16).toHex());
    if (const Result<void> made = makePrivateFolder(folder); !made)
        return std::unexpected(made.error());
    TemporaryFolder temporary(folder);
    // The index is the file that is locked, so it comes first.
    Result<PrivateFile> indexFile = PrivateFile::create(ImageSet::indexPath(folder));
    if (!indexFile)
        return std::unexpected(indexFile.error());
    Draft draft{std::move(temporary), folder, std::move(*indexFile),
        FileLock::tryLock(ImageSet::indexPath(folder), FileLock::Kind::Shared), std::move(index)};
    for (const CharWidth width : allWidths) {
        const auto i = static_cast<size_t>(width);
        if (draft.index.bytes[i] == 0)
            continue;
        Result<PrivateFile> image = PrivateFile::create(ImageSet::imagePath(folder, width));
        if (!image)
            return std::unexpected(image.error());
        if (const Result<void> sized = image->resize(draft.index.bytes[i]); !sized)
            return std::unexpected(sized.error());
        draft.images[i] = std::move(*image);
    }
    return draft;
}

Result<ImageSet> ImageCache::finish(
    Draft draft, const std::optional<QByteArray>& content, const StopToken& stop) const
{
    for (const CharWidth width : allWidths) {
        const auto i = static_cast<size_t>(width);
        if (draft.index.bytes[i] == 0)
            continue;
        const Result<MappedFile> image = MappedFile::open(ImageSet::imagePath(draft.folder, width));
        if (!image)
            return std::unexpected(image.error());
        draft.index.checksums[i] = fingerprint(image->bytes(), m_key, stop);
    }
    if (stop.stop_requested())
        return errors::cancelled();
    if (const Result<void> written = draft.indexFile.writeAt(0, asBytes(draft.index.toJson())); !written)
        return std::unexpected(written.error());
    // Where another process was faster, ours serves once.
    if (!content || !QDir().rename(draft.folder, setFolder(*content)))
        return ImageSet(
            draft.folder, std::move(draft.index), std::move(draft.lock), std::move(draft.temporary));
    draft.temporary.release();
    return ImageSet(setFolder(*content), std::move(draft.index), std::move(draft.lock));
}

qint64 ImageCache::totalBytes() const
{
    qint64 total = 0;
    for (const StoredSet& set : storedSets(m_options.folder))
        total += set.bytes;
    return total;
}

void ImageCache::clear() const
{
    for (const StoredSet& set : storedSets(m_options.folder))
        removeUnused(set);
    removeDanglingLinks(m_options.folder);
}

} // namespace burrow
