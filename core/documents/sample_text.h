#pragma once

#include "base/result.h"
#include "base/units.h"

#include <QByteArray>

#include <stop_token>

namespace burrow {

enum class SampleKind {
    Ascii, ///< English prose, records and log lines
    Emoji, ///< the same with an emoji here and there, so that a str of it takes four bytes a character
    Chinese, ///< Chinese prose, question and answer
};

/// What was planted in a sample. All texts are UTF-8, without line ends.
struct SamplePlan {
    QByteArray question;
    QByteArray answer; ///< occurs in the text exactly once, inside the fact
    QByteArray fact; ///< the planted sentence
    ByteOffset offset; ///< of the fact
};

/// Writes a text of exactly @p bytes bytes of UTF-8 with one planted fact at a random place, among sentences
/// that look like it. The same arguments give the same text. @p path is overwritten at the end; until then,
/// and when anything fails, whatever is there stays as it is. Errors: InvalidArgument where @p bytes cannot
/// hold the fact, PermissionDenied, NotFound, NotAFile, DiskFull, Io, Cancelled.
Result<SamplePlan> writeSample(
    QString path, qint64 bytes, SampleKind kind, quint64 seed, std::stop_token stop);

} // namespace burrow
