#include "base/columns.h"

#include <QTest>

using namespace burrow;

class ColumnsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTextIsCutWhereTheColumnsEnd_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("columns");
        QTest::addColumn<QString>("cut");
        const auto row = [](const char* name, const char* text, int columns, const char* cut) {
            QTest::newRow(name) << QString::fromUtf8(text) << columns << QString::fromUtf8(cut);
        };
        row("fits", "abc", 3, "abc");
        row("too long", "abcd", 3, "ab…");
        row("one column", "abcd", 1, "…");
        row("wide fits", "中文", 4, "中文");
        row("wide too long", "中文", 3, "中…");
        row("half a character is none", "中文字", 4, "中…");
        row("Hangul", "한국어", 5, "한국…");
        row("emoji", "a😀b😀", 5, "a😀b…");
        row("combining mark", "e\u0301e\u0301e\u0301", 2, "e\u0301…");
        row("narrow symbols", "● · …", 5, "● · …");
        row("empty", "", 1, "");
    }
    void aTextIsCutWhereTheColumnsEnd()
    {
        QFETCH(const QString, text);
        QFETCH(const int, columns);
        QFETCH(const QString, cut);
        QCOMPARE(cutToColumns(text, columns), cut);
        QVERIFY(columnsOf(cut) <= columns);
    }
};

QTEST_GUILESS_MAIN(ColumnsTest)
#include "tst_columns.moc"
