#pragma once

#include "documents/fingerprint.h"
#include "documents/private_file.h"
#include "documents/text_decoder.h"

#include <array>
#include <vector>

namespace burrow {

/// One text of an image set.
struct ImageText {
    TextEncoding encoding; ///< of the document it was made from
    TextMeasure measure;
    ByteOffset offset; ///< in the image of its width; a NUL character follows the text there
};

/// What a set of images holds, and what must be true of its files.
struct ImageIndex {
    std::array<qint64, 4> bytes = {}; ///< size of the image of each CharWidth; 0: there is none
    std::array<QByteArray, 4> checksums; ///< fingerprints of the images
    std::vector<ImageText> texts;

    /// Gives @p text a place behind the others of its width.
    void add(ImageText text);
    qint64 totalBytes() const;

    QByteArray toJson() const;
    /// Nothing where @p json is no index or a text reaches beyond its image.
    static std::optional<ImageIndex> fromJson(const QByteArray& json);
};

/// Removes a folder with its files when it is destroyed.
class TemporaryFolder {
public:
    explicit TemporaryFolder(QString path) : m_path(std::move(path)) { }
    TemporaryFolder(TemporaryFolder&& other) noexcept : m_path(std::exchange(other.m_path, {})) { }
    TemporaryFolder& operator=(TemporaryFolder&& other) noexcept
    {
        std::swap(m_path, other.m_path);
        return *this;
    }
    ~TemporaryFolder();

    /// Keeps the folder.
    void release() { m_path.clear(); }

private:
    QString m_path;
};

/// A folder with the texts of some documents, transcoded: `index.json` and one image for each width that
/// occurs. Nobody changes a finished set, and nobody removes it while an ImageSet of any process uses it.
class ImageSet {
public:
    /// @p temporary removes the set in the end.
    ImageSet(QString folder, ImageIndex index, FileLock lock, std::optional<TemporaryFolder> temporary = {})
        : m_folder(std::move(folder))
        , m_index(std::move(index))
        , m_lock(std::move(lock))
        , m_temporary(std::move(temporary))
    {
    }

    const std::vector<ImageText>& texts() const { return m_index.texts; }
    /// Where @p text lies, for a guest.
    TextSpan span(const ImageText& text) const;

    static QString imagePath(const QString& folder, CharWidth width);
    static QString indexPath(const QString& folder);

private:
    QString m_folder;
    ImageIndex m_index;
    FileLock m_lock;
    std::optional<TemporaryFolder> m_temporary;
};

} // namespace burrow
