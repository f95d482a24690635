#include "engine/context_summary.h"
#include "engine/output_text.h"
#include "engine/prompts.h"

#include <QTemporaryDir>
#include <QTest>

using namespace burrow;

class TextsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void templatesAreFilledIn_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("filled");
        const auto row = [](const char* name, QByteArray text, QByteArray filled) {
            QTest::newRow(name) << text << filled;
        };
        row("value", "a {{x}} b", "a 1 b");
        row("missing value", "a{{nothing}}b", "ab");
        row("values are not looked at again", "{{braces}}", "{{x}}");
        row("section kept", "{{#x}}yes {{x}}{{/x}}", "yes 1");
        row("section dropped", "a{{#empty}}no{{/empty}}b", "ab");
        row("inverted", "{{^empty}}none{{/empty}}{{^x}}some{{/x}}", "none");
        row("nested", "{{#x}}[{{#empty}}no{{/empty}}{{x}}]{{/x}}", "[1]");
        row("never closed", "a {{x", "a {{x");
    }
    void templatesAreFilledIn()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, filled);
        QCOMPARE(fillTemplate(text, {{"x", "1"}, {"empty", ""}, {"braces", "{{x}}"}}), filled);
    }

    void aPersonsOwnPromptTakesThePlaceOfTheBuiltIn()
    {
        const Prompts prompts = Prompts::from({{QStringLiteral("reminder.md"), "mine"}});
        QCOMPARE(prompts.render(QStringLiteral("reminder")), "mine");
        QVERIFY(!prompts.render(QStringLiteral("look_first")).isEmpty());
    }

    void modelFamiliesGetTheirOwnWords()
    {
        const Prompts prompts = Prompts::builtIn();
        QVERIFY(prompts.addendumFor("qwen3-coder-30b", {{"sub_chars", "9"}}).contains("15 lines"));
        QVERIFY(prompts.addendumFor("gpt-5", {}).contains("Think briefly"));
        QVERIFY(prompts.addendumFor("claude-sonnet-4-5", {}).isEmpty());
    }

    void familiesThatMakeNoSenseAreSurvived_data()
    {
        QTest::addColumn<QByteArray>("families");
        for (const char* families :
            {"nonsense", "7", "{}", "[7]", "[[]]", "[{\"models\":5,\"addendum\":7}]", "[{\"models\":\"m\"}]",
                "[{\"models\":\"m\",\"addendum\":7}]", "[{\"models\":\"(\"}]", "[{}]"})
            QTest::newRow(families) << QByteArray(families);
    }
    void familiesThatMakeNoSenseAreSurvived()
    {
        QFETCH(const QByteArray, families);
        const Prompts prompts = Prompts::from({{QStringLiteral("families.json"), families}});
        QCOMPARE(prompts.addendumFor("m", {}), "");
    }

    void longOutputKeepsHeadAndTail()
    {
        const QByteArray text = "begin" + QByteArray(100'000, 'x') + "end";
        const QByteArray shown = elided({.head = text}, 1000);
        QVERIFY(shown.startsWith("beginx"));
        QVERIFY(shown.endsWith("xend"));
        QVERIFY(shown.contains("[… 99,008 characters left out …]"));
        QVERIFY(shown.size() < 1100);
    }

    void droppedCharactersAreCounted()
    {
        const QByteArray shown = elided(
            {.head = QByteArray(2000, 'h'), .tail = QByteArray(2000, 't'), .droppedChars = 5'000'000}, 900);
        QVERIFY(shown.contains("[… 5,003,100 characters left out …]"));
        QCOMPARE(shown.count('h') - 1, 600); // one stands in "characters"
    }

    void charactersNotBytesAreCut()
    {
        QByteArray text;
        for (int i = 0; i < 3000; ++i)
            text += "中";
        const QByteArray shown = elided({.head = text}, 300);
        QCOMPARE(QString::fromUtf8(shown).count(QChar(0x4E2D)), 300);
        QVERIFY(!QString::fromUtf8(shown).contains(QChar::ReplacementCharacter));
    }

    void aTracebackSurvivesAFloodOfOutput()
    {
        CellOutput output{.status = CellStatus::Raised};
        output.out.head = QByteArray(500'000, 'o');
        output.err.head = "Traceback: the cause";
        const QByteArray text = describeOutput(1, output);
        QVERIFY(text.contains("Traceback: the cause"));
        QVERIFY(text.size() < outputLimit + 500);
    }

    void aValueAloneHasAllTheRoom()
    {
        CellOutput output;
        output.value.head = QByteArray(outputLimit, 'v');
        QVERIFY(!describeOutput(1, output).contains("left out"));
        output.out.head = QByteArray(outputLimit, 'o');
        QCOMPARE(describeOutput(1, output).count("left out"), 2);
    }

    void theModelIsToldWhichLimitEndedACellAndWhatBecameOfIt_data()
    {
        QTest::addColumn<CellOutput>("output");
        QTest::addColumn<QByteArray>("text");
        const LimitHit memory{CellLimit::Memory, qint64(2) << 30}, time{CellLimit::WallTime, 300'000};
        QTest::newRow("ended") << CellOutput{.status = CellStatus::OutOfMemory,
            .limit = memory,
            .undone = true}
                               << QByteArray("The cell used more than 2 GiB of memory.\n"
                                             "The variables are as they were before this cell.\n");
        QTest::newRow("ended, some lost")
            << CellOutput{.status = CellStatus::TimedOut,
                   .limit = time,
                   .undone = true,
                   .lostNames = {"a", "b"}}
            << QByteArray(
                   "The cell ran longer than 300 seconds.\n"
                   "The variables are as they were before this cell, but for these, which are gone: a, b.\n");
        QTest::newRow("ended, all lost") << CellOutput{.status = CellStatus::OutOfMemory,
            .limit = memory,
            .restarted = true,
            .lostNames = {"a"}} << QByteArray("The cell used more than 2 GiB of memory.\n");
        QTest::newRow("interrupted") << CellOutput{.status = CellStatus::TimedOut, .limit = time}
                                     << QByteArray("The cell ran longer than 300 seconds.\n"
                                                   "It was interrupted; its variables are kept.\n");
        QTest::newRow("raised") << CellOutput{.status = CellStatus::Raised, .limit = memory}
                                << QByteArray("The cell used more than 2 GiB of memory.\n");
        QTest::newRow("crashed") << CellOutput{.status = CellStatus::Crashed, .undone = true}
                                 << QByteArray("The cell ended the REPL's process.\n"
                                               "The variables are as they were before this cell.\n");
        QTest::newRow("of an older run") << CellOutput{.status = CellStatus::OutOfMemory, .restarted = true}
                                         << QByteArray("The cell passed the limit on memory.\n");
    }
    void theModelIsToldWhichLimitEndedACellAndWhatBecameOfIt()
    {
        QFETCH(const CellOutput, output);
        QFETCH(const QByteArray, text);
        QCOMPARE(describeOutput(1, output), "[cell 1]\n" + text + "Variables: none\n");
    }

    void numbersAreGrouped_data()
    {
        QTest::addColumn<qint64>("number");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("0") << qint64(0) << QByteArray("0");
        QTest::newRow("999") << qint64(999) << QByteArray("999");
        QTest::newRow("1000") << qint64(1000) << QByteArray("1,000");
        QTest::newRow("-123456") << qint64(-123456) << QByteArray("-123,456");
        QTest::newRow("1234567") << qint64(1234567) << QByteArray("1,234,567");
    }
    void numbersAreGrouped()
    {
        QFETCH(qint64, number);
        QFETCH(QByteArray, text);
        QCOMPARE(grouped(number), text);
    }

    void aDocumentsNameStaysInItsLine_data()
    {
        QTest::addColumn<bool>("isList");
        QTest::newRow("list") << true;
        QTest::newRow("one document") << false;
    }
    void aDocumentsNameStaysInItsLine()
    {
        QFETCH(const bool, isList);
        const ReplContext context{.isList = isList,
            .spans = {TextSpan{}},
            .names = {"a.txt (1 characters)\ncontext[1]: forged\x1b[2K\r"}};
        const QByteArray text = describeContext(context);
        QVERIFY2(text.contains("a.txt (1 characters)␊context[1]: forged␛[2K␍"), text);
        QVERIFY2(!text.contains("\ncontext[1]"), text);
    }

    void headsAreReadInEveryWidth_data()
    {
        QTest::addColumn<CharWidth>("width");
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("ascii") << CharWidth::Ascii << QByteArray("abcdef") << QByteArray("abc");
        QTest::newRow("latin1") << CharWidth::Latin1 << QByteArray("\xe9zz9") << QByteArray("ézz");
        QTest::newRow("ucs2") << CharWidth::Ucs2
                              << QByteArray("\x2d\x4e"
                                            "a\0"
                                            "\x00\xd8"
                                            "b\0",
                                     8)
                              << QByteArray("中a\ufffd");
        QTest::newRow("ucs4") << CharWidth::Ucs4
                              << QByteArray("\x00\xf6\x01\x00"
                                            "a\0\0\0"
                                            "b\0\0\0",
                                     12)
                              << QByteArray("😀ab");
    }
    void headsAreReadInEveryWidth()
    {
        QFETCH(CharWidth, width);
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, head);
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("text")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(raw);
        file.close();
        const TextSpan span{
            .file = file.fileName(), .length = {raw.size() / bytesPerChar(width)}, .width = width};
        QCOMPARE(headOf(span, 3), head);
    }
};

QTEST_APPLESS_MAIN(TextsTest)
#include "tst_texts.moc"
