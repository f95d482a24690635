#pragma once

#include "documents/bytes.h"
#include "documents/text_encoding.h"

#include <QString>

namespace burrow {

/// How many bytes at the start of a file decide what it is.
inline constexpr qint64 headBytes = qint64(64) << 10;

/// What a file is, by its first headBytes.
struct ContentKind {
    enum class Kind { Text, Binary, UnsupportedFormat };
    Kind kind = Kind::Text;
    QString format; ///< UnsupportedFormat: such as `PDF`
};

/// Text may hold some NULs and control characters; what consists of them is binary.
ContentKind contentKind(Bytes head);

/// A byte order mark: what it says, and its length in bytes.
struct ByteOrderMark {
    std::optional<TextEncoding> encoding;
    qint64 bytes = 0;
};
ByteOrderMark byteOrderMark(Bytes text);

/// The encoding of a text without a byte order mark. Reads no more than two samples of headBytes: the start,
/// and what follows @p firstNonAscii (text.size() where there is none).
TextEncoding detectEncoding(Bytes text, size_t firstNonAscii);

} // namespace burrow
