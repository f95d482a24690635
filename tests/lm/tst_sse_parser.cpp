#include "lm/sse_parser.h"

#include <QTest>

using namespace burrow;

namespace {

std::vector<SseEvent> parsed(QByteArrayView bytes, qsizetype pieceSize)
{
    SseParser parser;
    std::vector<SseEvent> events;
    while (!bytes.isEmpty()) {
        const qsizetype size = qMin(pieceSize, bytes.size());
        const auto complete = parser.feed(bytes.first(size));
        events.insert(events.end(), complete->begin(), complete->end());
        bytes.slice(size);
    }
    if (const auto last = parser.finish())
        events.push_back(*last);
    return events;
}

QByteArray shown(const std::vector<SseEvent>& events)
{
    QByteArray text;
    for (const SseEvent& event : events)
        text += '[' + event.type + '|' + event.data + ']';
    return text;
}

} // namespace

class SseParserTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eventsComeOutHoweverTheirBytesAreSplit_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArray>("events");
        const auto row = [](const char* name, const char* stream, const char* events) {
            QTest::newRow(name) << QByteArray(stream) << QByteArray(events);
        };
        row("LF", "data: a\n\ndata: b\n\n", "[|a][|b]");
        row("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", "[|a][|b]");
        row("CR", "data: a\r\rdata: b\r\r", "[|a][|b]");
        row("mixed line ends", "data: a\r\n\ndata: b\n\r\ndata: c\r\n\r", "[|a][|b][|c]");
        row("comments", ": hello\n:\ndata: a\n: between\n\n", "[|a]");
        row("several data lines", "data: a\ndata:b\ndata\ndata:  c\n\n", "[|a\nb\n\n c]");
        row("a type", "event: ping\ndata: 1\n\ndata: 2\n\n", "[ping|1][|2]");
        row("a type without data", "event: ping\n\ndata: 2\n\n", "[|2]");
        row("unknown fields", "id: 7\nretry: 10\nfoo\ndata: a\n\n", "[|a]");
        row("byte order mark",
            "\xEF\xBB\xBF"
            "data: a\n\n",
            "[|a]");
        row("byte order mark later",
            "data: a\n\n\xEF\xBB\xBF"
            "data: b\n\ndata: c\n\n",
            "[|a][|c]");
        row("UTF-8", "data: Grüße 🦊\n\n", "[|Grüße 🦊]");
        row("no blank line at the end", "data: a\n\ndata: b", "[|a][|b]");
        row("blank lines alone", "\n\r\n\r\r\n", "");
        row("nothing", "", "");
    }
    void eventsComeOutHoweverTheirBytesAreSplit()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QByteArray, events);
        for (qsizetype pieceSize = 1; pieceSize <= qMax(1, stream.size()); ++pieceSize)
            QCOMPARE(shown(parsed(stream, pieceSize)), events);
    }

    void aLineThatNeverEndsIsRefused()
    {
        SseParser parser(1000);
        const QByteArray piece(300, 'x');
        QVERIFY(parser.feed("data: "));
        for (int i = 0; i < 3; ++i)
            QVERIFY(parser.feed(piece));
        const auto result = parser.feed(piece);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::MalformedReply);
    }

    void anEventThatNeverEndsIsRefused()
    {
        SseParser parser(1000);
        const QByteArray line = "data: " + QByteArray(300, 'x') + '\n';
        for (int i = 0; i < 3; ++i)
            QVERIFY(parser.feed(line));
        QVERIFY(!parser.feed(line));
    }
};

QTEST_GUILESS_MAIN(SseParserTest)
#include "tst_sse_parser.moc"
