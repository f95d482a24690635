#pragma once

#include "base/result.h"

/// What this room says when a document cannot be read: the one place for its words.
namespace burrow::errors {

std::unexpected<Error> noPath();
std::unexpected<Error> notFound(const QString& path);
std::unexpected<Error> nameNotUtf8(const QString& path);
std::unexpected<Error> permissionDenied(const QString& path);
std::unexpected<Error> notAFile(const QString& path);
std::unexpected<Error> binary(const QString& path);
std::unexpected<Error> unsupportedFormat(const QString& path, const QString& format);
std::unexpected<Error> unknownEncoding(const QString& name);
std::unexpected<Error> folderWithoutText(const QString& path);
std::unexpected<Error> changed(const QString& path);
std::unexpected<Error> cannotRead(const QString& path, const QString& reason);
std::unexpected<Error> cannotWrite(const QString& path, const QString& reason);
std::unexpected<Error> diskFull(const QString& folder, qint64 neededBytes);
std::unexpected<Error> badPattern(qsizetype character, const QString& reason);
std::unexpected<Error> tooManySteps();
std::unexpected<Error> cancelled();

} // namespace burrow::errors
