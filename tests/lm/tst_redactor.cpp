#include "lm/redactor.h"

#include <QTest>

using namespace burrow;

namespace {

QByteArray streamed(Redactor redactor, QByteArrayView text, qsizetype pieceSize)
{
    QByteArray out;
    while (!text.isEmpty()) {
        const qsizetype size = qMin(pieceSize, text.size());
        out += redactor.feed(text.first(size));
        text.slice(size);
    }
    return out + redactor.finish();
}

} // namespace

class RedactorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSecretIsReplacedHoweverTheStreamIsSplit_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("clean");
        const auto row = [](const char* name, const char* text, const char* clean) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(clean);
        };
        row("in the middle", "your key sk-sk-1234 is wrong", "your key [key] is wrong");
        row("alone", "sk-sk-1234", "[key]");
        row("twice", "sk-sk-1234sk-sk-1234", "[key][key]");
        row("after its own beginning", "sk-sk-sk-1234", "sk-[key]");
        row("only its beginning", "sk-sk-123", "sk-sk-123");
        row("not there", "nothing to see", "nothing to see");
        row("empty", "", "");
    }
    void aSecretIsReplacedHoweverTheStreamIsSplit()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, clean);
        const Redactor redactor({"sk-sk-1234"});
        QCOMPARE(redactor.redacted(text), clean);
        for (qsizetype pieceSize = 1; pieceSize <= qMax(1, text.size()); ++pieceSize)
            QCOMPARE(streamed(redactor, text, pieceSize), clean);
    }

    void everySecretIsReplaced()
    {
        const Redactor redactor({"password", "user:password"});
        const QByteArray text = "user:password and password";
        for (qsizetype pieceSize = 1; pieceSize <= text.size(); ++pieceSize)
            QVERIFY(!streamed(redactor, text, pieceSize).contains("password"));
        QCOMPARE(redactor.redacted(text), "[key] and [key]");
    }

    void aSecretIsReplacedHoweverJsonSpellsIt_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("clean");
        const auto row = [](const char* name, const char* text, const char* clean) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(clean);
        };
        row("a slash", R"(no sk-KEY\/jz=x at)", "no [key] at");
        row("code points", R"(\u0073\u006b\u002d\u004B\u0045\u0059\u002F\u006A\u007a\u003D\u0078.)",
            "[key].");
        row("both, twice", R"(\n\u0073k-KEY\/jz\u003Dx\u0073k-KEY/jz=x)", R"(\n[key][key])");
        row("after its own beginning", R"(sk-\u0073k-KEY/jz=x)", "sk-[key]");
        row("only its beginning", R"(\u0073k-KEY\/j\u007)", R"(\u0073k-KEY\/j\u007)");
        row("other escapes", R"(\u0073k-KEY\njz)", R"(\u0073k-KEY\njz)");
    }
    void aSecretIsReplacedHoweverJsonSpellsIt()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, clean);
        const Redactor redactor({"sk-KEY/jz=x"});
        QCOMPARE(redactor.redacted(text), clean);
        for (qsizetype pieceSize = 1; pieceSize <= text.size(); ++pieceSize)
            QCOMPARE(streamed(redactor, text, pieceSize), clean);
    }

    void wordsThatStandForNoKeyStay()
    {
        const Redactor redactor({"ollama", "EMPTY", "x", ""});
        QCOMPARE(redactor.redacted("ollama run x; empty EMPTY"), "ollama run x; empty EMPTY");
    }

    void textWithoutASecretIsHeldBackNoLongerThanNeeded()
    {
        Redactor redactor({"secret"});
        QCOMPARE(redactor.feed("abc sec"), "abc ");
        QCOMPARE(redactor.feed("ond"), "second");
    }
};

QTEST_GUILESS_MAIN(RedactorTest)
#include "tst_redactor.moc"
