#include "document_fixture.h"
#include "documents/context_image.h"

#include <QElapsedTimer>
#include <QSet>
#include <QStringEncoder>

#include <sys/stat.h>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

using Copies = ContextImage::Copies;

std::u32string fromUtf8(const QByteArray& bytes)
{
    return QString::fromUtf8(bytes).toStdU32String();
}

/// Documents and a cache for their images.
struct Setting {
    Folder folder;
    ImageCache cache = *ImageCache::open({.folder = folder.path(u"cache"_s), .keepFreeBytes = 0});
    std::optional<TextEncoding> encoding = {};

    Result<Corpus> open(const QStringList& names) const
    {
        QStringList paths;
        for (const QString& name : names)
            paths.append(folder.path(name));
        return wait(Corpus::open(paths, encoding, {}));
    }
    Result<ContextImage> build(const QStringList& names, Copies copies = Copies::Cached) const
    {
        const Result<Corpus> corpus = open(names);
        return corpus ? wait(ContextImage::build(*corpus, cache, copies, {}))
                      : Result<ContextImage>(std::unexpected(corpus.error()));
    }
    qsizetype countSets() const
    {
        return QDir(folder.path(u"cache/sets"_s)).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
    }
    QStringList setNames() const
    {
        return QDir(folder.path(u"cache/sets"_s)).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    }
};

/// Whether a NUL follows the text in the file, or in the rest of its last page.
bool canBeFollowedByNul(const TextSpan& span)
{
    const QByteArray file = contentsOf(span.file);
    const int unit = bytesPerChar(span.width);
    const qint64 end = span.offset.value + span.length.value * unit;
    return end + unit <= file.size() ? file.mid(end, unit) == QByteArray(unit, '\0') : end == file.size();
}

} // namespace

class ContextImageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneDocumentIsReadExactly_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::addColumn<CharWidth>("width");
        QTest::addColumn<bool>("inPlace");
        const auto row = [](const char* name, const QByteArray& bytes, const QString& text, CharWidth width,
                             bool inPlace) { QTest::newRow(name) << bytes << text << width << inPlace; };
        using enum CharWidth;
        using std::endian;
        const QString wide = u"中文 and ASCII\r\n"_s.repeated(1000);
        const QByteArray mark8 = "\xEF\xBB\xBF", mark16le = "\xFF\xFE", mark16be = "\xFE\xFF";
        row("ASCII", "plain\r\ntext\n", u"plain\r\ntext\n"_s, Ascii, true);
        row("ASCII with NUL", QByteArray("a\0b", 3), QString(u"a\0b"_s), Ascii, true);
        row("ASCII behind a mark", mark8 + "plain", u"plain"_s, Ascii, true);
        row("only a mark", mark8, u""_s, Ascii, true);
        row("Latin-1 from UTF-8", "caf\xC3\xA9 cr\xC3\xA8me", u"café crème"_s, Latin1, false);
        row("Latin-1", "caf\xE9", u"café"_s, Latin1, true);
        row("Windows-1252",
            "\x93"
            "caf\xE9\x94",
            u"“café”"_s, Ucs2, false);
        row("Chinese", wide.toUtf8(), wide, Ucs2, false);
        row("Chinese behind a mark", mark8 + wide.toUtf8(), wide, Ucs2, false);
        row("emoji", u"a😀"_s.toUtf8(), u"a😀"_s, Ucs4, false);
        row("U+10FFFF", "\xF4\x8F\xBF\xBF", QString::fromUcs4(U"\U0010FFFF"), Ucs4, false);
        row("UTF-16LE with a mark", utf16(wide, mark16le, endian::little), wide, Ucs2, true);
        row("UTF-16LE", utf16(wide, {}, endian::little), wide, Ucs2, true);
        row("UTF-16BE with a mark", utf16(wide, mark16be, endian::big), wide, Ucs2, false);
        row("UTF-16BE", utf16(wide, {}, endian::big), wide, Ucs2, false);
        row("ASCII in UTF-16LE", utf16(u"plain text", mark16le, endian::little), u"plain text"_s, Ascii,
            false);
        row("pairs in UTF-16LE", utf16(u"a😀中", mark16le, endian::little), u"a😀中"_s, Ucs4, false);
        QStringEncoder gb18030("GB18030");
        row("GB18030", gb18030.encode(wide), wide, Ucs2, false);
    }
    void oneDocumentIsReadExactly()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        QFETCH(CharWidth, width);
        QFETCH(bool, inPlace);
        Setting setting;
        const QString path = setting.folder.write(u"a"_s, bytes);
        const Result<ContextImage> image = setting.build({u"a"_s});
        QVERIFY2(image, image ? "" : qPrintable(image.error().message));
        QCOMPARE(image->spans().size(), size_t(1));
        const TextSpan& span = image->spans()[0];
        QVERIFY(textAt(span) == text.toStdU32String());
        QCOMPARE(span.width, width);
        QCOMPARE(span.file == path, inPlace);
        QCOMPARE(span.offset.value % bytesPerChar(width), 0);
        QVERIFY(canBeFollowedByNul(span));
        QCOMPARE(image->readings()[0].replaced, 0);
    }

    void loneSurrogatesPass()
    {
        Setting setting;
        const char16_t units[] = {u'a', 0xD800, u'b', 0xDC00, 0xDBFF};
        setting.folder.write(u"a"_s, utf16(QStringView(units, 5), "\xFF\xFE", std::endian::little));
        setting.folder.write(u"b"_s, utf16(QStringView(units, 5), "\xFE\xFF", std::endian::big));
        for (const QString& name : {u"a"_s, u"b"_s}) {
            const Result<ContextImage> image = setting.build({name});
            QVERIFY(image);
            QVERIFY(textAt(image->spans()[0]) == std::u32string(std::begin(units), std::end(units)));
        }
    }

    void anEmptyFileIsAnEmptyText()
    {
        Setting setting;
        setting.folder.write(u"empty"_s, "");
        const Result<ContextImage> image = setting.build({u"empty"_s});
        QVERIFY(image);
        QCOMPARE(image->spans()[0].length.value, 0);
    }

    void aFileOfAnySizeCanBeMapped_data()
    {
        QTest::addColumn<qsizetype>("size");
        for (const qsizetype size : {4095, 4096, 4097, 8192, 1 << 20})
            QTest::addRow("%lld", static_cast<long long>(size)) << size;
    }
    void aFileOfAnySizeCanBeMapped()
    {
        QFETCH(qsizetype, size);
        Setting setting;
        setting.folder.write(u"a"_s, QByteArray(size, 'x'));
        const Result<ContextImage> image = setting.build({u"a"_s});
        QVERIFY(canBeFollowedByNul(image->spans()[0]));
        QCOMPARE(image->spans()[0].length.value, size);
        setting.folder.write(u"b"_s, "\xC3\xA9" + QByteArray(size - 1, 'x'));
        const Result<ContextImage> transcoded = setting.build({u"b"_s});
        QCOMPARE(transcoded->spans()[0].length.value, size);
        QVERIFY(canBeFollowedByNul(transcoded->spans()[0]));
    }

    void oneLongLineIsDecodedAcrossItsPieces()
    {
        Setting setting;
        const QByteArray part = "x\xE4\xB8\xAD\xF0\x9F\x98\x80\xC3\xA9";
        const QByteArray bytes = part.repeated(300'000);
        setting.folder.write(u"a"_s, bytes);
        const Result<ContextImage> image = setting.build({u"a"_s});
        QVERIFY(image);
        QVERIFY(textAt(image->spans()[0]) == fromUtf8(bytes));
    }

    void brokenBytesAreCountedAcrossPiecesAndTheFirstIsLocated()
    {
        Setting setting;
        // Pieces end at multiples of 256 KiB: the broken bytes stand at all distances from one.
        QByteArray bytes = QByteArray("\xC3\xA9").repeated(500'000);
        for (int i = 0; i < 8; ++i)
            bytes[(1 << 18) - 4 + i * 3] = '\xFF';
        setting.folder.write(u"a"_s, bytes);
        const Result<ContextImage> image = setting.build({u"a"_s});
        QVERIFY(image);
        const ContextImage::Reading& reading = image->readings()[0];
        const std::u32string text = textAt(image->spans()[0]);
        QCOMPARE(reading.encoding.name(), "utf-8");
        QCOMPARE(reading.replaced, std::ranges::count(text, U'\uFFFD'));
        QCOMPARE(reading.firstReplaced->value, (1 << 18) - 4);
        QVERIFY(text == fromUtf8(bytes));
    }

    void aNamedEncodingOverrulesDetection()
    {
        Setting setting;
        setting.encoding = TextEncoding::fromName("koi8-r");
        setting.folder.write(u"a"_s, "\xF0\xF2");
        const Result<ContextImage> image = setting.build({u"a"_s});
        QVERIFY(textAt(image->spans()[0]) == U"ПР");
        setting.encoding = TextEncoding::fromName("latin-1");
        const Result<ContextImage> other = setting.build({u"a"_s});
        QVERIFY(textAt(other->spans()[0]) == U"ðò");
        QCOMPARE(other->readings()[0].encoding.name(), "latin-1");
    }

    void utf16NamedByAPersonFollowsTheMark()
    {
        Setting setting;
        setting.encoding = TextEncoding::fromName("utf-16");
        setting.folder.write(u"a"_s, utf16(u"中", "\xFE\xFF", std::endian::big));
        QVERIFY(textAt(setting.build({u"a"_s})->spans()[0]) == U"中");
    }

    void aListHasEveryDocumentInItsOwnWidth()
    {
        Setting setting;
        const QByteArray large = QByteArrayLiteral("0123456789\n").repeated(100'001);
        setting.folder.write(u"set/a"_s, "plain");
        setting.folder.write(u"set/b"_s, "caf\xC3\xA9");
        setting.folder.write(u"set/c"_s, "\xE4\xB8\xAD");
        setting.folder.write(u"set/d"_s, "\xF0\x9F\x98\x80");
        setting.folder.write(u"set/e"_s, "");
        setting.folder.write(u"set/f"_s, large);
        setting.folder.write(u"set/g"_s,
            "\xEF\xBB\xBF"
            "second");
        const Result<ContextImage> image = setting.build({u"set"_s});
        QVERIFY(image);
        const std::vector<std::u32string> expected
            = {U"plain", U"café", U"中", U"😀", U"", fromUtf8(large), U"second"};
        using enum CharWidth;
        const std::vector<CharWidth> widths = {Ascii, Latin1, Ucs2, Ucs4, Ascii, Ascii, Ascii};
        QCOMPARE(image->spans().size(), expected.size());
        for (size_t i = 0; i < expected.size(); ++i) {
            QVERIFY(textAt(image->spans()[i]) == expected[i]);
            QCOMPARE(image->spans()[i].width, widths[i]);
            QVERIFY(canBeFollowedByNul(image->spans()[i]));
        }
        QCOMPARE(image->spans()[5].file, setting.folder.path(u"set/f"_s));
    }

    void tenThousandDocumentsNeedFewFiles()
    {
        Setting setting;
        const QByteArray texts[] = {"plain", "caf\xC3\xA9", "\xE4\xB8\xAD\xE6\x96\x87", "\xF0\x9F\x98\x80"};
        QDir(setting.folder.path()).mkdir(u"set"_s);
        for (int i = 0; i < 10'000; ++i)
            setting.folder.write(
                u"set/%1"_s.arg(i, 5, 10, QLatin1Char('0')), texts[i % 4] + QByteArray::number(i));
        const Result<ContextImage> image = setting.build({u"set"_s});
        QVERIFY(image);
        QCOMPARE(image->spans().size(), size_t(10'000));
        QHash<QString, QByteArray> files;
        for (size_t i = 0; i < image->spans().size(); ++i) {
            const TextSpan& span = image->spans()[i];
            if (!files.contains(span.file))
                files[span.file] = contentsOf(span.file);
            const QByteArray stored
                = files[span.file].mid(span.offset.value, span.length.value * bytesPerChar(span.width));
            QVERIFY(codePoints(stored, span.width) == fromUtf8(texts[i % 4] + QByteArray::number(qint64(i))));
        }
        QCOMPARE(files.size(), 4);
        QVERIFY(setting.build({u"set"_s})->spans() == image->spans());
    }

    void manyLargeDocumentsNeedNoMoreThan64Files()
    {
        Setting setting;
        for (int i = 0; i < 70; ++i)
            setting.folder.write(u"set/%1"_s.arg(i, 2, 10, QLatin1Char('0')),
                QByteArray::number(i) + QByteArray((1 << 20) + i, 'x'));
        const Result<ContextImage> image = setting.build({u"set"_s});
        QVERIFY(image);
        QSet<QString> files;
        for (size_t i = 0; i < image->spans().size(); ++i) {
            files.insert(image->spans()[i].file);
            const std::u32string text = textAt(image->spans()[i]);
            QVERIFY(text.starts_with(fromUtf8(QByteArray::number(qint64(i)) + "xxx")));
            QCOMPARE(std::ssize(text), QByteArray::number(qint64(i)).size() + (1 << 20) + qint64(i));
        }
        QVERIFY(files.size() <= 60);
    }

    void theSameTextIsTranscodedOnce()
    {
        Setting setting;
        const QString path = setting.folder.write(u"a"_s, "caf\xC3\xA9 cr\xC3\xA8me");
        const std::vector<TextSpan> first = setting.build({u"a"_s})->spans();
        QVERIFY(setting.build({u"a"_s})->spans() == first);
        QVERIFY(QFile::rename(path, setting.folder.path(u"renamed"_s)));
        QVERIFY(setting.build({u"renamed"_s})->spans() == first);
        setting.folder.write(u"copy"_s, "caf\xC3\xA9 cr\xC3\xA8me");
        QVERIFY(setting.build({u"copy"_s})->spans() == first);
        QCOMPARE(setting.countSets(), 1);
    }

    void fromTheCacheTheSourceIsNotRead()
    {
        Setting setting;
        const QString path = setting.folder.write(u"a"_s, "caf\xC3\xA9 cr\xC3\xA8me");
        QTest::qWait(80); // a file that has just been written may change again within one tick of its clock
        QVERIFY(setting.build({u"a"_s}));
        const Result<Corpus> corpus = setting.open({u"a"_s});
        QVERIFY(QFile::remove(path));
        const Result<ContextImage> image
            = wait(ContextImage::build(*corpus, setting.cache, Copies::Cached, {}));
        QVERIFY(image);
        QVERIFY(textAt(image->spans()[0]) == U"café crème");
    }

    void anotherTextUnderTheSamePathIsSeen()
    {
        Setting setting;
        setting.folder.write(u"a"_s, "caf\xC3\xA9");
        QVERIFY(setting.build({u"a"_s}));
        setting.folder.write(u"a"_s, "caf\xC3\xA8");
        QVERIFY(textAt(setting.build({u"a"_s})->spans()[0]) == U"cafè");
    }

    void noCopyIsLeftWhereNoneIsWanted()
    {
        Setting setting;
        setting.folder.write(u"a"_s, "caf\xC3\xA9");
        {
            const Result<ContextImage> image = setting.build({u"a"_s}, Copies::LeaveNone);
            QVERIFY(textAt(image->spans()[0]) == U"café");
        }
        QCOMPARE(setting.countSets(), 0);
        QVERIFY(QDir(setting.folder.path(u"cache/links"_s)).isEmpty());
    }

    void anImageOutlivesTheClearingOfTheCache()
    {
        Setting setting;
        setting.folder.write(u"a"_s, "caf\xC3\xA9");
        const Result<ContextImage> image = setting.build({u"a"_s});
        setting.cache.clear();
        QVERIFY(textAt(image->spans()[0]) == U"café");
    }

    void aDocumentThatChangedSinceItWasOpenedIsAnErrorThatNamesIt_data()
    {
        QTest::addColumn<QByteArray>("change");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("truncated") << QByteArray("truncate") << ErrorCode::DocumentChanged;
        QTest::newRow("overwritten") << QByteArray("overwrite") << ErrorCode::DocumentChanged;
        QTest::newRow("deleted") << QByteArray("delete") << ErrorCode::NotFound;
    }
    void aDocumentThatChangedSinceItWasOpenedIsAnErrorThatNamesIt()
    {
        QFETCH(QByteArray, change);
        QFETCH(ErrorCode, code);
        for (const QByteArray& text :
            {QByteArray("plain text"), QByteArray("caf\xC3\xA9").repeated(100'000)}) {
            Setting setting;
            const QString path = setting.folder.write(u"a"_s, text);
            const Result<Corpus> corpus = setting.open({u"a"_s});
            QTest::qWait(20);
            if (change == "truncate")
                QVERIFY(QFile::resize(path, 3));
            else if (change == "overwrite")
                setting.folder.write(u"a"_s, QByteArray(text).replace('a', 'b'));
            else
                QVERIFY(QFile::remove(path));
            const Result<ContextImage> image
                = wait(ContextImage::build(*corpus, setting.cache, Copies::Cached, {}));
            QVERIFY(!image);
            QCOMPARE(image.error().code, code);
            QVERIFY(image.error().message.contains(path));
            QCOMPARE(setting.countSets(), 0);
        }
    }

    void aDocumentThatChangesWhileItIsReadNeverCrashes()
    {
        const QByteArray bytes = QByteArray("\xE4\xB8\xAD\xE6\x96\x87 text ").repeated(400'000);
        for (int round = 0; round < 12; ++round) {
            Setting setting;
            const QString path = setting.folder.write(u"a"_s, bytes);
            const Result<Corpus> corpus = setting.open({u"a"_s});
            Task<Result<ContextImage>> building
                = ContextImage::build(*corpus, setting.cache, Copies::Cached, {});
            QThread::usleep(static_cast<unsigned long>(round) * 700);
            if (round % 2)
                QVERIFY(QFile::resize(path, 100));
            else
                setting.folder.write(u"a"_s, QByteArray(bytes.size(), '\xF0'));
            const Result<ContextImage> image = wait(std::move(building));
            if (!image)
                QCOMPARE(image.error().code, ErrorCode::DocumentChanged);
            else
                QVERIFY(textAt(image->spans()[0]) == fromUtf8(bytes));
        }
    }

    void buildingStopsWithin100Milliseconds()
    {
        Setting setting;
        const QString path = setting.folder.write(u"a"_s, "plain");
        QVERIFY(QFile::resize(path, qint64(256) << 30)); // sparse: takes no space, and minutes to read
        setting.encoding = TextEncoding(TextEncoding::Kind::Utf8);
        const Result<Corpus> corpus = setting.open({u"a"_s});
        QVERIFY(corpus);
        std::stop_source stop;
        QElapsedTimer timer;
        QTimer::singleShot(50, this, [&] {
            stop.request_stop();
            timer.start();
        });
        const Result<ContextImage> image
            = wait(ContextImage::build(*corpus, setting.cache, Copies::Cached, stop.get_token()));
        QVERIFY(!image);
        QCOMPARE(image.error().code, ErrorCode::Cancelled);
#ifndef __SANITIZE_THREAD__ // reads ten times as slowly
        QVERIFY2(timer.elapsed() < 100, qPrintable(QString::number(timer.elapsed())));
#endif
    }

    void aFullDiskIsAnErrorThatNamesTheFolder()
    {
        Setting setting;
        setting.cache = *ImageCache::open(
            {.folder = setting.folder.path(u"cache"_s), .keepFreeBytes = qint64(1) << 60});
        setting.folder.write(u"a"_s, "caf\xC3\xA9");
        const Result<ContextImage> image = setting.build({u"a"_s});
        QVERIFY(!image);
        QCOMPARE(image.error().code, ErrorCode::DiskFull);
        QVERIFY(image.error().message.contains(setting.cache.folder()));
        // What can be used in place needs no room.
        setting.folder.write(u"b"_s, "plain");
        QVERIFY(setting.build({u"b"_s}));
    }
};

QTEST_GUILESS_MAIN(ContextImageTest)
#include "tst_context_image.moc"
