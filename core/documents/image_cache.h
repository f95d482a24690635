#pragma once

#include "documents/image_set.h"

#include <QString>

namespace burrow {

/// Where images of documents are kept between runs: confidential text, so the folder is private to its owner.
///
///     secret          32 random bytes, the key of all fingerprints: names here tell nothing about contents
///     sets/CONTENT    an image set, named by the fingerprint of what it was made from
///     sets/new-RANDOM a set that is being made, or that is to leave no copy
///     links/SOURCE    names the set that was made from files of these identities
///
/// Sets that nobody uses are removed, the least recently used first, when a new one would pass the limit.
/// A value; several processes may use one folder.
class ImageCache {
public:
    struct Options {
        QString folder = defaultFolder();
        qint64 limitBytes = qint64(20) << 30;
        qint64 keepFreeBytes = qint64(64) << 20; ///< of the disk
    };
    static QString defaultFolder();

    /// Makes the folder. Errors: PermissionDenied, DiskFull, Io.
    static Result<ImageCache> open(Options options);

    const QString& folder() const { return m_options.folder; }
    const FingerprintKey& key() const { return m_key; }

    /// The set that was made from this @p content, if its files are whole; reads them all.
    std::optional<ImageSet> find(const QByteArray& content, const StopToken& stop) const;
    /// The set that @p sources was linked to.
    std::optional<ImageSet> findLinked(const QByteArray& sources, const StopToken& stop) const;
    /// Remembers that @p content was made from @p sources. A failure costs time alone, so it is not reported.
    void link(const QByteArray& sources, const QByteArray& content) const;

    /// A set that is being written; removed unless it is finished.
    struct Draft {
        TemporaryFolder temporary;
        QString folder;
        PrivateFile indexFile;
        FileLock lock;
        ImageIndex index;
        std::array<std::optional<PrivateFile>, 4> images = {}; ///< by width
    };
    /// Makes room, and empty images for the texts of @p index. Errors: DiskFull (names the folder and what is
    /// needed), Io.
    Result<Draft> begin(ImageIndex index) const;
    /// Turns a written draft into a set, under the name @p content, or temporary without one. Errors: Io,
    /// DiskFull, Cancelled.
    Result<ImageSet> finish(
        Draft draft, const std::optional<QByteArray>& content, const StopToken& stop) const;

    /// What all sets take on disk.
    qint64 totalBytes() const;
    /// Removes all sets that nobody uses.
    void clear() const;

private:
    ImageCache(Options options, FingerprintKey key) : m_options(std::move(options)), m_key(std::move(key)) { }
    QString setFolder(const QByteArray& content) const;
    QString linkPath(const QByteArray& sources) const;
    bool isWhole(const QString& folder, const ImageIndex& index, const StopToken& stop) const;
    void makeRoom(qint64 bytes) const;

    Options m_options;
    FingerprintKey m_key;
};

} // namespace burrow
