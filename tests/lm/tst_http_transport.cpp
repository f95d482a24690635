// Rude servers and slow networks, as the transport sees them.
#include "lm_fixture.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTest>

using namespace burrow;
using namespace burrow::test;
using namespace std::chrono_literals;

namespace {

struct Fetched {
    HttpResult head;
    QByteArray body;
};

HttpRequest getOf(const ScriptedServer& server)
{
    HttpRequest request;
    request.url = server.baseUrl() + "/x";
    return request;
}

Fetched fetch(HttpTransport& transport, HttpRequest request, StopToken stop = {})
{
    QByteArray body;
    const HttpSink sink = [&body](const HttpHead&, QByteArrayView bytes) {
        body += bytes;
        return HttpFlow::More;
    };
    const HttpResult head = QCoro::waitFor(transport.send(std::move(request), sink, std::move(stop)));
    return {head, body};
}

Fetched fetchFrom(const ScriptedReply& reply, HttpTimeouts timeouts = {}, HttpLimits limits = {})
{
    const ScriptedServer server([reply](const ScriptedRequest&) { return reply; });
    HttpTransport transport;
    HttpRequest request = getOf(server);
    request.timeouts = timeouts;
    request.limits = limits;
    return fetch(transport, request);
}

ScriptedReply raw(std::vector<ScriptedPiece> pieces)
{
    ScriptedReply reply;
    reply.raw = std::move(pieces);
    reply.close = true;
    return reply;
}

ScriptedReply raw(const QByteArray& bytes)
{
    return raw(std::vector{ScriptedPiece{bytes}});
}

Task<void> sendInto(
    HttpTransport* transport, HttpRequest request, StopToken stop, std::optional<HttpResult>* result)
{
    *result = co_await transport->send(
        std::move(request), [](const HttpHead&, QByteArrayView) { return HttpFlow::More; }, std::move(stop));
}

/// Puts a variable into the environment and takes it out again.
class Variable {
public:
    Variable(const char* name, const QByteArray& value) : m_name(name) { qputenv(name, value); }
    ~Variable() { qunsetenv(m_name); }

private:
    const char* m_name;
};

} // namespace

class HttpTransportTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aKeptConnectionThatBreaksFailsOneRequestAlone()
    {
        std::atomic<int> count = 0;
        const ScriptedServer server(
            [&count](const ScriptedRequest&) { return ++count == 2 ? raw("") : ScriptedReply(); });
        HttpTransport transport;
        HttpRequest request = getOf(server);
        request.method = HttpRequest::Method::Post;
        request.body = "a body";
        QVERIFY(fetch(transport, request).head);
        const Fetched broken = fetch(transport, request);
        QVERIFY(!broken.head);
        QVERIFY(broken.head.error().sent);
        QVERIFY(fetch(transport, request).head);
        QCOMPARE(count.load(), 3);
    }

    void initTestCase()
    {
        // The machine's own proxy would answer for servers that do not exist.
        for (const char* name :
            {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"})
            qunsetenv(name);
    }

    void aResponseArrivesWithItsHead()
    {
        ScriptedReply reply;
        reply.status = 418;
        reply.body = "tea";
        reply.headers = {"X-Pot: short  ", "X-POT: stout"};
        const Fetched fetched = fetchFrom(reply);
        QVERIFY(fetched.head);
        QCOMPARE(fetched.head->status, 418);
        QCOMPARE(fetched.head->value("x-pot"), "short");
        QVERIFY(fetched.head->value("x-kettle").isNull());
        QCOMPARE(fetched.body, "tea");
    }

    void aBodyThatNobodyTakesIsIgnored()
    {
        const ScriptedServer server([](const ScriptedRequest&) {
            ScriptedReply reply;
            reply.body = "tea";
            return reply;
        });
        HttpTransport transport;
        const HttpResult head = QCoro::waitFor(transport.send(getOf(server), {}, {}));
        QVERIFY(head);
        QCOMPARE(head->status, 200);
    }

    void interimResponsesAndTrailersAreNotTakenForTheResponse()
    {
        const Fetched fetched
            = fetchFrom(raw("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
                            "HTTP/1.1 200 OK\r\nX-Real: yes\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "3\r\nabc\r\n0\r\nX-Trailer: late\r\n\r\n"));
        QVERIFY(fetched.head);
        QCOMPARE(fetched.head->status, 200);
        QCOMPARE(fetched.head->value("x-real"), "yes");
        QVERIFY(fetched.head->value("link").isNull());
        QVERIFY(fetched.head->value("x-trailer").isNull());
        QCOMPARE(fetched.body, "abc");
    }

    void aFieldThatLooksLikeAStatusLineIsAField_data()
    {
        QTest::addColumn<QByteArray>("field");
        for (const char* field : {"HTTP/x: 2", "HTTP/:", "HTTP/2: 3", "HTTP/1.1 500 : no"})
            QTest::newRow(field) << QByteArray(field);
    }
    void aFieldThatLooksLikeAStatusLineIsAField()
    {
        QFETCH(const QByteArray, field);
        const Fetched fetched
            = fetchFrom(raw("HTTP/1.1 200 OK\r\n" + field + "\r\nContent-Length: 3\r\n\r\nabc"));
        QVERIFY(fetched.head);
        QCOMPARE(fetched.head->status, 200);
        QCOMPARE(fetched.body, "abc");
    }

    void bytesThatTrickleOneByOneAreTaken()
    {
        std::vector<ScriptedPiece> pieces;
        for (const char c : QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"))
            pieces.push_back({QByteArray(1, c), 1ms});
        const Fetched fetched = fetchFrom(raw(pieces));
        QVERIFY(fetched.head);
        QCOMPARE(fetched.body, "abc");
    }

    void rudeResponsesAreErrors_data()
    {
        QTest::addColumn<QByteArray>("response");
        QTest::addColumn<ErrorCode>("code");
        const auto row = [](const char* name, const QByteArray& response, ErrorCode code) {
            QTest::newRow(name) << response << code;
        };
        const QByteArray ok = "HTTP/1.1 200 OK\r\n";
        row("nothing", " ", ErrorCode::MalformedReply);
        row("a huge header", ok + "X: " + QByteArray(90'000, 'x') + "\r\n\r\n", ErrorCode::MalformedReply);
        row("many headers", ok + QByteArray("X: y\r\n").repeated(20'000) + "\r\n", ErrorCode::MalformedReply);
        row("endless interim responses", QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(9'000),
            ErrorCode::MalformedReply);
        row("trailers without end",
            ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + QByteArray("X: y\r\n").repeated(20'000),
            ErrorCode::MalformedReply);
        row("a body that is shorter than told", ok + "Content-Length: 10\r\n\r\nabc", ErrorCode::StreamCut);
        row("a body that is longer than allowed",
            ok + "Content-Length: 3000000\r\n\r\n" + QByteArray(3'000'000, 'x'), ErrorCode::MalformedReply);
        row("a chunk that is cut", ok + "Transfer-Encoding: chunked\r\n\r\nff\r\nabc", ErrorCode::StreamCut);
        row("a chunk without a size", ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc",
            ErrorCode::StreamCut);
        row("a head that is cut", "HTTP/1.1 200 OK\r\nContent-", ErrorCode::Unreachable);
        row("no HTTP", "220 smtp.example.com ESMTP\r\n", ErrorCode::MalformedReply);
    }
    void rudeResponsesAreErrors()
    {
        QFETCH(QByteArray, response);
        HttpLimits limits;
        limits.bodyBytes = 1'000'000;
        const Fetched fetched = fetchFrom(raw(response), {}, limits);
        QVERIFY(!fetched.head);
        QTEST(fetched.head.error().code, "code");
        QVERIFY(fetched.head.error().sent);
        QVERIFY(fetched.head.error().message.startsWith(QStringLiteral("127.0.0.1:")));
        QVERIFY(fetched.body.size() <= 1'000'000);
    }

    void aBodyLongerThanToldEndsWhereItWasTold()
    {
        const Fetched fetched = fetchFrom(raw("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef"));
        QVERIFY(fetched.head);
        QCOMPARE(fetched.body, "abc");
    }

    void aRedirectIsNotFollowed_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<QString>("host");
        QTest::newRow("elsewhere") << 302 << QByteArray("https://evil.example.com/v1?k=s")
                                   << QStringLiteral("evil.example.com");
        QTest::newRow("permanently") << 308 << QByteArray("http://other/") << QStringLiteral("other");
        QTest::newRow("on itself") << 307 << QByteArray("/login") << QStringLiteral("127.0.0.1");
        QTest::newRow("to nothing") << 301 << QByteArray() << QStringLiteral("127.0.0.1");
    }
    void aRedirectIsNotFollowed()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, location);
        QFETCH(QString, host);
        ScriptedReply reply;
        reply.status = status;
        reply.headers = {"Location: " + location};
        const Fetched fetched = fetchFrom(reply);
        QVERIFY(!fetched.head);
        QCOMPARE(fetched.head.error().code, ErrorCode::RequestRejected);
        QVERIFY2(fetched.head.error().what.contains(host), qPrintable(fetched.head.error().what));
        QVERIFY(!fetched.head.error().what.contains(QStringLiteral("k=s")));
    }

    void silenceEndsInATimeout_data()
    {
        QTest::addColumn<ScriptedReply>("reply");
        QTest::addColumn<HttpTimeouts>("timeouts");
        ScriptedReply silent;
        silent.neverAnswer = true;
        QTest::newRow("before the first byte") << silent << HttpTimeouts{1s, 150ms, 1h, 1h};
        ScriptedReply stalled = streamOf("abc");
        stalled.pieces.push_back({"def", 1h});
        QTest::newRow("inside the answer") << stalled << HttpTimeouts{1s, 1h, 150ms, 1h};
        ScriptedReply dripping = streamOf("a");
        for (int i = 0; i < 1000; ++i)
            dripping.pieces.push_back({"b", 20ms});
        QTest::newRow("dripping for ever") << dripping << HttpTimeouts{1s, 1h, 1h, 200ms};
    }
    void silenceEndsInATimeout()
    {
        QFETCH(ScriptedReply, reply);
        QFETCH(HttpTimeouts, timeouts);
        QElapsedTimer timer;
        timer.start();
        const Fetched fetched = fetchFrom(reply, timeouts);
        QVERIFY(!fetched.head);
        QCOMPARE(fetched.head.error().code, ErrorCode::TimedOut);
        QVERIFY(timer.elapsed() < 10'000);
    }

    void aSteadyDripIsNoSilence()
    {
        ScriptedReply dripping = streamOf("a");
        for (int i = 0; i < 20; ++i)
            dripping.pieces.push_back({"b", 20ms});
        const Fetched fetched = fetchFrom(dripping, {1s, 1h, 200ms, 1h});
        QVERIFY(fetched.head);
        QCOMPARE(fetched.body.size(), 21);
    }

    void aServerThatIsNotThereHasSeenNothing()
    {
        quint16 port = 0;
        {
            QTcpServer closed;
            QVERIFY(closed.listen(QHostAddress::LocalHost));
            port = closed.serverPort();
        }
        HttpTransport transport;
        HttpRequest request;
        request.url = "http://127.0.0.1:" + QByteArray::number(port) + "/";
        const Fetched fetched = fetch(transport, request);
        QVERIFY(!fetched.head);
        QCOMPARE(fetched.head.error().code, ErrorCode::Unreachable);
        QVERIFY(!fetched.head.error().sent);
        QVERIFY(!fetched.head.error().connected);
    }

    void aServerWithoutTlsGetsNothingOverHttps()
    {
        const ScriptedServer server([](const ScriptedRequest&) { return whole("never"); });
        HttpTransport transport;
        HttpRequest request = getOf(server);
        request.url.replace("http://", "https://");
        request.timeouts.connect = 500ms; // the scripted server waits for more of what it takes for a request
        const Fetched fetched = fetch(transport, request);
        QVERIFY(!fetched.head);
        QCOMPARE(fetched.head.error().code, ErrorCode::Unreachable);
        QVERIFY(!fetched.head.error().sent);
        QCOMPARE(server.requestCount(), 0);
    }

    void aNameThatDoesNotExistIsUnreachable()
    {
        HttpTransport transport;
        HttpRequest request;
        request.url = "http://no-such-host.invalid/";
        request.timeouts.connect = 3s;
        const Fetched fetched = fetch(transport, request);
        QVERIFY(!fetched.head);
        QCOMPARE(fetched.head.error().code, ErrorCode::Unreachable);
        QVERIFY(!fetched.head.error().sent);
        QVERIFY(fetched.head.error().message.contains(QStringLiteral("no-such-host.invalid")));
    }

    void aStopIsFeltAtOnceInEveryPhase_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::newRow("while a name is looked up") << QByteArray("http://slow.invalid/");
        QTest::newRow("while the server is silent") << QByteArray();
    }
    void aStopIsFeltAtOnceInEveryPhase()
    {
        QFETCH(QByteArray, url);
        ScriptedReply silent;
        silent.neverAnswer = true;
        const ScriptedServer server([silent](const ScriptedRequest&) { return silent; });
        HttpTransport transport;
        HttpRequest request = getOf(server);
        if (!url.isEmpty())
            request.url = url;
        std::stop_source stop;
        std::optional<HttpResult> result;
        const Task<void> task = sendInto(&transport, request, stop.get_token(), &result);
        if (url.isEmpty())
            QTRY_COMPARE(server.requestCount(), 1);
        stop.request_stop();
        QVERIFY(result); // before any event is handled
        QCOMPARE(result->error().code, ErrorCode::Cancelled);
    }

    void twoHundredRequestsAreStoppedAtOnce()
    {
        ScriptedReply silent;
        silent.neverAnswer = true;
        const ScriptedServer server([silent](const ScriptedRequest&) { return silent; });
        std::stop_source stop;
        std::vector<std::optional<HttpResult>> results(200); // outlive the transport, which fills them
        HttpTransport transport;
        std::vector<Task<void>> tasks;
        for (std::optional<HttpResult>& result : results)
            tasks.push_back(sendInto(&transport, getOf(server), stop.get_token(), &result));
        QTRY_COMPARE(server.requestCount(), int(results.size()));
        stop.request_stop();
        for (const std::optional<HttpResult>& result : results)
            QVERIFY(result); // before any event is handled
    }

    void aReceiverMayStopTheTransferItIsIn()
    {
        ScriptedReply reply = streamOf("abc");
        reply.pieces.push_back({"never", 1h});
        const ScriptedServer server([reply](const ScriptedRequest&) { return reply; });
        HttpTransport transport;
        std::stop_source stop;
        const HttpSink sink = [&stop](const HttpHead&, QByteArrayView) {
            stop.request_stop();
            return HttpFlow::More;
        };
        const HttpResult result = QCoro::waitFor(transport.send(getOf(server), sink, stop.get_token()));
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
    }

    void aReceiverThatHasEnoughNeedNotWait()
    {
        ScriptedReply reply = streamOf("abc");
        reply.pieces.push_back({"never", 1h});
        const ScriptedServer server([reply](const ScriptedRequest&) { return reply; });
        HttpTransport transport;
        QElapsedTimer timer;
        timer.start();
        const HttpSink sink = [](const HttpHead&, QByteArrayView) { return HttpFlow::Enough; };
        QVERIFY(QCoro::waitFor(transport.send(getOf(server), sink, {})));
        QVERIFY(timer.elapsed() < 10'000);
    }

    void theEndOfTheTransportEndsItsRequests()
    {
        ScriptedReply silent;
        silent.neverAnswer = true;
        const ScriptedServer server([silent](const ScriptedRequest&) { return silent; });
        auto transport = std::make_unique<HttpTransport>();
        std::optional<HttpResult> result;
        const Task<void> task = sendInto(transport.get(), getOf(server), {}, &result);
        QTRY_COMPARE(server.requestCount(), 1);
        transport.reset();
        QVERIFY(result);
        QCOMPARE(result->error().code, ErrorCode::Cancelled);
    }

    void closedConnectionsAndReusedSocketNumbersDoNoHarm()
    {
        std::atomic<int> count = 0;
        const ScriptedServer server([&count](const ScriptedRequest&) {
            ScriptedReply reply = chatReply("x");
            reply.close = ++count % 2 == 0;
            return reply;
        });
        HttpTransport transport;
        for (int round = 0; round < 20; ++round) {
            std::vector<std::optional<HttpResult>> results(8);
            std::vector<Task<void>> tasks;
            for (std::optional<HttpResult>& result : results)
                tasks.push_back(sendInto(&transport, getOf(server), {}, &result));
            for (const std::optional<HttpResult>& result : results) {
                QTRY_VERIFY(result);
                QVERIFY(*result);
            }
        }
        QCOMPARE(server.requestCount(), 160);
    }

    void loopbackUsesNoProxyAndOthersUseTheEnvironments()
    {
        const ScriptedServer server([](const ScriptedRequest&) { return whole("direct"); });
        const ScriptedServer proxy([](const ScriptedRequest&) { return whole("proxied"); });
        const Variable variable("http_proxy", "http://127.0.0.1:" + QByteArray::number(proxy.port()));
        HttpTransport transport;
        QVERIFY(fetch(transport, getOf(server)).body.contains("direct"));
        HttpRequest outside;
        outside.url = "http://elsewhere.invalid/v1/x";
        QVERIFY(fetch(transport, outside).body.contains("proxied"));
        QCOMPARE(proxy.requests().front().path(), "http://elsewhere.invalid/v1/x");
    }
};

QTEST_GUILESS_MAIN(HttpTransportTest)
#include "tst_http_transport.moc"
