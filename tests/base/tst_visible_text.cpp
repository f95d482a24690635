#include "base/visible_text.h"

#include <QTest>

using namespace burrow;

class VisibleTextTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatCouldSteerATerminalIsShown_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* name, QByteArray text, const char* shown) {
            QTest::newRow(name) << text << QByteArray(shown);
        };
        row("escape", "\033[31mred\033]0;title\a", "␛[31mred␛]0;title␇");
        row("NUL", QByteArray("a\0b", 3), "a␀b");
        row("carriage return", "safe\rrm -rf", "safe␍rm -rf");
        row("backspace and DEL", "a\bb\x7F", "a␈b␡");
        row("C1 CSI", "\u009B31m", "⟨U+009B⟩31m");
        row("bidi override", "\u202Etxt.exe\u202C", "⟨U+202E⟩txt.exe⟨U+202C⟩");
        row("bidi isolate", "\u2066a\u2069", "⟨U+2066⟩a⟨U+2069⟩");
        row("line separator", "a\u2028b", "a⟨U+2028⟩b");
        row("zero-width space", "a\u200Bb", "a⟨U+200B⟩b");
        row("byte order mark", "\uFEFFa", "⟨U+FEFF⟩a");
        row("tag beyond the first plane", "a\U000E0041", "a⟨U+E0041⟩");
        row("joiner between Latin letters", "a\u200Db", "a⟨U+200D⟩b");
        row("second joiner", "\u200D\u200D", "⟨U+200D⟩⟨U+200D⟩");
        row("invalid UTF-8", "a\xFFz", "a\uFFFDz");
        row("cut UTF-8", "a\xE4\xBD", "a\uFFFD\uFFFD");
    }
    void whatCouldSteerATerminalIsShown()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(visibleText(text, LineMode::MultiLine), shown);
        QCOMPARE(visibleText(text, LineMode::SingleLine), shown);
    }

    void ordinaryTextComesBackShared_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "plain ASCII ~", "Grüße, мир, 你好, שלום",
                 "\U0001F468\u200D\U0001F469\u200D\U0001F467 \u2764\uFE0F", "می\u200Cخواهم"})
            QTest::newRow(text) << QString::fromUtf8(text);
    }
    void ordinaryTextComesBackShared()
    {
        QFETCH(QString, text);
        const QString shown = visibleText(text, LineMode::SingleLine);
        QCOMPARE(shown, text);
        QCOMPARE(static_cast<const void*>(shown.constData()), static_cast<const void*>(text.constData()));
        QCOMPARE(visibleText(text.toUtf8(), LineMode::SingleLine), text.toUtf8());
    }

    void newlinesAndTabsStayInSeveralLines()
    {
        const QByteArray text = "one\n\ttwo \033";
        QCOMPARE(visibleText(text, LineMode::MultiLine), "one\n\ttwo ␛");
        QCOMPARE(visibleText(text, LineMode::SingleLine), "one␊␉two ␛");
    }

    void loneSurrogatesAreReplaced()
    {
        QCOMPARE(visibleText(QString(QChar(0xD83D)) + u'a' + QChar(0xDE00), LineMode::SingleLine),
            QStringLiteral("\uFFFDa\uFFFD"));
    }
};

QTEST_APPLESS_MAIN(VisibleTextTest)
#include "tst_visible_text.moc"
