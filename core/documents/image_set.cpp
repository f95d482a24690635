#include "documents/image_set.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace burrow {

namespace {

constexpr int formatVersion = 1;
constexpr std::array widthNames = {"ascii", "latin1", "ucs2", "ucs4"};

size_t indexOf(CharWidth width)
{
    return static_cast<size_t>(width);
}

/// What a text takes in its image, with the NUL after it.
qint64 bytesOf(const TextMeasure& measure)
{
    return (measure.chars + 1) * bytesPerChar(measure.width());
}

QJsonArray toArray(const ImageText& text)
{
    const TextMeasure& measure = text.measure;
    return {text.offset.value, measure.chars, qint64(measure.bits), measure.replaced,
        measure.firstReplaced ? measure.firstReplaced->value : -1, QString::fromLatin1(text.encoding.name())};
}

std::optional<ImageText> textFromArray(const QJsonArray& array)
{
    const std::optional<TextEncoding> encoding = TextEncoding::fromName(array[5].toString().toLatin1());
    if (array.size() != 6 || !encoding)
        return std::nullopt;
    ImageText text{*encoding, {}, {array[0].toInteger(-1)}};
    text.measure.chars = array[1].toInteger(-1);
    text.measure.bits = static_cast<char32_t>(array[2].toInteger());
    text.measure.replaced = array[3].toInteger();
    if (const qint64 first = array[4].toInteger(-1); first >= 0)
        text.measure.firstReplaced = ByteOffset{first};
    return text;
}

bool liesInside(const ImageText& text, qint64 imageBytes)
{
    constexpr qint64 most = qint64(1) << 48;
    const int unit = bytesPerChar(text.measure.width());
    return text.offset.value >= 0 && text.offset.value % unit == 0 && text.measure.chars >= 0
        && text.measure.chars < most && text.offset.value <= imageBytes - bytesOf(text.measure);
}

} // namespace

void ImageIndex::add(ImageText text)
{
    qint64& end = bytes[indexOf(text.measure.width())];
    text.offset = {end};
    end += bytesOf(text.measure);
    texts.push_back(std::move(text));
}

qint64 ImageIndex::totalBytes() const
{
    qint64 total = 0;
    for (const qint64 image : bytes)
        total += image;
    return total;
}

QByteArray ImageIndex::toJson() const
{
    QJsonArray images, entries;
    for (size_t i = 0; i < bytes.size(); ++i)
        images.append(QJsonArray{bytes[i], QString::fromLatin1(checksums[i].toHex())});
    for (const ImageText& text : texts)
        entries.append(toArray(text));
    const QJsonObject object{{QStringLiteral("version"), formatVersion}, {QStringLiteral("images"), images},
        {QStringLiteral("texts"), entries}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<ImageIndex> ImageIndex::fromJson(const QByteArray& json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const QJsonArray images = object[QStringLiteral("images")].toArray();
    ImageIndex index;
    if (object[QStringLiteral("version")].toInt() != formatVersion
        || images.size() != std::ssize(index.bytes))
        return std::nullopt;
    for (size_t i = 0; i < index.bytes.size(); ++i) {
        const QJsonArray image = images[static_cast<qsizetype>(i)].toArray();
        index.bytes[i] = image[0].toInteger();
        index.checksums[i] = QByteArray::fromHex(image[1].toString().toLatin1());
    }
    const QJsonArray entries = object[QStringLiteral("texts")].toArray();
    for (const auto& entry : entries) {
        std::optional<ImageText> text = textFromArray(entry.toArray());
        if (!text || !liesInside(*text, index.bytes[indexOf(text->measure.width())]))
            return std::nullopt;
        index.texts.push_back(std::move(*text));
    }
    return index;
}

TemporaryFolder::~TemporaryFolder()
{
    if (!m_path.isEmpty())
        QDir(m_path).removeRecursively();
}

TextSpan ImageSet::span(const ImageText& text) const
{
    const CharWidth width = text.measure.width();
    return {imagePath(m_folder, width), text.offset, CharOffset{text.measure.chars}, width};
}

QString ImageSet::imagePath(const QString& folder, CharWidth width)
{
    return folder + u'/' + QString::fromLatin1(widthNames[indexOf(width)]);
}

QString ImageSet::indexPath(const QString& folder)
{
    return folder + QStringLiteral("/index.json");
}

} // namespace burrow
