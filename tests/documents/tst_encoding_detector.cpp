#include "document_fixture.h"
#include "documents/encoding_detector.h"

#include <QStringEncoder>
#include <random>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray encoded(const char* codec, const QString& text)
{
    QStringEncoder encoder(codec);
    return encoder.encode(text);
}

QByteArray utf16Of(const QString& text, std::endian order)
{
    return utf16(text, {}, order);
}

QByteArray randomBytes()
{
    std::mt19937 random(7);
    QByteArray bytes(10'000, Qt::Uninitialized);
    for (char& byte : bytes)
        byte = static_cast<char>(random());
    return bytes;
}

const QString chinese = u"他們在河邊走了很久，終於看見了那座橋。天已經黑了。"_s;
const QString simplified = u"人工智能的发展改变了我们的生活方式，也带来了新的问题。"_s;

} // namespace

class EncodingDetectorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theEncodingIsFound_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("encoding");
        const auto row = [](const char* name, const QByteArray& bytes, const char* encoding) {
            QTest::newRow(name) << bytes << QByteArray(encoding);
        };
        using std::endian;
        row("empty", "", "utf-8");
        row("ASCII", "plain text\r\n", "utf-8");
        row("ASCII with a NUL", QByteArray("a\0b", 3), "utf-8");
        row("UTF-8", "caf\xC3\xA9", "utf-8");
        row("UTF-8 Chinese", simplified.toUtf8(), "utf-8");
        row("UTF-8 with a broken byte", "na\xC3\xAFve caf\xC3\xA9 \xFF end", "utf-8");
        row("ASCII with a byte that no text has",
            "abc\xFF"
            "def",
            "utf-8");
        row("UTF-8 far behind ASCII", QByteArray(200'000, 'x') + "caf\xC3\xA9", "utf-8");
        row("UTF-8, cut by the sample", QByteArray("x") + simplified.toUtf8().repeated(2000), "utf-8");
        row("UTF-16LE", utf16Of(u"plain text, no mark\r\n"_s, endian::little), "utf-16-le");
        row("UTF-16BE", utf16Of(u"plain text, no mark\r\n"_s, endian::big), "utf-16-be");
        row("an odd number of letters and NULs", QByteArray("a\0b\0c", 5), "utf-8");
        row("UTF-16LE, lower case", utf16Of(u"hello world\n"_s, endian::little), "utf-16-le");
        row("UTF-16LE Chinese", utf16Of(simplified + u'\n' + chinese, endian::little), "utf-16-le");
        row("UTF-16BE Chinese", utf16Of(simplified + u'\n' + chinese, endian::big), "utf-16-be");
        row("UTF-16LE Russian", utf16Of(u"Привет, мир\r\n"_s, endian::little), "utf-16-le");
        row("Windows-1252, one word", "caf\xE9", "windows-1252");
        row("Windows-1252, German",
            "Gr\xFC\xDF"
            "e aus M\xFCnchen",
            "windows-1252");
        row("Windows-1252, quotes", "It\x92s a \x93quoted\x94 text.", "windows-1252");
        row("Windows-1252 far behind ASCII", QByteArray(200'000, 'x') + " caf\xE9 na\xEFve", "windows-1252");
        row("Windows-1252, French and German",
            encoded("windows-1252", u"Le café était fermé; la fenêtre ouverte à l'été. Größe Straße.\n"_s)
                .repeated(20),
            "windows-1252");
        row("Polish in ISO-8859-2",
            encoded("iso-8859-2",
                u"Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni "
                u"obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa.\n"_s)
                .repeated(20),
            "iso-8859-2");
        row("Greek",
            encoded("iso-8859-7", u"Καλημέρα κόσμε, αυτό είναι ένα απλό ελληνικό κείμενο.\n"_s).repeated(20),
            "iso-8859-7");
        row("GB18030, short", encoded("GB18030", u"你好，世界\n"_s), "gb18030");
        row("GB18030, long", encoded("GB18030", simplified).repeated(100), "gb18030");
        row("GB18030 in English",
            "The word " + encoded("GB18030", u"人工智能"_s) + " means artificial intelligence.\n", "gb18030");
        row("Shift_JIS",
            encoded("Shift_JIS", u"これは日本語の文章です。漢字とかなが混ざっています。"_s).repeated(20),
            "shift_jis");
        row("Big5", encoded("Big5", chinese).repeated(20), "big5");
        row("Russian in windows-1251",
            encoded("windows-1251", u"Привет, мир. Это обычный русский текст. "_s).repeated(20),
            "windows-1251");
    }
    void theEncodingIsFound()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, encoding);
        const auto first
            = std::ranges::find_if(bytes, [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; });
        QCOMPARE(detectEncoding(asBytes(bytes), static_cast<size_t>(first - bytes.begin())).name(), encoding);
        QVERIFY(contentKind(asBytes(bytes).first(size_t(std::min<qsizetype>(bytes.size(), headBytes)))).kind
            == ContentKind::Kind::Text);
    }

    void marksAreRead()
    {
        QCOMPARE(byteOrderMark(asBytes("\xEF\xBB\xBFx")).bytes, 3);
        QVERIFY(byteOrderMark(asBytes("\xFF\xFEx")).encoding == TextEncoding::Kind::Utf16Le);
        QVERIFY(byteOrderMark(asBytes("\xFE\xFFx")).encoding == TextEncoding::Kind::Utf16Be);
        QVERIFY(!byteOrderMark(asBytes("x\xEF\xBB\xBF")).encoding);
        QVERIFY(!byteOrderMark(asBytes("\xEF\xBB")).encoding);
    }

    void whatIsNotTextIsTold_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("format"); // empty: binary
        QTest::newRow("zeros") << QByteArray(1000, '\0') << QString();
        QTest::newRow("random") << randomBytes() << QString();
        QTest::newRow("a program") << contentsOf(u"/proc/self/exe"_s).first(headBytes) << QString();
        QTest::newRow("PNG") << QByteArray("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\x06", 26)
                             << QString();
        QTest::newRow("small numbers")
            << QByteArray("\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0", 16).repeated(10) << QString();
        QTest::newRow("PDF") << QByteArray("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n") << u"PDF"_s;
        QTest::newRow("gzip") << QByteArray("\x1F\x8B\x08\0\0\0\0\0", 8) << u"gzip"_s;
        QTest::newRow("Word") << QByteArray("PK\x03\x04\x14\0\6\0", 8) << u"ZIP, Word, Excel and EPUB"_s;
        QTest::newRow("UTF-32") << QByteArray("\xFF\xFE\0\0a\0\0\0", 8) << u"UTF-32"_s;
    }
    void whatIsNotTextIsTold()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, format);
        const ContentKind content = contentKind(asBytes(bytes));
        QVERIFY(content.kind
            == (format.isEmpty() ? ContentKind::Kind::Binary : ContentKind::Kind::UnsupportedFormat));
        QCOMPARE(content.format, format);
    }

    void logsWithEscapesAndSomeControlsAreText()
    {
        const QByteArray log = QByteArrayLiteral("\x1B[31merror\x1B[0m \a page\f done\b\n").repeated(50);
        QVERIFY(contentKind(asBytes(log)).kind == ContentKind::Kind::Text);
        QVERIFY(
            contentKind(asBytes(QByteArray("key\0value\0key\0value\0", 20))).kind == ContentKind::Kind::Text);
    }
};

QTEST_GUILESS_MAIN(EncodingDetectorTest)
#include "tst_encoding_detector.moc"
