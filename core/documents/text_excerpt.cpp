#include "documents/text_excerpt.h"

#include "documents/document_errors.h"

#include <QSaveFile>

namespace burrow {

Result<QString> textBetween(const OpenText& text, ByteOffset from, ByteOffset to)
{
    const Bytes bytes = text.bytes(from, to);
    std::vector<char32_t> characters(bytes.size());
    const qint64 count = text.decoder().decode(bytes, CharWidth::Ucs4, characters.data());
    const QString excerpt = QString::fromUcs4(characters.data(), count);
    return text.check().transform([&excerpt] { return excerpt; });
}

Result<void> saveBetween(
    const OpenText& text, ByteOffset from, ByteOffset to, const QString& path, const StopToken& stop)
{
    constexpr qint64 step = qint64(4) << 20;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return errors::cannotWrite(path, file.errorString());
    for (ByteOffset at = from; at < to; at += ByteOffset{step}) {
        const Bytes bytes = text.bytes(at, std::min(to, at + ByteOffset{step}));
        if (stop.stop_requested())
            return errors::cancelled();
        if (file.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes)) != std::ssize(bytes))
            return errors::cannotWrite(path, file.errorString());
    }
    if (const Result<void> intact = text.check(); !intact)
        return intact;
    return file.commit() ? Result<void>() : errors::cannotWrite(path, file.errorString());
}

} // namespace burrow
