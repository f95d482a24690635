// TLS, HTTP/2 and proxies, as a person sets them up.
#include "lm_fixture.h"
#include "support/test_certificate.h"
#include "support/tunnel_proxy.h"

#include <QTest>

using namespace burrow;
using namespace burrow::test;
using namespace std::chrono_literals;

namespace {

/// What a person has in the environment, for as long as it lives.
class Variable {
public:
    Variable(const char* name, const QByteArray& value) : m_name(name) { qputenv(name, value); }
    Variable(const char* name, const QString& value) : Variable(name, value.toUtf8()) { }
    ~Variable() { qunsetenv(m_name); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* m_name;
};

ScriptedServer::Handler saying(const QByteArray& text)
{
    return [text](const ScriptedRequest&) { return chatReply(text); };
}

/// Asks the server at @p baseUrl over connections of its own.
ModelResult askAt(const QByteArray& baseUrl, const QByteArray& key = secretKey())
{
    SystemClock clock;
    HttpTransport transport;
    OpenAiCompatible model(*Endpoint::parse(QString::fromUtf8(baseUrl), ApiKey(key)), transport, clock);
    return QCoro::waitFor(model.complete(requestFor("hello"), {}));
}

QByteArray withHost(QByteArray baseUrl, const QByteArray& host)
{
    return baseUrl.replace("127.0.0.1", host);
}

Task<void> askInto(LanguageModel* model, StopToken stop, std::optional<ModelResult>* result)
{
    *result = co_await model->complete(requestFor("hello"), std::move(stop));
}

} // namespace

class SecureTransportTest : public QObject {
    Q_OBJECT
private:
    const TestCertificate m_certificate;

private Q_SLOTS:
    void init()
    {
        for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                 "no_proxy", "NO_PROXY", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"})
            qunsetenv(name);
    }

    void aCertificateIsTrustedWhereThePersonSaysSo_data()
    {
        QTest::addColumn<QByteArray>("variable");
        QTest::addColumn<QString>("value");
        QTest::newRow("as for OpenSSL") << QByteArray("SSL_CERT_FILE") << m_certificate.file();
        QTest::newRow("as for curl") << QByteArray("CURL_CA_BUNDLE") << m_certificate.file();
        QTest::newRow("in a folder") << QByteArray("SSL_CERT_DIR") << m_certificate.folder();
    }
    void aCertificateIsTrustedWhereThePersonSaysSo()
    {
        QFETCH(const QByteArray, variable);
        QFETCH(const QString, value);
        const ScriptedServer server(saying("secure"), m_certificate.tls());
        const Variable trust(variable.constData(), value);
        const ModelResult reply = askAt(server.baseUrl());
        QVERIFY2(reply, qPrintable(reply ? QString() : reply.error().message));
        QCOMPARE(reply->text, "secure");
        QCOMPARE(server.requests().front().header("authorization"), "Bearer " + secretKey());
    }

    void aCertificateThatIsNotTrustedGetsNoRequest()
    {
        const ScriptedServer server(saying("never"), m_certificate.tls());
        const ModelResult reply = askAt(server.baseUrl());
        QVERIFY(!reply);
        QCOMPARE(reply.error().code, ErrorCode::Unreachable);
        QVERIFY(!reply.error().sent);
        QVERIFY(!reply.error().retryable);
        QVERIFY2(reply.error().message.contains(QStringLiteral("shows a certificate that is not trusted")),
            qPrintable(reply.error().message));
        QVERIFY(reply.error().message.contains(QStringLiteral("SSL_CERT_FILE")));
        QCOMPARE(server.requestCount(), 0);
    }

    void aCertificateOfAnotherHostIsNotTrusted()
    {
        const ScriptedServer server(saying("never"), m_certificate.tls());
        const Variable trust("SSL_CERT_FILE", m_certificate.file());
        const ModelResult reply = askAt(withHost(server.baseUrl(), "localhost"));
        QVERIFY(!reply);
        QVERIFY2(
            reply.error().message.contains(QStringLiteral("localhost")), qPrintable(reply.error().message));
        QVERIFY(reply.error().message.contains(QStringLiteral("certificate")));
        QCOMPARE(server.requestCount(), 0);
    }

    void theVariableThatCountsIsNamed()
    {
        const ScriptedServer server(saying("never"), m_certificate.tls());
        const Variable trust("SSL_CERT_FILE", m_certificate.file());
        const Variable stronger("CURL_CA_BUNDLE", QByteArray("/nowhere/bundle.pem"));
        const ModelResult reply = askAt(server.baseUrl());
        QVERIFY(!reply);
        QVERIFY2(reply.error().message.contains(QStringLiteral("CURL_CA_BUNDLE names")),
            qPrintable(reply.error().message));
    }

    void certificatesThatCannotBeReadAreNamed()
    {
        const ScriptedServer server(saying("never"), m_certificate.tls());
        const Variable trust("SSL_CERT_FILE", QByteArray("/nowhere/certificates.pem"));
        const ModelResult reply = askAt(server.baseUrl());
        QVERIFY(!reply);
        QVERIFY2(reply.error().message.contains(QStringLiteral("/nowhere/certificates.pem")),
            qPrintable(reply.error().message));
        QCOMPARE(server.requestCount(), 0);
    }

    void http2IsSpokenWithServersThatSpeakIt_data()
    {
        QTest::addColumn<QByteArrayList>("protocols");
        QTest::addColumn<QByteArray>("spoken");
        QTest::newRow("both") << QByteArrayList{"h2", "http/1.1"} << QByteArray("HTTP/2");
        QTest::newRow("HTTP/2 alone") << QByteArrayList{"h2"} << QByteArray("HTTP/2");
        QTest::newRow("HTTP/1.1 alone") << QByteArrayList{"http/1.1"} << QByteArray("HTTP/1.1");
        QTest::newRow("a server that does not say") << QByteArrayList() << QByteArray("HTTP/1.1");
    }
    void http2IsSpokenWithServersThatSpeakIt()
    {
        QFETCH(const QByteArrayList, protocols);
        QFETCH(const QByteArray, spoken);
        ScriptedTls tls = m_certificate.tls();
        tls.protocols = protocols;
        const ScriptedServer server(
            [](const ScriptedRequest&) {
                return chatReply("words that come one by one", ScriptedUsage{7, 3, {}});
            },
            tls);
        const Variable trust("SSL_CERT_FILE", m_certificate.file());
        const ModelResult reply = askAt(server.baseUrl());
        QVERIFY2(reply, qPrintable(reply ? QString() : reply.error().message));
        QCOMPARE(reply->text, "words that come one by one");
        QCOMPARE(reply->usage.inputTokens, 7);
        const QByteArray line = server.requests().front().head.split('\r').front();
        QCOMPARE(line, "POST /v1/chat/completions " + spoken);
    }

    void manyRequestsShareAConnectionOfHttp2()
    {
        const ScriptedServer server(
            [](const ScriptedRequest&) {
                ScriptedReply reply = chatReply("shared");
                reply.latency = 20ms;
                return reply;
            },
            m_certificate.tls());
        const Variable trust("SSL_CERT_FILE", m_certificate.file());
        SystemClock clock;
        HttpTransport transport;
        OpenAiCompatible model(*Endpoint::parse(QString::fromUtf8(server.baseUrl())), transport, clock);
        QVERIFY(QCoro::waitFor(model.complete(requestFor("first"), {})));
        std::vector<std::optional<ModelResult>> results(50);
        std::vector<Task<void>> tasks;
        for (std::optional<ModelResult>& result : results)
            tasks.push_back(askInto(&model, {}, &result));
        for (const std::optional<ModelResult>& result : results) {
            QTRY_VERIFY(result);
            QVERIFY(*result);
        }
        QCOMPARE(server.connectionCount(), 1);
        QVERIFY(server.mostInFlight() > 10);
    }

    void aStreamThatIsStoppedLeavesTheOthersOfItsConnectionAlone()
    {
        std::atomic<int> count = 0;
        const ScriptedServer server(
            [&count](const ScriptedRequest&) {
                ScriptedReply reply = sse("a b c");
                reply.neverAnswer = ++count == 2;
                reply.latency = 200ms;
                return reply;
            },
            m_certificate.tls());
        const Variable trust("SSL_CERT_FILE", m_certificate.file());
        SystemClock clock;
        HttpTransport transport;
        OpenAiCompatible model(*Endpoint::parse(QString::fromUtf8(server.baseUrl())), transport, clock);
        QVERIFY(QCoro::waitFor(model.complete(requestFor("first"), {})));
        std::stop_source stop;
        std::optional<ModelResult> stopped;
        std::optional<ModelResult> other;
        const Task<void> first = askInto(&model, stop.get_token(), &stopped);
        QTRY_COMPARE(server.requestCount(), 2);
        const Task<void> second = askInto(&model, {}, &other);
        QTRY_COMPARE(server.requestCount(), 3);
        stop.request_stop();
        QVERIFY(stopped); // before any event is handled
        QCOMPARE(stopped->error().code, ErrorCode::Cancelled);
        QTRY_VERIFY(other);
        QCOMPARE((*other)->text, "a b c");
        QTRY_COMPARE(server.abandonedCount(), 1);
        QCOMPARE(server.connectionCount(), 1);
    }

    void aStreamThatIsResetIsCut()
    {
        const ScriptedServer server(
            [](const ScriptedRequest&) {
                ScriptedReply reply = sse("a b c d");
                reply.cutAfter = 300;
                return reply;
            },
            m_certificate.tls());
        const Variable trust("SSL_CERT_FILE", m_certificate.file());
        const ModelResult reply = askAt(server.baseUrl());
        QVERIFY(!reply);
        QCOMPARE(reply.error().code, ErrorCode::StreamCut);
        QVERIFY(reply.error().retryable);
        QVERIFY(reply.error().sent);
    }

    void aKeyGoesThroughAProxyInATunnelAlone()
    {
        const ScriptedServer server(saying("through"), m_certificate.tls());
        const TunnelProxy proxy(server.port());
        const Variable trust("SSL_CERT_FILE", m_certificate.file());
        const Variable variable("https_proxy", proxy.url());
        const ModelResult reply = askAt("https://model.test/v1");
        QVERIFY2(reply, qPrintable(reply ? QString() : reply.error().message));
        QCOMPARE(reply->text, "through");
        QCOMPARE(server.requests().front().header("authorization"), "Bearer " + secretKey());
        QCOMPARE(proxy.heads().size(), 1);
        QVERIFY(proxy.heads().front().startsWith("CONNECT model.test:443 "));
        QVERIFY(!proxy.heads().front().contains(secretKey()));
        QVERIFY(proxy.passed().size() > 1000);
        QVERIFY(!proxy.passed().contains(secretKey()));
    }

    void theCertificateBehindAProxyIsLookedAt()
    {
        const ScriptedServer server(saying("never"), m_certificate.tls());
        const TunnelProxy proxy(server.port());
        const Variable variable("https_proxy", proxy.url());
        const ModelResult reply = askAt("https://model.test/v1");
        QVERIFY(!reply);
        QVERIFY2(reply.error().message.contains(QStringLiteral("shows a certificate that is not trusted")),
            qPrintable(reply.error().message));
        QCOMPARE(server.requestCount(), 0);
    }

    void aKeyDoesNotGoThroughAProxyInTheClear()
    {
        const ScriptedServer proxy(saying("never"));
        const Variable variable("http_proxy", "http://127.0.0.1:" + QByteArray::number(proxy.port()));
        const ModelResult reply = askAt("http://model.test/v1");
        QVERIFY(!reply);
        QCOMPARE(reply.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!reply.error().sent);
        QVERIFY(reply.error().message.contains(QStringLiteral("Use https")));
        QCOMPARE(proxy.connectionCount(), 0);
    }

    void hostsThatNeedNoProxyAreAskedWithoutOne()
    {
        const ScriptedServer proxy(saying("never"));
        const Variable variable("http_proxy", "http://127.0.0.1:" + QByteArray::number(proxy.port()));
        const Variable except("no_proxy", QByteArray("model.invalid"));
        const ModelResult reply = askAt("http://model.invalid/v1", {});
        QVERIFY(!reply);
        QCOMPARE(reply.error().code, ErrorCode::Unreachable);
        QCOMPARE(proxy.connectionCount(), 0);
    }

    void thisMachineIsAskedWithoutAProxy_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::newRow("by number") << QByteArray("127.0.0.1");
        QTest::newRow("by name") << QByteArray("localhost");
    }
    void thisMachineIsAskedWithoutAProxy()
    {
        QFETCH(const QByteArray, host);
        const ScriptedServer server(saying("direct"));
        const ScriptedServer proxy(saying("proxied"));
        const QByteArray address = "http://127.0.0.1:" + QByteArray::number(proxy.port());
        const Variable http("http_proxy", address);
        const Variable all("ALL_PROXY", address);
        const ModelResult reply = askAt(withHost(server.baseUrl(), host));
        QVERIFY2(reply, qPrintable(reply ? QString() : reply.error().message));
        QCOMPARE(reply->text, "direct");
        QCOMPARE(proxy.connectionCount(), 0);
    }

    void aProxyThatIsNotThereIsNamedAsSuch_data()
    {
        QTest::addColumn<QByteArray>("variable");
        QTest::addColumn<QByteArray>("url");
        QTest::newRow("http") << QByteArray("http_proxy") << QByteArray("http://model.test/v1");
        QTest::newRow("https") << QByteArray("https_proxy") << QByteArray("https://model.test/v1");
    }
    void aProxyThatIsNotThereIsNamedAsSuch()
    {
        QFETCH(const QByteArray, variable);
        QFETCH(const QByteArray, url);
        const Variable proxy(variable.constData(), QByteArray("http://127.0.0.1:1"));
        const ModelResult reply = askAt(url, {});
        QVERIFY(!reply);
        QCOMPARE(reply.error().code, ErrorCode::Unreachable);
        QVERIFY(!reply.error().sent);
        QVERIFY2(reply.error().message.contains(QStringLiteral("proxy that does not accept connections")),
            qPrintable(reply.error().message));
    }

    void aProxyThatRefusesIsNamedAsSuch_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("variable");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QString>("words");
        QTest::newRow("a login is wanted for https")
            << 407 << QByteArray("https_proxy") << QByteArray("https://model.test/v1")
            << QStringLiteral("proxy that does not let requests through (status 407)");
        QTest::newRow("https is forbidden")
            << 403 << QByteArray("https_proxy") << QByteArray("https://model.test/v1")
            << QStringLiteral("proxy that does not let requests through (status 403)");
        QTest::newRow("a login is wanted for http")
            << 407 << QByteArray("http_proxy") << QByteArray("http://model.test/v1")
            << QStringLiteral("proxy that wants a login");
    }
    void aProxyThatRefusesIsNamedAsSuch()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, variable);
        QFETCH(const QByteArray, url);
        QFETCH(const QString, words);
        const ScriptedServer proxy([status](const ScriptedRequest&) {
            ScriptedReply reply;
            reply.status = status;
            return reply;
        });
        const Variable setting(variable.constData(), "http://127.0.0.1:" + QByteArray::number(proxy.port()));
        const ModelResult reply = askAt(url, {});
        QVERIFY(!reply);
        QVERIFY2(reply.error().message.contains(words), qPrintable(reply.error().message));
    }
};

QTEST_GUILESS_MAIN(SecureTransportTest)
#include "tst_secure_transport.moc"
