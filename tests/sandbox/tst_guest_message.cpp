#include "host/guest_message.h"

#include "host/protocol.h"

#include <QTest>

using namespace burrow;

namespace {

const QByteArray doneHeader = R"({"op":"done","id":7,"status":"raised","answer":true,"draft":false,
    "variables":[["b","int",null],["a","str",3]],"dropped_out":5,"dropped_err":0,"dropped_value":2})";

Result<GuestMessage> parse(const QByteArray& header, std::vector<QByteArray> parts = {})
{
    return parseMessage({header, std::move(parts)});
}

template <typename Message> Message expect(const Result<GuestMessage>& message)
{
    return message && std::holds_alternative<Message>(*message) ? std::get<Message>(*message) : Message();
}

} // namespace

class GuestMessageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readyIsRead()
    {
        const auto ready = expect<ReadyMessage>(
            parse(R"({"op":"ready","v":1,"python":"3.13.5","zero_copy":true,"why":""})"));
        QCOMPARE(ready.python, QByteArray("3.13.5"));
        QVERIFY(ready.zeroCopy);
    }

    void doneNamesTheLimitThatMadeTheCellRaise_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<std::optional<CellLimit>>("limit");
        QTest::newRow("memory") << QByteArray("\"memory\"") << std::optional(CellLimit::Memory);
        QTest::newRow("threads") << QByteArray("\"threads\"") << std::optional(CellLimit::Threads);
        QTest::newRow("none") << QByteArray("null") << std::optional<CellLimit>();
        QTest::newRow("unknown") << QByteArray("\"patience\"") << std::optional<CellLimit>();
        QTest::newRow("no name") << QByteArray("[7]") << std::optional<CellLimit>();
    }

    void doneNamesTheLimitThatMadeTheCellRaise()
    {
        QFETCH(const QByteArray, name);
        QFETCH(const std::optional<CellLimit>, limit);
        const QByteArray header
            = QByteArray(doneHeader).replace("\"id\":7,", "\"id\":7,\"limit\":" + name + ',');
        QCOMPARE(expect<DoneMessage>(parse(header, {"v", "w", "x", "y", "z", "draft"})).limit, limit);
    }

    void doneIsReadWithItsVariablesSorted()
    {
        const auto done = expect<DoneMessage>(parse(doneHeader, {"v", "w", "x", "y", "z", "draft"}));
        QCOMPARE(done.id, quint64(7));
        QCOMPARE(done.status, DoneMessage::Status::Raised);
        QCOMPARE(done.answer, std::optional<QByteArray>("z"));
        QVERIFY(done.draft.isEmpty());
        QCOMPARE(done.variables, (std::vector<Variable>{{"a", "str", 3}, {"b", "int", -1}}));
        QCOMPARE(done.value, (CapturedText{"v", "w", 2}));
        QCOMPARE(done.out, (CapturedText{"", "x", 5}));
    }

    void contextsOfAQueryTakeTheirParts()
    {
        const auto query
            = expect<QueryMessage>(parse(R"({"op":"query","id":1,"kind":"rlm","batched":true,"model":"m",
            "contexts":["corpus",{"document":4},{"copied":"text"},{"copied":"json"}]})",
                {"p1", "p2", "p3", "p4", "copied text", "[1]"}));
        QCOMPARE(query.batch.kind, QueryBatch::Kind::Rlm);
        QCOMPARE(query.batch.model, std::optional<QByteArray>("m"));
        QCOMPARE(query.batch.items.size(), std::size_t(4));
        QCOMPARE(query.batch.items[0].context.kind, ContextValue::Kind::Corpus);
        QCOMPARE(query.batch.items[1].context.document, 4);
        QCOMPARE(query.batch.items[2].prompt, QByteArray("p3"));
        QCOMPARE(query.batch.items[2].context.bytes, QByteArray("copied text"));
        QCOMPARE(query.batch.items[3].context.kind, ContextValue::Kind::Json);
        QCOMPARE(query.batch.items[3].context.bytes, QByteArray("[1]"));
    }

    void badUtf8InTextBecomesReplacementCharacters()
    {
        const auto out = expect<OutMessage>(parse(R"({"op":"out","stream":"err"})", {"a\xff\xed\xa0\x80z"}));
        QCOMPARE(out.stream, OutMessage::Stream::Err);
        QVERIFY(out.text.isValidUtf8());
        QVERIFY(out.text.startsWith('a') && out.text.endsWith('z'));
    }

    void unknownOperationsAreKnownAsSuch()
    {
        QVERIFY(std::holds_alternative<UnknownMessage>(parse(R"({"op":"dance","id":-1})").value()));
    }

    void whatBreaksTheFormatIsRefused_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArrayList>("parts");
        const QByteArrayList none;
        const QByteArrayList one = {"x"};
        QTest::newRow("no JSON") << QByteArray("hello") << none;
        QTest::newRow("not an object") << QByteArray("[1]") << none;
        QTest::newRow("bad UTF-8") << QByteArray("{\"op\":\"\xff\"}") << none;
        QTest::newRow("lone surrogate") << QByteArray(R"({"op":"\ud800"})") << none;
        QTest::newRow("NaN") << QByteArray(R"({"op":"x","n":NaN})") << none;
        QTest::newRow("number too large") << QByteArray(R"({"op":"x","n":1e999})") << none;
        QTest::newRow("deep") << QByteArray(R"({"op":)") + QByteArray(1'000'000, '[') << none;
        QTest::newRow("deep and closed")
            << QByteArray(R"({"op":"x","a":)") + QByteArray(9, '[') + QByteArray(9, ']') + '}' << none;
        QTest::newRow("no operation") << QByteArray("{}") << none;
        QTest::newRow("operation is a number") << QByteArray(R"({"op":3})") << none;
        QTest::newRow("another version")
            << QByteArray(R"({"op":"ready","v":2,"python":"3","zero_copy":true})") << none;
        QTest::newRow("out without a part") << QByteArray(R"({"op":"out","stream":"out"})") << none;
        QTest::newRow("out on no stream") << QByteArray(R"({"op":"out","stream":"in"})") << one;
        QTest::newRow("negative id") << QByteArray(
            R"({"op":"query","id":-1,"kind":"llm","batched":false,"model":null})")
                                     << one;
        QTest::newRow("id is a fraction")
            << QByteArray(R"({"op":"query","id":1.5,"kind":"llm","batched":false,"model":null})") << one;
        QTest::newRow("unknown kind")
            << QByteArray(R"({"op":"query","id":1,"kind":"gpt","batched":false,"model":null})") << one;
        QTest::newRow("a single query with two prompts")
            << QByteArray(R"({"op":"query","id":1,"kind":"llm","batched":false,"model":null})")
            << QByteArrayList{"a", "b"};
        QTest::newRow("more contexts than prompts") << QByteArray(
            R"({"op":"query","id":1,"kind":"rlm","batched":true,"model":null,"contexts":["corpus","corpus"]})")
                                                    << one;
        QTest::newRow("copied context without a part") << QByteArray(
            R"({"op":"query","id":1,"kind":"rlm","batched":false,"model":null,"contexts":[{"copied":"text"}]})")
                                                       << one;
        QTest::newRow("part without a context") << QByteArray(
            R"({"op":"query","id":1,"kind":"rlm","batched":false,"model":null,"contexts":["corpus"]})")
                                                << QByteArrayList{"a", "b"};
        QTest::newRow("negative document") << QByteArray(
            R"({"op":"query","id":1,"kind":"rlm","batched":false,"model":null,"contexts":[{"document":-1}]})")
                                           << one;
        QTest::newRow("more values than a person could have")
            << "{\"op\":\"dance\",\"a\":[" + QByteArray("[],").repeated(protocol::maxHeaderValues) + "0]}"
            << QByteArrayList();
        QTest::newRow("done with five parts") << doneHeader << QByteArrayList{"", "", "", "", ""};
        QTest::newRow("done with a negative count")
            << QByteArray(doneHeader).replace("\"dropped_out\":5", "\"dropped_out\":-5")
            << QByteArrayList{"", "", "", "", "", ""};
        QTest::newRow("done with odd variables")
            << QByteArray(doneHeader).replace("[\"b\",\"int\",null]", "[\"b\"]")
            << QByteArrayList{"", "", "", "", "", ""};
        QTest::newRow("done with too long a tail")
            << doneHeader << QByteArrayList{"", "", QByteArray(protocol::maxTailBytes + 1, 'x'), "", "", ""};
    }

    void whatBreaksTheFormatIsRefused()
    {
        QFETCH(const QByteArray, header);
        QFETCH(const QByteArrayList, parts);
        const Result<GuestMessage> message = parse(header, {parts.begin(), parts.end()});
        QVERIFY(!message);
        QCOMPARE(message.error().code, ErrorCode::ProtocolViolation);
    }

    void piecesOfOutputAreBoundedBeforeTheyAreRead()
    {
        QCOMPARE(partsLimit(R"({"op":"out","stream":"out"})", 1).value(), quint64(64) << 10);
        QVERIFY(!partsLimit(R"({"op":"out","stream":"out"})", 2));
        QVERIFY(!partsLimit(R"({"op":"done"})", 7));
        QVERIFY(!partsLimit(R"({"op":"ready"})", 1));
        QVERIFY(partsLimit(R"({"op":"unknown"})", 1).value() <= quint64(1) << 20);
    }
};

QTEST_GUILESS_MAIN(GuestMessageTest)
#include "tst_guest_message.moc"
