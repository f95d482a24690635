#include "document_fixture.h"
#include "documents/text_search.h"

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

using Kind = TextEncoding::Kind;
using Syntax = SearchPattern::Syntax;
using Case = SearchPattern::Case;

std::shared_ptr<const OpenText> openText(
    const Folder& folder, const QByteArray& bytes, const TextEncoding& encoding = Kind::Utf8)
{
    const auto text = OpenText::open(folder.write(u"a"_s, bytes), encoding);
    return text ? *text : nullptr;
}

struct Found {
    std::vector<TextMatch> matches;
    Result<TextSearch::Ending> ending;
};

Found search(const OpenText& text, const SearchPattern& pattern, const StopToken& stop = {})
{
    Found found;
    const auto compiled = TextSearch::compile(pattern);
    if (!compiled) {
        found.ending = std::unexpected(compiled.error());
        return found;
    }
    found.ending = compiled->run(
        text,
        [&found](const TextSearch::Part& part) {
            found.matches.insert(found.matches.end(), part.matches.begin(), part.matches.end());
        },
        stop);
    return found;
}

QStringList textsOf(const OpenText& text, const std::vector<TextMatch>& matches)
{
    QStringList texts;
    for (const TextMatch& match : matches) {
        const Bytes bytes = text.bytes(match.begin, match.end);
        std::vector<char32_t> characters(bytes.size());
        const qint64 count = text.decoder().decode(bytes, CharWidth::Ucs4, characters.data());
        texts << QString::fromUcs4(characters.data(), count);
    }
    return texts;
}

SearchPattern regex(const QString& text)
{
    return {text, Syntax::Regex, Case::Sensitive};
}

} // namespace

class TextSearchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void matchesAreFound_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QStringList>("expected");
        const auto row
            = [](const char* name, const QString& text, const QString& pattern, const QStringList& expected) {
                  QTest::newRow(name) << text << pattern << expected;
              };
        row("a class", u"a1 b22\nc333"_s, u"[0-9]+"_s, {u"1"_s, u"22"_s, u"333"_s});
        row("ends of lines", u"one\ntwo one\r\none"_s, u"one$"_s, {u"one"_s, u"one"_s, u"one"_s});
        row("starts of lines", u"one\rone one\r\none"_s, u"^one"_s, {u"one"_s, u"one"_s, u"one"_s});
        row("start of the subject", u"one\none one"_s, u"\\Aone"_s, {u"one"_s, u"one"_s});
        row("not across lines", u"one\ntwo"_s, u"one\\s+two"_s, {});
        row("a negated class stays in its line", u"a\"b\nc\"d"_s, u"\"[^\"]*"_s, {u"\"b"_s, u"\"d"_s});
        row("possessive before a line's end", u"foo  \nbar"_s, u"foo\\s++$"_s, {u"foo  "_s});
        row("looks ahead at the line's end", u"foo\nbar"_s, u"foo(?!\\n)"_s, {u"foo"_s});
        row("looks behind", u"xfoo yfoo"_s, u"(?<=y)foo"_s, {u"foo"_s});
        row("looks behind over a kept part", u"xfoo yfoo"_s, u"y\\Kfoo"_s, {u"foo"_s});
        row("a reference back", u"abab abac"_s, u"(..)\\1"_s, {u"abab"_s});
        row("Unicode letters", u"naïve 中文 x"_s, u"\\w{2,}"_s, {u"naïve"_s, u"中文"_s});
        row("a new letter", u"a\U0001E900b"_s, u"\\w+"_s, {u"a\U0001E900b"_s});
        row("any case", u"Straße STRASSE Kelvin \u212Aelvin"_s, u"(?i)kelvin"_s,
            {u"Kelvin"_s, u"\u212Aelvin"_s});
        row("dot is a character", u"x😀y"_s, u"x.y"_s, {u"x😀y"_s});
        row("a class beyond ASCII", u"xéy xèy"_s, u"x[é]y"_s, {u"xéy"_s});
        row("empty lines", u"a\n\nb\n"_s, u"^$"_s, {u""_s, u""_s});
        row("empty matches where there are others", u"ab\ncb"_s, u"a*"_s, {u"a"_s, u""_s});
        row("a repetition without a lower limit", u"ab aaab"_s, u"xa{,2}b|aa{,2}b"_s, {u"ab"_s, u"aaab"_s});
        row("verbs", u"foo bar"_s, u"(*COMMIT)foo"_s, {u"foo"_s});
        row("quoted", u"a.b axb"_s, u"\\Qa.b\\E"_s, {u"a.b"_s});
        row("comments", u"foo"_s, u"(?x) f o o # all"_s, {u"foo"_s});
        row("nothing", QString(), u"x"_s, {});
    }
    void matchesAreFound()
    {
        QFETCH(QString, text);
        QFETCH(QString, pattern);
        QFETCH(QStringList, expected);
        const Folder folder;
        const auto utf8 = openText(folder, text.toUtf8());
        const Found found = search(*utf8, regex(pattern));
        QVERIFY2(found.ending, qPrintable(found.ending ? QString() : found.ending.error().message));
        QCOMPARE(textsOf(*utf8, found.matches), expected);
        const auto wide = openText(folder, utf16(text, "", std::endian::little), Kind::Utf16Le);
        QCOMPARE(textsOf(*wide, search(*wide, regex(pattern)).matches), expected);
    }

    void literalsAreTakenAsTheyAre_data()
    {
        QTest::addColumn<QString>("needle");
        QTest::addColumn<bool>("anyCase");
        QTest::addColumn<int>("count");
        QTest::newRow("signs") << u"a.b(c)"_s << false << 1;
        QTest::newRow("signs, any case") << u"A.b(C)"_s << true << 1;
        QTest::newRow("case") << u"Word"_s << false << 1;
        QTest::newRow("any case") << u"wORD"_s << true << 3;
        QTest::newRow("beyond ASCII") << u"É"_s << false << 1;
        QTest::newRow("beyond ASCII, any case") << u"É"_s << true << 2;
        QTest::newRow("backslash") << u"\\E"_s << false << 1;
        QTest::newRow("long s") << u"s"_s << true << 2;
    }
    void literalsAreTakenAsTheyAre()
    {
        QFETCH(QString, needle);
        QFETCH(bool, anyCase);
        QFETCH(int, count);
        const Folder folder;
        const auto text = openText(folder, u"a.b(c) axb\nWord word WORD\né É \\E\nſS\n"_s.toUtf8());
        const Found found
            = search(*text, {needle, Syntax::Literal, anyCase ? Case::Insensitive : Case::Sensitive});
        QCOMPARE(found.matches.size(), size_t(count));
    }

    void aLargeTextGivesTheSameMatchesAsItsLines_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("pattern");
        QTest::newRow("ASCII") << QByteArray("some words and 2024-05-06 then\n") << u"\\d{4}-\\d\\d-\\d\\d"_s;
        QTest::newRow("CR LF") << QByteArray("some words and 2024-05-06\r\n") << u"\\d+-\\d\\d-\\d\\d$"_s;
        QTest::newRow("UTF-8") << QByteArray("caf\xC3\xA9 2024-05-06\n") << u"\\w+ [0-9]+-"_s;
        QTest::newRow("broken UTF-8") << QByteArray("caf\xE9 2024-05-06\n") << u"[0-9]+-[0-9]+-"_s;
        QTest::newRow("dense") << QByteArray("aaaaaaaaaaaaaaaaa\n") << u"a{17}"_s;
    }
    void aLargeTextGivesTheSameMatchesAsItsLines()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, pattern);
        const Folder folder;
        constexpr int lines = 60'000;
        const auto text = openText(folder, line.repeated(lines));
        const Found found = search(*text, regex(pattern));
        const Folder one;
        const TextMatch first = search(*openText(one, line), regex(pattern)).matches.at(0);
        QCOMPARE(found.matches.size(), size_t(lines));
        for (int i = 0; i < lines; ++i) {
            const ByteOffset start{i * line.size()};
            QCOMPARE(found.matches[size_t(i)], (TextMatch{start + first.begin, start + first.end}));
        }
    }

    void aLineWithoutEndIsSearchedThrough()
    {
        const Folder folder;
        QByteArray bytes(3'000'000, 'x');
        std::vector<TextMatch> expected;
        for (qint64 at = 1; at + 6 < bytes.size(); at += 65'521 - 3) {
            bytes.replace(at, 6, "needle");
            expected.push_back({{at}, {at + 6}});
        }
        const auto text = openText(folder, bytes);
        QCOMPARE(search(*text, regex(u"n[e]+dle"_s)).matches, expected);
        QCOMPARE(search(*text, {u"needle"_s}).matches, expected);
        QCOMPARE(search(*text, regex(u"^x|x$"_s)).matches,
            (std::vector<TextMatch>{{{0}, {1}}, {{2'999'999}, {3'000'000}}}));
    }

    void matchesLieWhereTheirBytesAreInEveryEncoding_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        for (const char* name : {"utf-8", "utf-16-le", "utf-16-be", "gb18030", "windows-1252", "latin-1"})
            QTest::newRow(name) << QByteArray(name);
    }
    void matchesLieWhereTheirBytesAreInEveryEncoding()
    {
        QFETCH(QByteArray, encoding);
        const bool western = encoding == "windows-1252" || encoding == "latin-1";
        const QString line = western ? u"é and 1999 ü\n"_s : u"中é and 1999 文\n"_s;
        const QString all = line.repeated(30'000);
        QByteArray bytes;
        if (encoding.startsWith("utf-16"))
            bytes = utf16(all, "", encoding.endsWith("le") ? std::endian::little : std::endian::big);
        else
            bytes = QStringEncoder(encoding.constData()).encode(all);
        if (western)
            bytes = all.toLatin1();
        const Folder folder;
        const auto text = openText(folder, bytes, *TextEncoding::fromName(encoding));
        const Found found = search(*text, regex(u"\\d+ \\w"_s));
        QCOMPARE(found.matches.size(), size_t(30'000));
        const QStringList texts = textsOf(*text, found.matches);
        QCOMPARE(texts.count(western ? u"1999 ü"_s : u"1999 文"_s), 30'000);
    }

    void anExpressionThatIsWrongSaysWhere()
    {
        const auto compiled = TextSearch::compile(regex(u"é(a|b"_s));
        QVERIFY(!compiled);
        QCOMPARE(compiled.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(compiled.error().message.contains(u"character 6"_s), qPrintable(compiled.error().message));
    }

    void anExpressionThatExplodesEndsTheSearch_data()
    {
        QTest::addColumn<QString>("pattern");
        // The reference back keeps the filter from knowing that nothing matches.
        for (const char* pattern : {"(a+)+(\\d)\\2b", "(a|a)*(\\d)\\2b", "(\\w+\\s?)+(\\d)\\2b",
                 "a*a*a*a*(\\d)\\1b", "\\w+\\w+\\w+(\\d)\\1b"})
            QTest::newRow(pattern) << QString::fromLatin1(pattern);
    }
    void anExpressionThatExplodesEndsTheSearch()
    {
        QFETCH(QString, pattern);
        const Folder folder;
        const auto text = openText(folder, QByteArray(50'000, 'a') + "12b\n");
        QCOMPARE(search(*text, regex(pattern)).ending.error().code, ErrorCode::LimitReached);
    }

    void aSearchStopsWhenItIsAskedTo()
    {
        const Folder folder;
        const auto text = openText(folder, QByteArray("aaaa bbbb\n").repeated(8'000'000));
        const auto compiled = TextSearch::compile({u"cccc"_s});
        std::stop_source stop;
        int parts = 0;
        const auto ending = compiled->run(
            *text,
            [&](const TextSearch::Part&) {
                ++parts;
                stop.request_stop();
            },
            stop.get_token());
        QCOMPARE(ending.error().code, ErrorCode::Cancelled);
        QCOMPARE(parts, 1);
    }

    void partsComeInOrderAndTellHowFarTheSearchIs()
    {
        const Folder folder;
        const auto text = openText(folder, QByteArray(1000, 'x').append("needle\n").repeated(100'000));
        const auto compiled = TextSearch::compile({u"needle"_s});
        ByteOffset searched, last{-1};
        int matches = 0, parts = 0;
        QVERIFY(compiled->run(*text,
            [&](const TextSearch::Part& part) {
                ++parts;
                QVERIFY(part.searched > searched);
                searched = part.searched;
                for (const TextMatch& match : part.matches) {
                    QVERIFY(match.begin > last && match.begin < searched);
                    last = match.begin;
                    ++matches;
                }
            },
            {}));
        QCOMPARE(matches, 100'000);
        QCOMPARE(parts, 2);
        QCOMPARE(searched, text->end());
    }

    void aSearchEndsAtAMillionMatches()
    {
        const Folder folder;
        const auto text = openText(folder, QByteArray("ab").repeated(1'000'001));
        const Found found = search(*text, {u"a"_s});
        QCOMPARE(found.ending, TextSearch::Ending::TooManyMatches);
        QCOMPARE(found.matches.size(), size_t(1'000'000));
    }

    void aDocumentThatShrinksIsReported()
    {
        const Folder folder;
        const auto text = openText(folder, QByteArray("line\n").repeated(400'000));
        QVERIFY(QFile::resize(text->path(), 1000));
        const Found found = search(*text, {u"line"_s});
        QCOMPARE(found.ending.error().code, ErrorCode::DocumentChanged);
    }
};

QTEST_GUILESS_MAIN(TextSearchTest)
#include "tst_text_search.moc"
