#include "support/scripted_server.h"

#include <QTcpSocket>
#include <QTest>

using namespace burrow::test;
using namespace std::chrono_literals;

namespace {

QByteArray post(const QByteArray& body)
{
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Length: "
        + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

bool connectTo(QTcpSocket& socket, const ScriptedServer& server)
{
    socket.connectToHost(QStringLiteral("127.0.0.1"), server.port());
    return socket.waitForConnected();
}

QByteArray readUntil(QTcpSocket& socket, QByteArrayView ending)
{
    QByteArray received;
    while (!received.endsWith(ending) && socket.waitForReadyRead(5000))
        received += socket.readAll();
    return received;
}

} // namespace

class ScriptedServerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void severalRequestsShareAConnection()
    {
        const ScriptedServer server(
            [](const ScriptedRequest& request) { return chatReply(request.model()); });
        QTcpSocket socket;
        QVERIFY(connectTo(socket, server));
        for (int i = 1; i <= 3; ++i) {
            socket.write(post(R"({"model":"m","stream":true,"messages":[]})"));
            QVERIFY(readUntil(socket, "0\r\n\r\n").contains("data: [DONE]"));
            QCOMPARE(server.requestCount(), i);
        }
        QCOMPARE(server.connectionCount(), 1);
        QCOMPARE(server.requests().back().model(), QByteArray("m"));
    }

    void aChatIsStreamedOnlyWhenAskedTo()
    {
        const ScriptedServer server([](const ScriptedRequest&) { return chatReply("words"); });
        QTcpSocket socket;
        QVERIFY(connectTo(socket, server));
        socket.write(post(R"({"model":"m","messages":[]})"));
        const QByteArray received = readUntil(socket, "]}");
        QVERIFY(received.contains(R"("content":"words")"));
        QVERIFY(!received.contains("data:"));
    }

    void aCutEndsTheConnectionInsideTheBody()
    {
        ScriptedReply reply;
        reply.body = "0123456789";
        reply.cutAfter = 4;
        const ScriptedServer server([reply](const ScriptedRequest&) { return reply; });
        QTcpSocket socket;
        QVERIFY(connectTo(socket, server));
        socket.write(post("{}"));
        const QByteArray received = readUntil(socket, "nothing");
        QVERIFY(received.contains("Content-Length: 10\r\n"));
        QVERIFY(received.endsWith("\r\n\r\n0123"));
    }

    void aConnectionLeftDuringAnAnswerIsCounted()
    {
        ScriptedReply reply;
        reply.neverAnswer = true;
        const ScriptedServer server([reply](const ScriptedRequest&) { return reply; });
        QTcpSocket socket;
        QVERIFY(connectTo(socket, server));
        socket.write(post("{}"));
        socket.flush();
        QTRY_COMPARE(server.requestCount(), 1);
        QCOMPARE(server.abandonedCount(), 0);
        socket.abort();
        QTRY_COMPARE(server.abandonedCount(), 1);
    }

    void assistantMessagesAreCountedWhateverTheTextsSay()
    {
        ScriptedRequest request;
        const QByteArray quoted = jsonString("\"role\":\"assistant\"");
        request.body = R"({"messages":[{"role":"user","content":)" + quoted
            + R"(},{"role" : "assistant","content":"a"},{"role":"user","content":"last"}]})";
        QCOMPARE(request.assistantMessages(), 1);
        QCOMPARE(request.lastMessage(), QByteArray("last"));
    }
};

QTEST_GUILESS_MAIN(ScriptedServerTest)
#include "tst_scripted_server.moc"
