#include "documents/document_errors.h"

#include "base/words.h"

#include <QLocale>

namespace burrow::errors {

namespace {

using words::tr;

} // namespace

std::unexpected<Error> noPath()
{
    return fail(ErrorCode::InvalidArgument, tr("There is nothing to read. Name a file or folder."));
}

std::unexpected<Error> notFound(const QString& path)
{
    return fail(ErrorCode::NotFound,
        tr("Cannot read %1: there is no such file or folder. Check the path.").arg(path));
}

std::unexpected<Error> nameNotUtf8(const QString& path)
{
    return fail(
        ErrorCode::NotFound, tr("Cannot read %1: its name is not UTF-8. Rename it, or copy it.").arg(path));
}

std::unexpected<Error> permissionDenied(const QString& path)
{
    return fail(ErrorCode::PermissionDenied,
        tr("Cannot read %1: permission denied. Allow reading it, or choose another file.").arg(path));
}

std::unexpected<Error> notAFile(const QString& path)
{
    return fail(ErrorCode::NotAFile,
        tr("Cannot read %1: it is neither a regular file nor a folder. Choose one of those.").arg(path));
}

std::unexpected<Error> binary(const QString& path)
{
    return fail(ErrorCode::NoText,
        tr("Cannot read %1: it is binary, not text. Convert it to text, or name its encoding.").arg(path));
}

std::unexpected<Error> unsupportedFormat(const QString& path, const QString& format)
{
    return fail(ErrorCode::NoText,
        tr("Cannot read %1: %2 files cannot be read yet. Convert it to text.").arg(path, format));
}

std::unexpected<Error> unknownEncoding(const QString& name)
{
    return fail(ErrorCode::InvalidArgument,
        tr("Cannot read text as %1: this build does not know the encoding. Name another one.").arg(name));
}

std::unexpected<Error> folderWithoutText(const QString& path)
{
    return fail(
        ErrorCode::NoText, tr("Cannot read %1: there is no text in it. Choose another folder.").arg(path));
}

std::unexpected<Error> changed(const QString& path)
{
    return fail(ErrorCode::DocumentChanged,
        tr("Cannot read %1: it changed on disk while it was in use. Start again to read it as it is now.")
            .arg(path));
}

std::unexpected<Error> cannotRead(const QString& path, const QString& reason)
{
    return fail(ErrorCode::Io, tr("Cannot read %1: %2. Check the disk and try again.").arg(path, reason));
}

std::unexpected<Error> cannotWrite(const QString& path, const QString& reason)
{
    return fail(ErrorCode::Io, tr("Cannot write %1: %2. Check the disk and the folder.").arg(path, reason));
}

std::unexpected<Error> diskFull(const QString& folder, qint64 neededBytes)
{
    return fail(ErrorCode::DiskFull,
        tr("Cannot prepare the text in %1: the disk is full and %2 more are needed. Free some space and try "
           "again.")
            .arg(folder, QLocale().formattedDataSize(neededBytes)));
}

std::unexpected<Error> badPattern(qsizetype character, const QString& reason)
{
    return fail(ErrorCode::InvalidArgument,
        tr("Cannot search for this expression: %1, at character %2. Mend it, or search for it as plain text.")
            .arg(reason)
            .arg(character));
}

std::unexpected<Error> tooManySteps()
{
    return fail(ErrorCode::LimitReached,
        tr("The search stopped: the expression takes too many steps. Make it simpler, with no repetition "
           "inside or right behind another."));
}

std::unexpected<Error> cancelled()
{
    return fail(ErrorCode::Cancelled, tr("Reading the documents was stopped."));
}

} // namespace burrow::errors
