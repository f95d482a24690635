#include "trajectory/run_file_place.h"

#include "trajectory/run_file_schema.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryFile>
#include <QtEndian>

namespace burrow {

using namespace Qt::StringLiterals;

namespace {

/// What a removed run has left: SQLite would take it for a part of the new one.
std::optional<QString> leftOver(const QString& path)
{
    for (const char* suffix : {"-wal", "-journal"})
        if (const QString file = path + QLatin1String(suffix); QFileInfo::exists(file))
            return file;
    return std::nullopt;
}

Error existsAlready(const QString& path)
{
    if (const auto file = leftOver(path); file && !QFileInfo::exists(path))
        return {ErrorCode::AlreadyExists,
            u"%1 is left of a run that was removed. Remove it, too, or name another run file."_s.arg(*file)};
    return {ErrorCode::AlreadyExists,
        u"%1 exists already. Name another run file, or resume this one."_s.arg(path)};
}

bool isTaken(const QString& path)
{
    return QFileInfo::exists(path) || leftOver(path);
}

Error cannotCreate(const QString& path, const QString& reason)
{
    return {ErrorCode::PermissionDenied,
        u"Cannot create %1: %2. Name a folder that you can write to."_s.arg(path, reason)};
}

/// Under exactly this name. Errors: AlreadyExists, PermissionDenied, DiskFull, Io.
Result<void> writeAs(const QString& path, const QByteArray& bytes)
{
    if (isTaken(path))
        return std::unexpected(existsAlready(path));
    QTemporaryFile file(QFileInfo(path).absolutePath() + u"/.burrow-XXXXXX"_s);
    if (!file.open())
        return std::unexpected(cannotCreate(path, file.errorString()));
    if (file.write(bytes) != bytes.size() || !file.flush()) {
        // Where only some of it had room, Qt tells of no error.
        const bool full = file.error() == QFile::NoError || file.error() == QFile::ResourceError
            || file.error() == QFile::WriteError;
        return fail(full ? ErrorCode::DiskFull : ErrorCode::Io,
            u"Cannot write %1: %2. Free some space, or name another folder."_s.arg(
                path, full ? u"the disk is full"_s : file.errorString()));
    }
    if (!file.rename(path))
        return std::unexpected(
            QFileInfo::exists(path) ? existsAlready(path) : cannotCreate(path, file.errorString()));
    file.setAutoRemove(false);
    return {};
}

} // namespace

Result<void> requireRunFile(const QString& path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return fail(ErrorCode::NotFound, u"There is no run file %1. Check the name."_s.arg(path));
    const auto isNone = [&] {
        return fail(
            ErrorCode::RunFileInvalid, u"%1 is not a run file. Name a file that Burrow made."_s.arg(path));
    };
    if (!info.isFile())
        return isNone();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::PermissionDenied,
            u"Cannot read %1: %2. Check its permissions."_s.arg(path, file.errorString()));
    const QByteArray header = file.read(100);
    if (header.size() < 100 || !header.startsWith(QByteArrayView("SQLite format 3\0", 16))
        || qFromBigEndian<qint32>(header.constData() + 68) != runFileApplicationId)
        return isNone();
    return {};
}

Result<void> requirePlace(const QString& path, RunFile::IfTaken ifTaken)
{
    if (ifTaken == RunFile::IfTaken::Refuse && isTaken(path))
        return std::unexpected(existsAlready(path));
    const QFileInfo folder(QFileInfo(path).absolutePath());
    if (!folder.isDir())
        return fail(ErrorCode::NotFound, u"There is no folder for %1. Make it, or name another."_s.arg(path));
    if (!folder.isWritable())
        return std::unexpected(cannotCreate(path, u"its folder is not yours to write to"_s));
    return {};
}

Result<QString> writeNewFile(const QString& wanted, const QByteArray& bytes, RunFile::IfTaken ifTaken)
{
    const QFileInfo info(wanted);
    QString path = wanted;
    for (int number = 2;; ++number) {
        const Result<void> written = writeAs(path, bytes);
        if (written)
            return path;
        if (written.error().code != ErrorCode::AlreadyExists || ifTaken == RunFile::IfTaken::Refuse)
            return std::unexpected(written.error());
        path = u"%1/%2-%3.%4"_s.arg(info.path(), info.completeBaseName()).arg(number).arg(info.suffix());
    }
}

} // namespace burrow
