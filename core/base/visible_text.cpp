#include "base/visible_text.h"

#include <QStringConverter>

#include <algorithm>
#include <array>

namespace burrow {
namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr char32_t nonJoiner = 0x200C;
constexpr char32_t joiner = 0x200D;

struct Range {
    char32_t first;
    char32_t last;
};

// Unicode's format characters (Cf) and the other default-ignorable ones that draw nothing, in order.
// Variation selectors are not among them: they choose a glyph, as in most emoji.
constexpr std::array invisible = {
    Range{0x00AD, 0x00AD}, // soft hyphen
    Range{0x034F, 0x034F}, // combining grapheme joiner
    Range{0x061C, 0x061C}, // Arabic letter mark
    Range{0x115F, 0x1160}, // Hangul fillers
    Range{0x17B4, 0x17B5}, // Khmer inherent vowels
    Range{0x180B, 0x180F}, // Mongolian selectors and separator
    Range{0x200B, 0x200F}, // zero-width space, joiners, directional marks
    Range{0x2028, 0x202E}, // line and paragraph separator, embeddings and overrides
    Range{0x2060, 0x206F}, // word joiner, invisible operators, isolates
    Range{0x3164, 0x3164}, // Hangul filler
    Range{0xFEFF, 0xFEFF}, // byte order mark
    Range{0xFFA0, 0xFFA0}, // halfwidth Hangul filler
    Range{0xFFF0, 0xFFFB}, // interlinear annotation
    Range{0x110BD, 0x110BD}, // Kaithi number sign
    Range{0x110CD, 0x110CD}, // Kaithi number sign above
    Range{0x13430, 0x1343F}, // Egyptian hieroglyph format controls
    Range{0x1BCA0, 0x1BCA3}, // shorthand format controls
    Range{0x1D173, 0x1D17A}, // musical format controls
    Range{0xE0000, 0xE00FF}, // tags, which can hide a whole text
};

bool isInvisible(char32_t c)
{
    const auto range = std::ranges::lower_bound(invisible, c, {}, &Range::last);
    return range != invisible.end() && c >= range->first;
}

bool isControl(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool isPlain(char32_t c, char32_t previous, LineMode mode)
{
    if (c < 0x7F)
        return c >= 0x20 || (mode == LineMode::MultiLine && (c == '\n' || c == '\t'));
    if (c == joiner || c == nonJoiner)
        return previous >= 0x300 && !isInvisible(previous);
    return !isControl(c) && !isInvisible(c);
}

QString symbol(char32_t c)
{
    if (c < 0x20)
        return QChar(0x2400 + c); // Control Pictures
    if (c == 0x7F)
        return QChar(0x2421);
    return QStringLiteral("\u27E8U+%1\u27E9").arg(uint(c), 4, 16, QLatin1Char('0')).toUpper();
}

bool isPlainAscii(QByteArrayView text, LineMode mode)
{
    return std::ranges::all_of(text, [mode](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x80 && isPlain(byte, 0, mode);
    });
}

/// The code point at @p at, which moves behind it.
char32_t next(QStringView text, qsizetype& at)
{
    const QChar unit = text[at++];
    if (!unit.isSurrogate())
        return unit.unicode();
    if (unit.isLowSurrogate() || at == text.size() || !text[at].isLowSurrogate())
        return replacement;
    return QChar::surrogateToUcs4(unit, text[at++]);
}

} // namespace

QString visibleText(QString text, LineMode mode)
{
    QString shown;
    qsizetype copied = 0; // all before it is in `shown`
    char32_t previous = 0;
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype start = at;
        const char32_t c = next(text, at);
        const bool loneSurrogate = c == replacement && text[start].isSurrogate();
        if (loneSurrogate || !isPlain(c, previous, mode)) {
            shown += QStringView(text).sliced(copied, start - copied);
            shown += loneSurrogate ? QString(QChar(replacement)) : symbol(c);
            copied = at;
        }
        previous = c;
    }
    if (copied == 0)
        return text;
    return shown.append(QStringView(text).sliced(copied));
}

QString visibleCharacter(char32_t c, char32_t previous, LineMode mode)
{
    if (QChar::isSurrogate(c) || c > 0x10FFFF)
        return QChar(replacement);
    return isPlain(c, previous, mode) ? QStringView(QChar::fromUcs4(c)).toString() : symbol(c);
}

QByteArray visibleText(QByteArray utf8, LineMode mode)
{
    if (isPlainAscii(utf8, mode))
        return utf8;
    using Flag = QStringConverter::Flag;
    QStringDecoder decode(QStringConverter::Utf8, Flag::Stateless | Flag::ConvertInitialBom);
    return visibleText(QString(decode(utf8)), mode).toUtf8();
}

} // namespace burrow
