#include "document_fixture.h"
#include "documents/text_rows.h"

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

using Kind = TextEncoding::Kind;

std::shared_ptr<const OpenText> openText(
    const Folder& folder, const QByteArray& bytes, const TextEncoding& encoding = Kind::Utf8)
{
    const auto text = OpenText::open(folder.write(u"a"_s, bytes), encoding);
    return text ? *text : nullptr;
}

std::vector<TextRow> allRows(const TextRows& rows)
{
    std::vector<TextRow> all;
    for (std::optional<TextRow> row = rows.rowAt({0}); row; row = rows.rowAfter(*row))
        all.push_back(*row);
    return all;
}

QByteArray textOf(const OpenText& text, const TextRow& row)
{
    const Bytes bytes = text.bytes(row.begin, row.end);
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
}

} // namespace

class TextRowsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void shortLinesAreRows()
    {
        const Folder folder;
        const auto text = openText(folder, "one\r\ntwo\n\nfour\rfive\n");
        const TextRows rows(*text);
        QByteArrayList found;
        for (const TextRow& row : allRows(rows))
            found << textOf(*text, row);
        QCOMPARE(found, (QByteArrayList{"one", "two", "", "four", "five", ""}));
    }

    void theSameRowsAreFoundFromEverywhere_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("encoding");
        const auto lines = [](std::initializer_list<int> lengths, const char* lineBreak) {
            QByteArray bytes;
            for (const int length : lengths)
                bytes += QByteArray(length, 'x') + lineBreak;
            return bytes;
        };
        QTest::newRow("nothing") << QByteArray() << QByteArray("utf-8");
        QTest::newRow("around the limit")
            << lines({4000, 95, 4095, 4096, 4097, 8191, 8192, 8193, 3, 20'000}, "\n") << QByteArray("utf-8");
        QTest::newRow("CR LF") << lines({4094, 4095, 8190, 8191, 12'286, 0, 0, 9000}, "\r\n")
                               << QByteArray("utf-8");
        QTest::newRow("CR") << lines({4094, 4095, 8190, 8191, 12'286, 0, 0, 9000}, "\r")
                            << QByteArray("utf-8");
        QTest::newRow("words") << QByteArray("word and ").repeated(3000) << QByteArray("utf-8");
        QTest::newRow("Chinese") << u"中文"_s.repeated(7001).toUtf8() << QByteArray("utf-8");
        QTest::newRow("emoji") << u"x😀"_s.repeated(5001).toUtf8() << QByteArray("utf-8");
        QTest::newRow("broken UTF-8") << QByteArray(20'001, '\x80') << QByteArray("utf-8");
        QTest::newRow("UTF-16") << utf16(u"x😀中"_s.repeated(5001) + u"\r\nend"_s, "", std::endian::little)
                                << QByteArray("utf-16-le");
        QTest::newRow("odd UTF-16") << utf16(u"ab\r\n"_s.repeated(3000), "\xFE\xFF", std::endian::big) + 'x'
                                    << QByteArray("utf-16-be");
    }
    void theSameRowsAreFoundFromEverywhere()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, encoding);
        const Folder folder;
        const auto text = openText(folder, bytes, *TextEncoding::fromName(encoding));
        const TextRows rows(*text);
        const std::vector<TextRow> all = allRows(rows);
        QCOMPARE(all.front().begin, text->begin());
        QCOMPARE(all.back().next, text->end());
        for (size_t i = 0; i < all.size(); ++i) {
            const TextRow& row = all[i];
            QVERIFY(row.end - row.begin <= ByteOffset{2 * 4096 + 4});
            QCOMPARE(rows.rowBefore(row), i == 0 ? std::nullopt : std::optional(all[i - 1]));
            if (i + 1 < all.size())
                QCOMPARE(all[i + 1].begin, row.next);
            for (ByteOffset at = row.begin; at < row.next; at += ByteOffset{101})
                QCOMPARE(rows.rowAt(at), row);
            if (row.next > row.begin && (row.next < text->end() || row.end == row.next))
                QCOMPARE(rows.rowAt(row.next - ByteOffset{1}), row);
        }
    }

    void longLinesAreCutBetweenCharactersAndBestBehindASpace()
    {
        const Folder folder;
        const QByteArray bytes = u"中文😀"_s.repeated(4000).toUtf8() + QByteArray("word ").repeated(4000);
        const auto text = openText(folder, bytes);
        const TextRows rows(*text);
        QByteArray joined;
        for (const TextRow& row : allRows(rows)) {
            const QByteArray part = textOf(*text, row);
            QVERIFY(!QString::fromUtf8(part).contains(QChar::ReplacementCharacter));
            if (row.begin.value > 50'000 && row.end < text->end())
                QVERIFY(part.endsWith(' '));
            QCOMPARE(rows.beginsLine(row), row.begin.value == 0);
            joined += part;
        }
        QCOMPARE(joined, bytes);
    }

    void aPlaceOutsideTheTextIsTheNearestRow()
    {
        const Folder folder;
        const auto text = openText(folder, "\xEF\xBB\xBFone\ntwo");
        const TextRows rows(*text);
        QCOMPARE(rows.rowAt({0}), (TextRow{{3}, {6}, {7}}));
        QCOMPARE(rows.rowAt({1'000'000}), (TextRow{{7}, {10}, {10}}));
        QCOMPARE(rows.rowAt({-5}), (TextRow{{3}, {6}, {7}}));
    }
};

QTEST_GUILESS_MAIN(TextRowsTest)
#include "tst_text_rows.moc"
