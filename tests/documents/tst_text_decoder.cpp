#include "document_fixture.h"
#include "documents/text_decoder.h"

#include <random>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

using Kind = TextEncoding::Kind;

std::u32string decodeWhole(const TextDecoder& decoder, const QByteArray& bytes, CharWidth width)
{
    QByteArray out(bytes.size() * bytesPerChar(width), Qt::Uninitialized);
    const qint64 chars = decoder.decode(asBytes(bytes), width, out.data());
    return codePoints(out.first(chars * bytesPerChar(width)), width);
}

/// UTF-8 as the Unicode standard spells it out, one byte after another: slow, and simple to check.
std::u32string decodeUtf8Slowly(const QByteArray& bytes)
{
    std::u32string text;
    for (qsizetype at = 0; at < bytes.size();) {
        const auto byteAt
            = [&](qsizetype i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0; };
        const int lead = byteAt(at);
        int length = 1, low = 0x80, high = 0xBF;
        char32_t codePoint = static_cast<char32_t>(lead);
        bool good = lead < 0x80;
        if (lead >= 0xC2 && lead <= 0xF4) {
            length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
            low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : low;
            high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : high;
            codePoint = static_cast<char32_t>(lead & (0xFF >> (length + 1)));
            good = true;
            for (int i = 1; i < length && good; ++i) {
                const int byte = byteAt(at + i);
                good = byte >= low && byte <= high;
                length = good ? length : i;
                low = 0x80;
                high = 0xBF;
                codePoint = codePoint << 6 | static_cast<char32_t>(byte & 0x3F);
            }
        }
        text += good ? codePoint : replacementCharacter;
        at += length;
    }
    return text;
}

QByteArray randomUtf8(std::mt19937& random, bool withErrors)
{
    static const std::vector<QByteArray> parts = {"a", "hello world, ", "\r\n", QByteArray("\0", 1),
        "\xC3\xA9", "\xE4\xB8\xAD", "\xE4\xB8\xAD\xE6\x96\x87\xE4\xB8\xAD\xE6\x96\x87\xE3\x80\x82",
        "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF", "\xEE\x80\x80", QByteArray(200, 'x')};
    static const std::vector<QByteArray> errors = {"\xFF", "\x80", "\xC0\xAF", "\xE4\xB8", "\xF0\x9F\x98",
        "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE0\x80\x80", "\xC3", "\x80\x80\x80\x80\x80"};
    QByteArray text;
    const int kinds = 1 + static_cast<int>(random() % parts.size());
    for (int i = 0; i < 300; ++i) {
        text += parts[random() % static_cast<unsigned>(kinds)];
        if (withErrors && random() % 40 == 0)
            text += errors[random() % errors.size()];
    }
    return text;
}

/// Measures and decodes @p bytes in pieces of about @p step.
std::pair<TextMeasure, std::u32string> decodeInPieces(
    const TextDecoder& decoder, const QByteArray& bytes, size_t step)
{
    TextMeasure measure;
    std::u32string text;
    const Bytes all = asBytes(bytes);
    for (size_t start = 0; start < all.size();) {
        const size_t end
            = all.size() - start <= step ? all.size() : decoder.borderFrom(all, start, start + step);
        const Bytes piece = all.subspan(start, end - start);
        const TextMeasure one = decoder.measure(piece);
        measure.append(one, {static_cast<qint64>(start)});
        text += decodeWhole(
            decoder, bytes.mid(static_cast<qsizetype>(start), std::ssize(piece)), CharWidth::Ucs4);
        start = end;
    }
    return {measure, text};
}

} // namespace

class TextDecoderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textIsDecodedExactly_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        const auto row
            = [](const char* name, const char* encoding, const QByteArray& bytes, const QString& text) {
                  QTest::newRow(name) << QByteArray(encoding) << bytes << text;
              };
        row("empty", "utf-8", "", u""_s);
        row("line ends", "utf-8", "a\r\nb\nc\r", u"a\r\nb\nc\r"_s);
        row("NUL", "utf-8", QByteArray("a\0b", 3), QString(u"a\0b"_s));
        row("U+10FFFF", "utf-8", "\xF4\x8F\xBF\xBF", QString::fromUcs4(U"\U0010FFFF"));
        row("four widths", "utf-8", "a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80", u"aé中😀"_s);
        row("a mark inside", "utf-8",
            "a\xEF\xBB\xBF"
            "b",
            u"a\uFEFFb"_s);
        row("Latin-1", "latin-1", "caf\xE9 \x80", u"café \u0080"_s);
        row("Windows-1252", "cp1252",
            "\x93"
            "caf\xE9\x94 \x80 \x81",
            u"“café” € \u0081"_s);
        row("UTF-16LE", "utf-16le", utf16(u"a中😀", {}, std::endian::little), u"a中😀"_s);
        row("UTF-16BE", "utf-16be", utf16(u"a中😀", {}, std::endian::big), u"a中😀"_s);
        row("lone surrogates", "utf-16le",
            utf16(std::u16string_view(u"a\xD800"
                                      u"b\xDC00\xD800",
                      5),
                {}, std::endian::little),
            QString(u"a") + QChar(0xD800) + u'b' + QChar(0xDC00) + QChar(0xD800));
        row("GB18030", "gb18030", "\xD6\xD0\xCE\xC4 \x81\x30\x81\x30 \x94\x39\xFC\x36", u"中文 \u0080 😀"_s);
        row("U+FFFD in GB18030", "gb18030", "\x84\x31\xA4\x37", u"\uFFFD"_s);
        row("Shift_JIS", "Shift_JIS", "\x93\xFA\x96\x7B", u"日本"_s);
    }
    void textIsDecodedExactly()
    {
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        const std::optional<TextEncoding> named = TextEncoding::fromName(encoding);
        QVERIFY(named);
        const auto decoder = makeDecoder(*named);
        const TextMeasure measure = decoder->measure(asBytes(bytes));
        QCOMPARE(measure.replaced, 0);
        std::u32string expected;
        for (qsizetype i = 0; i < text.size(); ++i) {
            const bool pair
                = text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
            expected += pair ? QChar::surrogateToUcs4(text[i], text[i + 1]) : text[i].unicode();
            i += pair;
        }
        QCOMPARE(measure.chars, std::ssize(expected));
        QVERIFY(decodeWhole(*decoder, bytes, measure.width()) == expected);
        QVERIFY(decodeWhole(*decoder, bytes, CharWidth::Ucs4) == expected);
    }

    void theWidthIsMinimal_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<CharWidth>("width");
        QTest::newRow("U+007F") << u"\u007F"_s << CharWidth::Ascii;
        QTest::newRow("U+0080") << u"\u0080"_s << CharWidth::Latin1;
        QTest::newRow("U+00FF") << u"\u00FF"_s << CharWidth::Latin1;
        QTest::newRow("U+0100") << u"\u0100"_s << CharWidth::Ucs2;
        QTest::newRow("U+FFFF") << u"\uFFFF"_s << CharWidth::Ucs2;
        QTest::newRow("U+10000") << u"\U00010000"_s << CharWidth::Ucs4;
    }
    void theWidthIsMinimal()
    {
        QFETCH(QString, text);
        QFETCH(CharWidth, width);
        // Once alone and once in the middle of much else, where it is read another way.
        for (const QString& whole : {text, QString(500, u'a') + text + QString(500, u'a')}) {
            const QByteArray utf8 = whole.toUtf8();
            QCOMPARE(makeDecoder(Kind::Utf8)->measure(asBytes(utf8)).width(), width);
            const QByteArray utf16le = utf16(whole, {}, std::endian::little);
            QCOMPARE(makeDecoder(Kind::Utf16Le)->measure(asBytes(utf16le)).width(), width);
        }
    }

    void brokenBytesAreReplacedCountedAndLocated_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<qint64>("replaced");
        QTest::addColumn<qint64>("first");
        const auto row = [](const char* name, const char* encoding, const QByteArray& bytes, qint64 replaced,
                             qint64 first) {
            QTest::newRow(name) << QByteArray(encoding) << bytes << replaced << first;
        };
        row("a stray byte", "utf-8",
            "ab\xFF"
            "c",
            1, 2);
        row("a cut sequence", "utf-8", "a\xE4\xB8", 1, 1);
        row("an encoded surrogate", "utf-8", "\xED\xA0\x80", 3, 0);
        row("overlong", "utf-8", "\xC0\xAF", 2, 0);
        row("beyond Unicode", "utf-8", "\xF4\x90\x80\x80", 4, 0);
        row("a real U+FFFD", "utf-8", "\xEF\xBF\xBD\xFF", 1, 3);
        row("after much text", "utf-8", QByteArray(10'000, 'x') + "\xE9" + QByteArray(10'000, 'x'), 1,
            10'000);
        row("an odd last byte", "utf-16le", QByteArray("a\0b", 3), 1, 2);
        row("a cut pair of bytes", "gb18030", "\xD6\xD0\xCE", 1, 2);
        row("a byte that is none", "gb18030",
            "ab\xFF"
            "c",
            1, 2);
        row("beside a real U+FFFD", "gb18030", "\x84\x31\xA4\x37\xFF", 1, 4);
    }
    void brokenBytesAreReplacedCountedAndLocated()
    {
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, bytes);
        QFETCH(qint64, replaced);
        QFETCH(qint64, first);
        const auto decoder = makeDecoder(*TextEncoding::fromName(encoding));
        const TextMeasure measure = decoder->measure(asBytes(bytes));
        QCOMPARE(measure.replaced, replaced);
        QVERIFY(measure.firstReplaced);
        QCOMPARE(measure.firstReplaced->value, first);
        const std::u32string text = decodeWhole(*decoder, bytes, measure.width());
        QCOMPARE(std::ssize(text), measure.chars);
        QVERIFY(text.contains(replacementCharacter));
    }

    void utf8AgreesWithTheStandardWhereverItIsCut_data()
    {
        QTest::addColumn<bool>("withErrors");
        QTest::newRow("valid") << false;
        QTest::newRow("broken") << true;
    }
    void utf8AgreesWithTheStandardWhereverItIsCut()
    {
        QFETCH(bool, withErrors);
        std::mt19937 random(1);
        const auto decoder = makeDecoder(Kind::Utf8);
        for (int round = 0; round < 300; ++round) {
            const QByteArray bytes = randomUtf8(random, withErrors);
            const std::u32string expected = decodeUtf8Slowly(bytes);
            char32_t bits = 0;
            for (const char32_t codePoint : expected)
                bits |= codePoint;
            const auto [measure, text] = decodeInPieces(*decoder, bytes, 1 + random() % 1000);
            QVERIFY(text == expected);
            QCOMPARE(measure.chars, std::ssize(expected));
            QCOMPARE(measure.width(),
                (TextMeasure{.chars = 0, .bits = bits, .replaced = 0, .firstReplaced = {}}.width()));
            const TextMeasure whole = decoder->measure(asBytes(bytes));
            QCOMPARE(measure.replaced, whole.replaced);
            QCOMPARE(measure.firstReplaced, whole.firstReplaced);
            QCOMPARE(whole.replaced > 0, withErrors);
        }
    }

    void everyThreeBytesDecodeAsTheStandardSays()
    {
        // Long enough on both sides for the quick way through valid text to be taken.
        const QByteArray around = QByteArrayLiteral("\xE4\xB8\xAD\xE6\x96\x87").repeated(50);
        const auto decoder = makeDecoder(Kind::Utf8);
        for (int lead = 0xC0; lead < 0x100; ++lead) {
            for (int second = 0x70; second < 0xD0; ++second) {
                const char middle[] = {static_cast<char>(lead), static_cast<char>(second), '\x80', 'z'};
                const QByteArray bytes = around + QByteArray(middle, 4) + around;
                const std::u32string expected = decodeUtf8Slowly(bytes);
                QVERIFY(decodeWhole(*decoder, bytes, CharWidth::Ucs4) == expected);
                QCOMPARE(decoder->measure(asBytes(bytes)).chars, std::ssize(expected));
            }
        }
    }

    void otherEncodingsMayBeCutWhereTheirBordersAre_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("bytes");
        const QString text = u"中文、emoji 😀 and\nlines é\r\n"_s.repeated(20);
        QTest::newRow("UTF-16LE") << QByteArray("utf-16le") << utf16(text, {}, std::endian::little);
        QTest::newRow("UTF-16BE") << QByteArray("utf-16be") << utf16(text, {}, std::endian::big) + "x";
        QTest::newRow("Windows-1252") << QByteArray("cp1252")
                                      << QByteArray("\x93"
                                                    "caf\xE9\x94 ")
                                             .repeated(100);
        QStringEncoder encoder("GB18030");
        const QByteArray gb = encoder.encode(text);
        QTest::newRow("GB18030") << QByteArray("gb18030") << gb;
        QTest::newRow("GB18030 on one line")
            << QByteArray("gb18030") << QByteArray(gb).replace('\n', "\xD6\xD0");
        QTest::newRow("GB18030, broken") << QByteArray("gb18030") << gb + "\xFF\n" + gb + "\x81";
    }
    void otherEncodingsMayBeCutWhereTheirBordersAre()
    {
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, bytes);
        const auto decoder = makeDecoder(*TextEncoding::fromName(encoding));
        const auto [measure, text] = decodeInPieces(*decoder, bytes, size_t(bytes.size()));
        for (size_t step = 1; step < 60; ++step) {
            const auto [cutMeasure, cutText] = decodeInPieces(*decoder, bytes, step);
            QVERIFY(cutText == text);
            QCOMPARE(cutMeasure.chars, measure.chars);
            QCOMPARE(cutMeasure.width(), measure.width());
            QCOMPARE(cutMeasure.replaced, measure.replaced);
            QCOMPARE(cutMeasure.firstReplaced, measure.firstReplaced);
        }
    }

    void encodingsHaveManyNames_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* name, const char* shown) {
            QTest::newRow(name) << QByteArray(name) << QByteArray(shown);
        };
        row("UTF-8", "utf-8");
        row("utf8", "utf-8");
        row("UTF_16", "utf-16-le");
        row("iso-8859-1", "latin-1");
        row("CP1252", "windows-1252");
        row("gbk", "gb18030");
        row("GB2312", "gb18030");
        row("koi8-r", "koi8-r");
        row("no such thing", "");
        row("utf-32", "");
        row("", "");
    }
    void encodingsHaveManyNames()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, shown);
        const std::optional<TextEncoding> encoding = TextEncoding::fromName(name);
        QCOMPARE(encoding ? encoding->name() : QByteArray(), shown);
        if (encoding)
            QVERIFY(TextEncoding::fromName(encoding->name()) == encoding);
    }
};

QTEST_GUILESS_MAIN(TextDecoderTest)
#include "tst_text_decoder.moc"
