#pragma once

#include <QByteArray>

#include <optional>

namespace burrow {

/// How the bytes of a document stand for characters.
class TextEncoding {
public:
    enum class Kind {
        Utf8,
        Utf16Le,
        Utf16Be,
        Latin1,
        Windows1252,
        Other, ///< read by a codec of Qt: GB18030, Shift_JIS, KOI8-R and so on, as far as this Qt has them
    };

    TextEncoding() = default;
    TextEncoding(Kind kind) : m_kind(kind) { } // NOLINT(google-explicit-constructor): a kind is an encoding

    /// The encoding that people call @p name, in any case and with or without hyphens; nothing where it is
    /// unknown here.
    static std::optional<TextEncoding> fromName(QByteArrayView name);

    Kind kind() const { return m_kind; }
    /// Such as `utf-8` or `gb18030`.
    QByteArray name() const;

    friend bool operator==(const TextEncoding&, const TextEncoding&) = default;

private:
    Kind m_kind = Kind::Utf8;
    QByteArray m_codec; ///< Other: what Qt calls it
};

} // namespace burrow
