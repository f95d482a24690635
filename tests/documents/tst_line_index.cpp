#include "document_fixture.h"
#include "documents/line_index.h"

#include <thread>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

using Kind = TextEncoding::Kind;

std::shared_ptr<const OpenText> openText(
    const Folder& folder, const QByteArray& bytes, std::optional<TextEncoding> encoding = Kind::Utf8)
{
    const auto text = OpenText::open(folder.write(u"a"_s, bytes), encoding);
    return text ? *text : nullptr;
}

/// Where the lines of @p bytes begin, by the definition.
std::vector<qint64> lineStarts(const QByteArray& bytes)
{
    std::vector<qint64> starts = {0};
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const bool lone = bytes[i] == '\r' && (i + 1 == bytes.size() || bytes[i + 1] != '\n');
        if (bytes[i] == '\n' || lone)
            starts.push_back(i + 1);
    }
    return starts;
}

/// Bytes of which many are line breaks of all kinds, the same ones every time.
QByteArray mixedBreaks(qsizetype size, const QByteArray& alphabet)
{
    QByteArray bytes(size, 'x');
    quint32 state = 12345;
    for (char& byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = alphabet[qsizetype(state >> 16) % alphabet.size()];
    }
    return bytes;
}

} // namespace

class LineIndexTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void linesBeginBehindEveryKindOfLineBreak_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("lines");
        QTest::newRow("nothing") << QByteArray() << 1;
        QTest::newRow("no break") << QByteArray("abc") << 1;
        QTest::newRow("LF") << QByteArray("a\nb\n") << 3;
        QTest::newRow("CR LF") << QByteArray("a\r\nb\r\n") << 3;
        QTest::newRow("CR") << QByteArray("a\rb\r") << 3;
        QTest::newRow("mixed") << QByteArray("a\r\rb\n\r\n\nc") << 6;
        QTest::newRow("blocks") << mixedBreaks(300'000, "ab \n\r") << -1;
        QTest::newRow("rare") << mixedBreaks(1'000'000, QByteArray(5000, 'x') + "\r\n") << -1;
        QTest::newRow("CR at the end of a block")
            << QByteArray(65535, 'x') + '\r' + QByteArray(65536, 'y') << 2;
        QTest::newRow("CR LF across blocks") << QByteArray(65535, 'x') + "\r\n" + QByteArray(9, 'y') << 2;
        QTest::newRow("only breaks") << QByteArray(200'000, '\n') << 200'001;
    }
    void linesBeginBehindEveryKindOfLineBreak()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, lines);
        const Folder folder;
        const auto text = openText(folder, bytes);
        LineIndex index(text);
        QVERIFY(index.build({}));
        const std::vector<qint64> starts = lineStarts(bytes);
        if (lines >= 0)
            QCOMPARE(std::ssize(starts), lines);
        QVERIFY(index.isComplete());
        QCOMPARE(index.lineCount(), std::ssize(starts));
        const qint64 step = std::max<qint64>(1, std::ssize(starts) / 500);
        for (qint64 line = 0; line < std::ssize(starts); line += step) {
            const ByteOffset start{starts[size_t(line)]};
            QCOMPARE(index.startOf({line}), start);
            QCOMPARE(index.lineAt(start), LineNumber{line});
            if (line > 0)
                QCOMPARE(index.lineAt(start - ByteOffset{1}), LineNumber{line - 1});
        }
        QCOMPARE(index.startOf({std::ssize(starts)}), std::nullopt);
    }

    void linesOfUtf16AreFound_data()
    {
        QTest::addColumn<bool>("little");
        QTest::addColumn<QByteArray>("mark");
        QTest::newRow("little") << true << QByteArray();
        QTest::newRow("big") << false << QByteArray();
        QTest::newRow("little, marked") << true << QByteArray("\xFF\xFE");
        QTest::newRow("big, marked") << false << QByteArray("\xFE\xFF");
    }
    void linesOfUtf16AreFound()
    {
        QFETCH(bool, little);
        QFETCH(QByteArray, mark);
        const Folder folder;
        // U+0A0D and U+0D0A have the bytes of line breaks, and are none.
        const QString one = u"ab\u0A0D\u0D0A\u4E00\r\nc\rd\n"_s;
        const QByteArray bytes
            = utf16(one.repeated(20'000), mark, little ? std::endian::little : std::endian::big);
        const auto text = openText(folder, bytes, little ? Kind::Utf16Le : Kind::Utf16Be);
        LineIndex index(text);
        QVERIFY(index.build({}));
        QCOMPARE(index.lineCount(), 60'001);
        for (qint64 n = 0; n < 20'000; n += 1777) {
            const ByteOffset start = text->begin() + ByteOffset{n * one.size() * 2};
            QCOMPARE(index.startOf({n * 3}), start);
            QCOMPARE(index.startOf({n * 3 + 1}), start + ByteOffset{14});
            QCOMPARE(index.lineAt(start + ByteOffset{14}), LineNumber{n * 3 + 1});
        }
    }

    void theFirstLinesCanBeAskedForBeforeAnythingIsCounted()
    {
        const Folder folder;
        LineIndex index(openText(folder, "a\nb\n"));
        QVERIFY(!index.isComplete());
        QCOMPARE(index.lineCount(), 1);
        QCOMPARE(index.startOf({0}), ByteOffset{0});
        QCOMPARE(index.startOf({1}), std::nullopt);
        QCOMPARE(index.lineAt({2}), std::nullopt);
    }

    void whatIsKnownGrowsAndCanBeAskedForMeanwhile()
    {
        const Folder folder;
        const auto text = openText(folder, QByteArray("0123456789abcde\n").repeated(16 << 20 >> 1));
        LineIndex index(text);
        std::jthread builder([&index] { std::ignore = index.build({}); });
        qint64 known = 0;
        while (!index.isComplete()) {
            const qint64 lines = index.lineCount();
            QVERIFY(lines >= known);
            known = lines;
            QCOMPARE(index.startOf({lines - 1}), ByteOffset{(lines - 1) * 16});
        }
        QCOMPARE(index.lineCount(), (8 << 20) + 1);
    }

    void countingStopsWhenItIsAskedTo()
    {
        const Folder folder;
        LineIndex index(openText(folder, QByteArray(1 << 20, '\n')));
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(index.build(stop.get_token()).error().code, ErrorCode::Cancelled);
        QVERIFY(!index.isComplete());
    }

    void aDocumentThatShrinksIsReportedAndCanStillBeAskedAbout()
    {
        const Folder folder;
        const auto text = openText(folder, QByteArray("line\n").repeated(400'000));
        LineIndex index(text);
        QVERIFY(index.build({}));
        QVERIFY(QFile::resize(text->path(), 1000));
        QVERIFY(index.startOf({399'000}));
        QVERIFY(index.lineAt({1'999'000}));
        LineIndex again(text);
        QCOMPARE(again.build({}).error().code, ErrorCode::DocumentChanged);
    }

    void memoryDoesNotGrowWithTheLines()
    {
        const Folder folder;
        const LineIndex index(openText(folder, QByteArray(10'000'000, '\n')));
        QVERIFY(index.memoryBytes() < 2000);
    }
};

QTEST_GUILESS_MAIN(LineIndexTest)
#include "tst_line_index.moc"
