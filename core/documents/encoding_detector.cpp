#include "documents/encoding_detector.h"

#include "documents/utf16_decoder.h"
#include "documents/utf8_decoder.h"

#include <uchardet/uchardet.h>

#include <algorithm>
#include <string_view>

namespace burrow {

namespace {

using Kind = TextEncoding::Kind;

Bytes sampleAt(Bytes text, size_t offset)
{
    return text.subspan(offset, std::min(static_cast<size_t>(headBytes), text.size() - offset));
}

bool startsWith(Bytes bytes, std::string_view start)
{
    return bytes.size() >= start.size()
        && std::ranges::equal(
            bytes.first(start.size()), start, {}, {}, [](char c) { return static_cast<unsigned char>(c); });
}

struct Signature {
    std::string_view start;
    const char* format;
};

using namespace std::string_view_literals;

// Files whose text a person may expect to be read, and cannot be yet.
constexpr Signature signatures[] = {
    {"%PDF-"sv, "PDF"},
    {"PK\x03\x04"sv, "ZIP, Word, Excel and EPUB"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "old Word and Excel"},
    {"\x1F\x8B"sv, "gzip"},
    {"BZh"sv, "bzip2"},
    {"\xFD"
     "7zXZ"sv,
        "xz"},
    {"\x28\xB5\x2F\xFD"sv, "zstd"},
    {"7z\xBC\xAF\x27\x1C"sv, "7-Zip"},
    {"SQLite format 3\0"sv, "SQLite"},
};

bool isControl(unsigned char byte)
{
    const bool whiteSpace = byte >= '\a' && byte <= '\r';
    return (byte < 0x20 && !whiteSpace && byte != 0x1B) || byte == 0x7F;
}

/// Units that text in UTF-16 consists of; a lone surrogate or control character is not among them.
bool isLikelyInText(char32_t codePoint)
{
    struct Range {
        char32_t first, last;
    };
    static constexpr Range ranges[] = {{0x09, 0x0D}, {0x20, 0x7E}, {0xA0, 0x6FF}, {0x900, 0xDFF},
        {0xE00, 0xE7F}, {0x10A0, 0x11FF}, {0x1E00, 0x27BF}, {0x3000, 0x33FF}, {0x4E00, 0x9FFF},
        {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE4F}, {0xFF00, 0xFFEF}, {0x10000, 0x2FFFF}};
    return std::ranges::any_of(
        ranges, [codePoint](Range r) { return codePoint >= r.first && codePoint <= r.last; });
}

/// How many characters of @p sample, read as UTF-16 in this byte order, are ASCII; -1 where it does not read
/// as text.
qint64 asciiAsUtf16(Bytes sample, std::endian order)
{
    std::vector<char32_t> text(sample.size());
    const Bytes units = sample.first(sample.size() / 2 * 2);
    text.resize(static_cast<size_t>(Utf16Decoder(order).decode(units, CharWidth::Ucs4, text.data())));
    const auto likely = std::ranges::count_if(text, isLikelyInText);
    if (likely * 50 < std::ssize(text) * 49)
        return -1;
    return std::ranges::count_if(text, [](char32_t codePoint) { return codePoint < 0x80; });
}

/// UTF-16 without a byte order mark gives itself away by the zero bytes of its spaces and line ends.
std::optional<TextEncoding> utf16WithoutMark(Bytes head, bool isUtf8, bool isOdd)
{
    if (isOdd)
        return std::nullopt; // half a code unit
    const auto zeros = std::ranges::count(head, 0);
    // What is valid UTF-8 too, is ASCII with a few NULs, unless the high bytes of UTF-16 are there: they look
    // like control characters.
    const auto controls = std::ranges::count_if(head, isControl);
    if (zeros == 0 || head.size() < 2 || (isUtf8 && controls * 10 < std::ssize(head) * 4))
        return std::nullopt;
    // ASCII in the wrong byte order reads as Chinese, so the order with more ASCII in it is the right one.
    const qint64 little = asciiAsUtf16(head, std::endian::little), big = asciiAsUtf16(head, std::endian::big);
    if (std::max(little, big) <= 0)
        return std::nullopt;
    return little >= big ? Kind::Utf16Le : Kind::Utf16Be;
}

struct Utf8Evidence {
    qint64 sequences = 0; ///< of two bytes and more
    qint64 broken = 0;

    bool isValid() const { return broken == 0; }
    bool isLikely() const { return sequences > 0 && sequences >= broken; }
};

Utf8Evidence utf8Evidence(Bytes sample, bool isEndOfText)
{
    // A sample may end inside a sequence.
    for (int i = 0; !isEndOfText && i < 4 && !sample.empty() && sample.back() >= 0x80; ++i)
        sample = sample.first(sample.size() - 1);
    const TextMeasure measure = Utf8Decoder().measure(sample);
    const auto ascii = std::ranges::count_if(sample, [](unsigned char byte) { return byte < 0x80; });
    Utf8Evidence evidence;
    evidence.broken = measure.replaced;
    evidence.sequences = measure.chars - measure.replaced - ascii;
    return evidence;
}

/// Bytes that stand in no Western text in an 8-bit encoding.
bool isStray(unsigned char byte)
{
    return "\x81\x8D\x8F\x90\x9D\xFE\xFF"sv.contains(static_cast<char>(byte));
}

/// Whether all bytes beyond ASCII come in pairs that GB18030 has for its frequent characters.
bool looksLikeChinesePairs(Bytes sample)
{
    size_t pairs = 0;
    for (size_t at = 0; at < sample.size(); ++at) {
        const unsigned char lead = sample[at];
        if (lead < 0x80)
            continue;
        if (at + 1 == sample.size())
            break;
        const unsigned char trail = sample[++at];
        const bool frequent = (lead >= 0xB0 && lead <= 0xF7) || (lead >= 0xA1 && lead <= 0xA3);
        if (!frequent || trail < 0xA1 || trail > 0xFE)
            return false;
        ++pairs;
    }
    return pairs >= 2;
}

QByteArray askUchardet(Bytes sample)
{
    const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(), uchardet_delete);
    uchardet_handle_data(detector.get(), reinterpret_cast<const char*>(sample.data()), sample.size());
    uchardet_data_end(detector.get());
    return uchardet_get_charset(detector.get());
}

bool isMultiByte(const TextEncoding& encoding)
{
    static constexpr std::string_view names[]
        = {"gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "windows-949"};
    const QByteArray name = encoding.name();
    return std::ranges::any_of(names, [&name](std::string_view start) { return name.startsWith(start); });
}

bool isLatin(const TextEncoding& encoding)
{
    static constexpr std::string_view names[] = {"iso-8859-1", "iso-8859-2", "iso-8859-3", "iso-8859-4",
        "iso-8859-9", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
        "windows-1250", "windows-1254", "windows-1257", "windows-1258"};
    const QByteArray name = encoding.name();
    return std::ranges::contains(names, std::string_view(name.constData(), size_t(name.size())));
}

bool isLetter(unsigned char byte)
{
    const int lower = byte | 0x20;
    return (lower >= 'a' && lower <= 'z') || byte >= 0xC0;
}

/// Whether many of the bytes beyond ASCII, read as Windows-1252, are signs inside words or letters that
/// Western languages hardly use. Statistics take French with some German for Hungarian, but these are not in
/// it.
bool isUnlikelyWestern(Bytes sample)
{
    qsizetype high = 0, odd = 0;
    for (size_t at = 0; at < sample.size(); ++at) {
        const unsigned char byte = sample[at];
        if (byte < 0x80)
            continue;
        ++high;
        const bool insideWord
            = at > 0 && at + 1 < sample.size() && isLetter(sample[at - 1]) && isLetter(sample[at + 1]);
        const bool sign = byte > 0xA0 && byte < 0xC0 && !"\xAD\xB4\xB7"sv.contains(static_cast<char>(byte));
        odd += isStray(byte) || "\x8A\x8E\x9A\x9E\xD0\xDD\xDE\xF0\xFD"sv.contains(static_cast<char>(byte))
            || (sign && insideWord);
    }
    return odd * 10 >= high;
}

TextEncoding detectLegacy(Bytes sample)
{
    constexpr qsizetype enoughEvidence = 24;
    const auto high = std::ranges::count_if(sample, [](unsigned char byte) { return byte >= 0x80; });
    const std::optional<TextEncoding> named = TextEncoding::fromName(askUchardet(sample));
    const bool enough = high >= enoughEvidence;
    const bool dense = high * 4 >= std::ssize(sample);
    if (named && isMultiByte(*named) && (enough || dense))
        return *named;
    if (looksLikeChinesePairs(sample))
        return TextEncoding::fromName("gb18030").value_or(Kind::Windows1252);
    const bool trusted
        = named && named->kind() == Kind::Other && enough && (!isLatin(*named) || isUnlikelyWestern(sample));
    return trusted ? *named : TextEncoding(Kind::Windows1252);
}

} // namespace

ContentKind contentKind(Bytes head)
{
    for (const Signature& signature : signatures) {
        if (startsWith(head, signature.start))
            return {ContentKind::Kind::UnsupportedFormat, QString::fromLatin1(signature.format)};
    }
    if (startsWith(head, "\xFF\xFE\0\0"sv) || startsWith(head, "\0\0\xFE\xFF"sv))
        return {ContentKind::Kind::UnsupportedFormat, QStringLiteral("UTF-32")};
    const Utf8Evidence utf8 = utf8Evidence(head, std::ssize(head) < headBytes);
    if (byteOrderMark(head).encoding || utf16WithoutMark(head, utf8.isValid(), head.size() % 2 == 1))
        return {};
    const auto controls = std::ranges::count_if(head, isControl);
    // UTF-8 is hardly ever valid by chance. Of random bytes one in ten is a control character.
    const int most = utf8.isValid() ? 2 : utf8.isLikely() ? 10 : 50; // one in so many
    const bool binary = controls * most > std::ssize(head);
    return {binary ? ContentKind::Kind::Binary : ContentKind::Kind::Text, {}};
}

ByteOrderMark byteOrderMark(Bytes text)
{
    if (startsWith(text, "\xEF\xBB\xBF"sv))
        return {Kind::Utf8, 3};
    if (startsWith(text, "\xFF\xFE"sv))
        return {Kind::Utf16Le, 2};
    if (startsWith(text, "\xFE\xFF"sv))
        return {Kind::Utf16Be, 2};
    return {};
}

TextEncoding detectEncoding(Bytes text, size_t firstNonAscii)
{
    const Bytes head = sampleAt(text, 0);
    const bool headIsUtf8 = utf8Evidence(head, head.size() == text.size()).isValid();
    if (const std::optional<TextEncoding> utf16 = utf16WithoutMark(head, headIsUtf8, text.size() % 2 == 1))
        return *utf16;
    if (firstNonAscii >= text.size())
        return Kind::Utf8;
    const Bytes sample = sampleAt(text, firstNonAscii);
    const Utf8Evidence utf8 = utf8Evidence(sample, firstNonAscii + sample.size() == text.size());
    const bool onlyStray
        = std::ranges::all_of(sample, [](unsigned char byte) { return byte < 0x80 || isStray(byte); });
    if (utf8.isValid() || utf8.isLikely() || onlyStray)
        return Kind::Utf8;
    return detectLegacy(sample);
}

} // namespace burrow
