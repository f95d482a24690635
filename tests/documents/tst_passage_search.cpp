#include "document_fixture.h"
#include "documents/passage_search.h"

#include <QRandomGenerator>

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

/// Text in which no 16 bytes stand twice.
QByteArray noise(qsizetype bytes, quint32 seed)
{
    QRandomGenerator random(seed);
    QByteArray text;
    while (text.size() < bytes)
        text += QByteArray::number(random.generate64(), 36) + (random.bounded(9) == 0 ? '\n' : ' ');
    return text.first(bytes);
}

std::vector<Passage> passages(const OpenText& text, const std::vector<QByteArray>& texts, qint64 least = 64)
{
    const auto found = PassageSearch(texts, least).run(text, {});
    return found ? found->passages : std::vector<Passage>();
}

} // namespace

class PassageSearchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatATextQuotesIsFoundWhereItStands()
    {
        const Folder folder;
        const QByteArray bytes = noise(100'000, 1);
        const auto text = openText(folder, bytes);
        const QByteArray first = "Read this:\n\n" + bytes.sliced(500, 3000) + "\n\nWhat does it say?";
        const QByteArray second = bytes.sliced(2000, 5000) + "?";
        QCOMPARE(passages(*text, {first, second}),
            (std::vector<Passage>{{{500}, {3500}, 0}, {{2000}, {7000}, 1}}));
    }

    /// Wherever the stretch lies in the text and in the document, also across the pieces of the search.
    void fromTheLeastLengthOnEveryStretchIsFound()
    {
        const Folder folder;
        const QByteArray bytes = noise(3 << 18, 2).replace('\n', ' ');
        const auto text = openText(folder, bytes);
        for (qint64 shift = 0; shift < 70; ++shift) {
            const qint64 at = (1 << 18) - 70 + shift;
            const QByteArray around = noise(shift, 3);
            QCOMPARE(passages(*text, {around + "|" + bytes.sliced(at, 64) + "|"}),
                (std::vector<Passage>{{{at}, {at + 64}, 0}}));
            QCOMPARE(passages(*text, {around + "|" + bytes.sliced(at, 63) + "|"}), std::vector<Passage>());
            QCOMPARE(passages(*text, {around + "|" + bytes.sliced(at, 24) + "|"}, 24),
                (std::vector<Passage>{{{at}, {at + 24}, 0}}));
        }
    }

    void aStretchOverManyPiecesIsOne()
    {
        const Folder folder;
        const QByteArray bytes = noise(2'000'000, 4);
        const auto text = openText(folder, bytes);
        QCOMPARE(passages(*text, {bytes.sliced(100'000, 1'500'000)}),
            (std::vector<Passage>{{{100'000}, {1'600'000}, 0}}));
        QCOMPARE(passages(*text, {bytes}), (std::vector<Passage>{{{0}, {2'000'000}, 0}}));
    }

    void aStretchBeginsWithItsLine()
    {
        const Folder folder;
        const QByteArray lines = noise(200, 15);
        const auto text = openText(folder, noise(100, 16) + "|\r\n" + lines + "\n");
        QCOMPARE(passages(*text, {"Read:\r\n" + lines + "\n\nWhat is it?"}),
            (std::vector<Passage>{{{103}, {304}, 0}}));
    }

    void whatStandsInSeveralPlacesIsFoundInAll()
    {
        const Folder folder;
        const QByteArray clause = noise(200, 5);
        const auto text
            = openText(folder, noise(1000, 6) + "\r" + clause + "\r" + noise(1000, 7) + "\r" + clause);
        QCOMPARE(passages(*text, {clause, "no", {}}),
            (std::vector<Passage>{{{1001}, {1201}, 0}, {{2203}, {2403}, 0}}));
    }

    /// Of a text that is converted, their places are asked for in the order in which they are found.
    void stretchesThatOverlapLieWhereTheirBytesAre()
    {
        const Folder folder;
        const QString all = QString::fromLatin1(noise(50'000, 20).replace('\n', ' ')).replace(u'z', u'ß');
        const auto text = openText(folder, all.toLatin1(), Kind::Latin1);
        const auto part = [&all](qsizetype at, qsizetype size) { return all.sliced(at, size).toUtf8(); };
        QCOMPARE(passages(*text, {part(100, 40'000), part(5000, 300), part(5100, 20'000), part(30'000, 500)}),
            (std::vector<Passage>{
                {{100}, {40'100}, 0}, {{5000}, {5300}, 1}, {{5100}, {25'100}, 2}, {{30'000}, {30'500}, 3}}));
    }

    void everyEncodingIsSearchedByItsCharacters_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("bytes");
        const QString text = u"Schöne Grüße, "_s.repeated(30) + u"das Geld ist für Müller; "_s
            + QString::fromLatin1(noise(300'000, 8)).replace(u'z', u'ß');
        QTest::newRow("UTF-8") << QByteArray("utf-8") << text.toUtf8();
        QTest::newRow("UTF-16") << QByteArray("utf-16-be") << utf16(text, "\xFE\xFF", std::endian::big);
        QTest::newRow("Latin-1") << QByteArray("latin-1") << text.toLatin1();
    }
    void everyEncodingIsSearchedByItsCharacters()
    {
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, bytes);
        const Folder folder;
        const auto text = openText(folder, bytes, *TextEncoding::fromName(encoding));
        const QString all = QString::fromUcs4([&] {
            std::u32string characters(size_t(bytes.size()), 0);
            characters.resize(size_t(text->decoder().decode(
                text->bytes(text->begin(), text->end()), CharWidth::Ucs4, characters.data())));
            return characters;
        }()
                                                  .c_str());
        const QString quoted = all.sliced(262'000, 600); // over the border of two pieces
        const std::vector<Passage> found = passages(*text, {quoted.toUtf8()});
        QCOMPARE(found.size(), size_t(1));
        const Bytes source = text->bytes(found[0].begin, found[0].end);
        std::u32string characters(source.size(), 0);
        characters.resize(size_t(text->decoder().decode(source, CharWidth::Ucs4, characters.data())));
        QCOMPARE(QString::fromUcs4(characters.c_str()), quoted);
    }

    void halfACharacterIsNone()
    {
        const Folder folder;
        // ä and ö begin with the same byte, ö and Ķ end with the same.
        const QByteArray shared = noise(100, 9);
        const auto text = openText(folder, u"ä"_s.toUtf8() + shared + u"ö"_s.toUtf8());
        QCOMPARE(passages(*text, {u"Ĥ"_s.toUtf8() + shared + u"ä"_s.toUtf8()}),
            (std::vector<Passage>{{{2}, {102}, 0}}));
    }

    void rulesAndBlanksHaveNoSource()
    {
        const Folder folder;
        const QByteArray rule = QByteArray(200, '=') + '\n' + QByteArray(300, ' ');
        const auto text = openText(folder, noise(500, 10) + rule + noise(500, 11));
        QCOMPARE(passages(*text, {rule}), std::vector<Passage>());
    }

    void whatADocumentSaysAgainAndAgainHasNoPlace()
    {
        const Folder folder;
        const QByteArray line = noise(90, 12).replace('\n', ' ') + '\n';
        QByteArray bytes;
        for (int i = 0; i < 20'000; ++i)
            bytes += line + QByteArray::number(i);
        const QByteArray once = noise(200, 17).replace('\n', ' ');
        const auto text = openText(folder, bytes + line + once + line + '!' + bytes);
        // What stands beside something that it has once is found with that.
        std::vector<QByteArray> texts(1000, line);
        texts.push_back(line + once + line + '?');
        const auto at = bytes.size();
        QCOMPARE(passages(*text, texts),
            (std::vector<Passage>{{{at}, {at + 2 * line.size() + once.size()}, 1000}}));
    }

    void whatHasTooManyPlacesIsNotComplete()
    {
        const Folder folder;
        const QByteArray bytes = noise(12'000'000, 18);
        const auto text = openText(folder, bytes);
        std::vector<QByteArray> texts;
        for (qint64 at = 0; at + 100 < bytes.size(); at += 101)
            texts.push_back(bytes.sliced(at, 100));
        const auto found = PassageSearch(texts, 64).run(*text, {});
        QVERIFY(found);
        QVERIFY(!found->isComplete);
        const auto fewer = PassageSearch({texts.begin(), texts.begin() + 1000}, 64).run(*text, {});
        QVERIFY(fewer);
        QVERIFY(fewer->isComplete);
        QCOMPARE(fewer->passages.size(), size_t(1000));
    }

    void theSearchCanBeStopped()
    {
        const Folder folder;
        const QByteArray bytes = noise(1'000'000, 13);
        const auto text = openText(folder, bytes);
        std::stop_source stop;
        stop.request_stop();
        const auto found = PassageSearch({bytes}, 64).run(*text, stop.get_token());
        QCOMPARE(found.error().code, ErrorCode::Cancelled);
    }

    void aDocumentThatChangesHasNoPassages()
    {
        const Folder folder;
        const QByteArray bytes = noise(1'000'000, 14);
        const auto text = openText(folder, bytes);
        QFile file(folder.path(u"a"_s));
        QVERIFY(file.resize(1000));
        const auto found = PassageSearch({bytes}, 64).run(*text, {});
        QCOMPARE(found.error().code, ErrorCode::DocumentChanged);
    }
};

QTEST_GUILESS_MAIN(PassageSearchTest)
#include "tst_passage_search.moc"
