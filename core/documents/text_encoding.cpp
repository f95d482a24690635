#include "documents/text_encoding.h"

#include <QStringDecoder>

namespace burrow {

namespace {

struct Alias {
    const char* name; ///< lower case, without `-`, `_` and space
    TextEncoding::Kind kind;
};

constexpr Alias aliases[] = {
    {"utf8", TextEncoding::Kind::Utf8},
    {"ascii", TextEncoding::Kind::Utf8},
    {"usascii", TextEncoding::Kind::Utf8},
    {"utf16", TextEncoding::Kind::Utf16Le},
    {"utf16le", TextEncoding::Kind::Utf16Le},
    {"utf16be", TextEncoding::Kind::Utf16Be},
    {"latin1", TextEncoding::Kind::Latin1},
    {"iso88591", TextEncoding::Kind::Latin1},
    {"windows1252", TextEncoding::Kind::Windows1252},
    {"cp1252", TextEncoding::Kind::Windows1252},
};

QByteArray simplified(QByteArrayView name)
{
    return name.toByteArray().toLower().replace('-', "").replace('_', "").replace(' ', "");
}

/// What Qt calls the encoding. GB18030 contains GBK and GB2312, and codecs of the small ones refuse bytes
/// that files under those names hold.
QByteArray codecName(QByteArrayView name)
{
    const QByteArray simple = simplified(name);
    if (simple == "gb2312" || simple == "gbk" || simple == "cp936")
        return "GB18030";
    if (simple == "uhc" || simple == "cp949")
        return "windows-949";
    return name.toByteArray();
}

} // namespace

std::optional<TextEncoding> TextEncoding::fromName(QByteArrayView name)
{
    const QByteArray simple = simplified(name);
    for (const Alias& alias : aliases) {
        if (simple == alias.name)
            return TextEncoding(alias.kind);
    }
    const QByteArray codec = codecName(name);
    const QStringDecoder decoder(codec.constData());
    // UTF-32 has no line feed bytes, which a codec's pieces end with (codec_decoder.h).
    if (codec.isEmpty() || simple.startsWith("utf32") || !decoder.isValid())
        return std::nullopt;
    TextEncoding encoding(Kind::Other);
    encoding.m_codec = decoder.name() ? QByteArray(decoder.name()) : codec;
    return encoding;
}

QByteArray TextEncoding::name() const
{
    switch (m_kind) {
    case Kind::Utf8:
        return "utf-8";
    case Kind::Utf16Le:
        return "utf-16-le";
    case Kind::Utf16Be:
        return "utf-16-be";
    case Kind::Latin1:
        return "latin-1";
    case Kind::Windows1252:
        return "windows-1252";
    case Kind::Other:
        break;
    }
    return m_codec.toLower();
}

} // namespace burrow
