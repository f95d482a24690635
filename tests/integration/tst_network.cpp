// The program behind TLS, HTTP/2 and proxies, set up as a person sets them up.
#include "cli_fixture.h"
#include "support/test_certificate.h"
#include "support/tunnel_proxy.h"

using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

const ScriptedServer::Handler answering = scripted({cell("FINAL(llm_query('over the network'))")});

/// A machine whose person has @p variables in the environment, and nothing else that speaks of the network.
class Machine : public Cli {
public:
    explicit Machine(const QList<std::pair<QString, QString>>& variables)
    {
        for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                 "no_proxy", "NO_PROXY", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"})
            environment().remove(QString::fromLatin1(name));
        environment().insert(u"BURROW_API_KEY"_s, QString::fromLatin1(key));
        for (const auto& [name, value] : variables)
            environment().insert(name, value);
    }

    Outcome ask(const QByteArray& baseUrl) const
    {
        return run({u"ask"_s, u"--json"_s, u"--quiet"_s, u"--base-url"_s, QString::fromLatin1(baseUrl),
            u"--model"_s, u"root"_s, u"--sub-model"_s, u"sub"_s, u"--window"_s, u"128000"_s, u"--run-file"_s,
            path("run.burrow"), u"What does it say?"_s, write("a.txt", "text")});
    }

    static constexpr auto key = "sk-secret-0123456789";
};

} // namespace

class NetworkTest : public QObject {
    Q_OBJECT
private:
    const TestCertificate m_certificate;

private Q_SLOTS:
    void askSpeaksTlsAndHttp2_data()
    {
        QTest::addColumn<QByteArrayList>("protocols");
        QTest::addColumn<QByteArray>("spoken");
        QTest::newRow("HTTP/2") << QByteArrayList{"h2", "http/1.1"} << QByteArray(" HTTP/2");
        QTest::newRow("HTTP/1.1") << QByteArrayList{"http/1.1"} << QByteArray(" HTTP/1.1");
    }
    void askSpeaksTlsAndHttp2()
    {
        QFETCH(const QByteArrayList, protocols);
        QFETCH(const QByteArray, spoken);
        ScriptedTls tls = m_certificate.tls();
        tls.protocols = protocols;
        const ScriptedServer server(answering, tls);
        const Machine machine({{u"SSL_CERT_FILE"_s, m_certificate.file()}});
        const Outcome outcome = machine.ask(server.baseUrl());
        QVERIFY2(outcome.status == 0, outcome.text());
        QCOMPARE(outcome.field("answer"), "sub: over the network");
        QCOMPARE(server.requestCount(), 2);
        QCOMPARE(server.connectionCount(), 1);
        for (const ScriptedRequest& request : server.requests()) {
            QVERIFY(request.head.split('\r').front().endsWith(spoken));
            QCOMPARE(request.header("authorization"), QByteArray("Bearer ") + Machine::key);
        }
    }

    void aCertificateThatIsNotTrustedEndsTheRun()
    {
        const ScriptedServer server(answering, m_certificate.tls());
        const Machine machine({});
        const Outcome outcome = machine.ask(server.baseUrl());
        QVERIFY2(outcome.status == 4, outcome.text());
        QVERIFY2(outcome.saysOneLine() && outcome.err.contains("certificate that is not trusted")
                && outcome.err.contains("SSL_CERT_FILE"),
            outcome.text());
        QCOMPARE(server.requestCount(), 0);
    }

    void askGoesThroughAProxyWithoutShowingItTheKey()
    {
        const ScriptedServer server(answering, m_certificate.tls());
        const TunnelProxy proxy(server.port());
        const Machine machine({{u"SSL_CERT_FILE"_s, m_certificate.file()},
            {u"https_proxy"_s, QString::fromLatin1(proxy.url())}});
        const Outcome outcome = machine.ask("https://model.test/v1");
        QVERIFY2(outcome.status == 0, outcome.text());
        QCOMPARE(outcome.field("answer"), "sub: over the network");
        QCOMPARE(server.requests().front().header("authorization"), QByteArray("Bearer ") + Machine::key);
        QVERIFY(proxy.heads().join().startsWith("CONNECT model.test:443 "));
        QVERIFY(!(proxy.heads().join() + proxy.passed()).contains(Machine::key));
    }

    void aKeyIsNotSentInTheClearThroughAProxyEither()
    {
        const ScriptedServer proxy(answering);
        const Machine machine({{u"http_proxy"_s, u"http://127.0.0.1:%1"_s.arg(proxy.port())}});
        const Outcome outcome = machine.ask("http://model.test/v1");
        QVERIFY2(outcome.status == 2, outcome.text());
        QVERIFY2(outcome.saysOneLine() && outcome.err.contains("Use https"), outcome.text());
        QCOMPARE(proxy.connectionCount(), 0);
    }

    void aServerOnThisMachineIsAskedWithoutAProxy()
    {
        const ScriptedServer server(answering);
        const ScriptedServer proxy(answering);
        const Machine machine({{u"http_proxy"_s, u"http://127.0.0.1:%1"_s.arg(proxy.port())}});
        const Outcome outcome = machine.ask(server.baseUrl());
        QVERIFY2(outcome.status == 0, outcome.text());
        QCOMPARE(proxy.connectionCount(), 0);
    }

    void doctorFindsAServerBehindTls()
    {
        const ScriptedServer server(answering, m_certificate.tls());
        Machine machine({});
        const QStringList doctor{u"doctor"_s, u"--base-url"_s, QString::fromLatin1(server.baseUrl())};
        const Outcome untrusted = machine.run(doctor);
        QVERIFY2(
            (untrusted.out + untrusted.err).contains("certificate that is not trusted"), untrusted.text());
        machine.environment().insert(u"SSL_CERT_FILE"_s, m_certificate.file());
        const Outcome trusted = machine.run(doctor);
        QVERIFY2(!(trusted.out + trusted.err).contains("certificate"), trusted.text());
        QCOMPARE(server.requestCount(), 1);
    }
};

QTEST_GUILESS_MAIN(NetworkTest)
#include "tst_network.moc"
