#pragma once

#include "base/task.h"
#include "base/text_span.h"

#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <string>

/// What the tests of this room share.
namespace burrow::test {

/// Runs the event loop until @p task is done.
template <typename T> T wait(Task<T> task)
{
    return QCoro::waitFor(std::move(task));
}

/// A folder of its own for one test.
class Folder {
public:
    QString path(const QString& inside = {}) const
    {
        return inside.isEmpty() ? m_folder.path() : m_folder.filePath(inside);
    }

    /// Writes a file, with the folders above it, and returns its path.
    QString write(const QString& inside, const QByteArray& bytes) const
    {
        const QString path = m_folder.filePath(inside);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(path));
        return path;
    }

private:
    QTemporaryDir m_folder;
};

inline QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(unreadable)");
}

/// The characters of @p stored, in CPython's form of @p width, as code points.
inline std::u32string codePoints(const QByteArray& stored, CharWidth width)
{
    std::u32string text;
    const int unit = bytesPerChar(width);
    for (qsizetype at = 0; at + unit <= stored.size(); at += unit) {
        char32_t codePoint = 0;
        for (int i = unit; i-- > 0;)
            codePoint = codePoint << 8 | static_cast<unsigned char>(stored[at + i]);
        text += codePoint;
    }
    return text;
}

/// What a guest finds at @p span.
inline std::u32string textAt(const TextSpan& span)
{
    const qint64 bytes = span.length.value * bytesPerChar(span.width);
    return codePoints(contentsOf(span.file).mid(span.offset.value, bytes), span.width);
}

inline QByteArray utf16(QStringView text, QByteArray mark, std::endian order)
{
    QByteArray bytes = std::move(mark);
    for (const QChar character : text) {
        const char16_t unit = character.unicode();
        const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
        bytes += order == std::endian::little ? low : high;
        bytes += order == std::endian::little ? high : low;
    }
    return bytes;
}

} // namespace burrow::test
