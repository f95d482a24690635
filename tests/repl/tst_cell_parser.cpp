#include "repl/cell_parser.h"

#include <QTest>

using namespace burrow;

class CellParserTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cellsAreFound_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QByteArrayList>("cells");
        QTest::addColumn<bool>("cutOff");
        const auto row = [](const char* name, QByteArray reply, QByteArrayList cells, bool cutOff = false) {
            QTest::newRow(name) << std::move(reply) << std::move(cells) << cutOff;
        };
        row("repl", "Look:\n```repl\nprint(1)\n```\nthen", {"print(1)\n"});
        row("python and py", "```python\na = 1\n```\n```py\nb = 2\n```\n", {"a = 1\n", "b = 2\n"});
        row("upper case", "```Python\na\n```", {"a\n"});
        row("other tags do not run", "```json\n{}\n```\n```\nplain\n```\n```bash\nls\n```\n", {});
        row("crlf", "```repl\r\na = 1\r\nb = 2\r\n```\r\n", {"a = 1\r\nb = 2\r\n"});
        row("indented", "1. first\n   ```repl\n   if x:\n       y\n   ```\n", {"if x:\n    y\n"});
        row("longer fence holds a shorter one", "````repl\nt = '''\n```\nx\n```\n'''\n````\n",
            {"t = '''\n```\nx\n```\n'''\n"});
        row("balanced fence of the same length", "```repl\nt = '''\n```json\n{}\n```\n'''\n```\nafter",
            {"t = '''\n```json\n{}\n```\n'''\n"});
        row("tildes", "~~~repl\na\n```\n~~~\n", {"a\n```\n"});
        row("tag with attributes", "```python {.numbered}\na\n```", {"a\n"});
        row("cut off", "```repl\na = 1\n```\nand\n```repl\nb = ", {"a = 1\n"}, true);
        row("cut off at the fence", "```repl", {}, true);
        row("unclosed before the next", "```repl\na = 1\n```repl\nb = 2\n```\n", {"a = 1\n```repl\nb = 2\n"});
        row("inline code is no fence", "Use ```repl print(1)``` here\n", {});
        row("in a think block", "<think>\n```repl\nbad()\n```\n</think>\n```repl\ngood()\n```", {"good()\n"});
        row("think block without its opening", "```repl\nbad()\n```\n</think>\n```repl\ngood()\n```",
            {"good()\n"});
        row("think block without its end", "<think>\n```repl\nbad()\n```\n", {});
        row("think tags in code are code", "```repl\nx.split('</think>')\n```", {"x.split('</think>')\n"});
        row("two think blocks", "<think>a</think>x<think>\n```repl\nb\n```\n</think>", {});
        row("empty cell", "```repl\n```", {""});
        row("nothing", "", {});
    }
    void cellsAreFound()
    {
        QFETCH(QByteArray, reply);
        QFETCH(QByteArrayList, cells);
        QFETCH(bool, cutOff);
        const ParsedReply parsed = parseReply(reply);
        QCOMPARE(QByteArrayList(parsed.cells.begin(), parsed.cells.end()), cells);
        QCOMPARE(parsed.cutOffCell, cutOff);
    }

    void finalFormsAreFoundOutsideCode_data()
    {
        using Form = FinalText::Form;
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<std::optional<FinalText>>("final");
        const auto row = [](const char* name, QByteArray reply, std::optional<FinalText> final) {
            QTest::newRow(name) << std::move(reply) << std::move(final);
        };
        row("text", "Done.\nFINAL(42)", FinalText{Form::Text, "42"});
        row("quoted", "FINAL(\"the fox\")\n", FinalText{Form::Text, "the fox"});
        row("several lines", "FINAL(one\ntwo (three)\nfour)\n",
            FinalText{Form::Text, "one\ntwo (three)\nfour"});
        row("prose behind it", "FINAL(42)\n\nNote: this is sure (as seen above).",
            FinalText{Form::Text, "42"});
        row("prose behind it in its line", "FINAL(42) Note: sure (as seen).", FinalText{Form::Text, "42"});
        row("a full stop behind it", "FINAL(4 (four)).\n(Done.)", FinalText{Form::Text, "4 (four)"});
        row("a parenthesis in quotes", "FINAL(\"a) b\")\n(Done)", FinalText{Form::Text, "a) b"});
        row("an apostrophe", "FINAL(It's 5 (five))\nThat's (all).", FinalText{Form::Text, "It's 5 (five)"});
        row("a numbered list", "FINAL(Steps:\n1) one\n2) two)\n(Done)",
            FinalText{Form::Text, "Steps:\n1) one\n2) two"});
        row("one opened too many", "FINAL(a (b)\n", FinalText{Form::Text, "a (b"});
        row("empty", "FINAL()", FinalText{Form::Text, ""});
        row("variable", "  FINAL_VAR(result)  ", FinalText{Form::Variable, "result"});
        row("quoted variable", "FINAL_VAR('result')", FinalText{Form::Variable, "result"});
        row("not on its own line", "I will call FINAL(42) later", std::nullopt);
        row("in a cell", "```repl\nFINAL(42)\n```", std::nullopt);
        row("in another block", "```\nFINAL(42)\n```", std::nullopt);
        row("in a think block", "<think>\nFINAL(1)\n</think>\nFINAL(2)", FinalText{Form::Text, "2"});
        row("never closed", "FINAL(42", std::nullopt);
        row("none", "I plan to look.", std::nullopt);
    }
    void finalFormsAreFoundOutsideCode()
    {
        QFETCH(QByteArray, reply);
        QFETCH(std::optional<FinalText>, final);
        QVERIFY(parseReply(reply).final == final);
    }

    void proseIsWhatStandsOutsideCells()
    {
        const ParsedReply parsed
            = parseReply("<think>hm</think>Plan:\n```repl\nx\n```\nkeep\n```json\n{}\n```\n");
        QCOMPARE(parsed.prose, "Plan:\nkeep\n```json\n{}\n```");
    }
};

QTEST_APPLESS_MAIN(CellParserTest)
#include "tst_cell_parser.moc"
