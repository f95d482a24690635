#include "lm/endpoint.h"

#include <QTest>

using namespace burrow;

namespace {

using Method = HttpRequest::Method;

bool holds(const HttpRequest& request, const QByteArray& header)
{
    return std::ranges::find(request.headers, header) != request.headers.end();
}

} // namespace

class EndpointTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAddressBecomesAnIdentity_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QByteArray>("identity");
        QTest::addColumn<QByteArray>("url");
        const auto row = [](const char* address, const char* identity, const char* url) {
            QTest::newRow(address) << QString::fromUtf8(address) << QByteArray(identity) << QByteArray(url);
        };
        row("https://api.example.com/v1", "https://api.example.com/v1", "https://api.example.com/v1/models");
        row(" HTTPS://API.example.com/v1// ", "https://api.example.com/v1",
            "https://api.example.com/v1/models");
        row("http://127.0.0.1:8080", "http://127.0.0.1:8080", "http://127.0.0.1:8080/models");
        row("https://h/v1/chat/completions", "https://h/v1", "https://h/v1/models");
        row("https://h/a%2Fb?api-version=1&k=s#x", "https://h/a%2Fb?api-version=1&k=s",
            "https://h/a%2Fb/models?api-version=1&k=s");
        row("https://h/v1/chat/completions?v=a%26b", "https://h/v1?v=a%26b", "https://h/v1/models?v=a%26b");
        row("http://[::1]:80/v1", "http://[::1]:80/v1", "http://[::1]:80/v1/models");
    }
    void anAddressBecomesAnIdentity()
    {
        QFETCH(QString, address);
        QFETCH(QByteArray, identity);
        QFETCH(QByteArray, url);
        const auto endpoint = Endpoint::parse(address);
        QVERIFY(endpoint);
        QCOMPARE(endpoint->identity(), identity);
        QCOMPARE(endpoint->request(Method::Get, "/models")->url, url);
        const auto again = Endpoint::parse(QString::fromUtf8(identity));
        QCOMPARE(again->request(Method::Get, "/models")->url, url);
    }

    void anAddressWithASecretIsRefusedWithoutQuotingIt_data()
    {
        QTest::addColumn<QString>("address");
        for (const char* address :
            {"https://user:hunter2@h/v1", "https://hunter2@h/v1", "https://h/v1?key=hunter2",
                "https://h/v1?api-version=1&API_KEY=hunter2", "https://h/v1?a=1;sig=hunter2",
                "https://h/v1?access%5Ftoken=hunter2", "https://h/v1?t%6Fken=hunter2"})
            QTest::newRow(address) << QString::fromUtf8(address);
    }
    void anAddressWithASecretIsRefusedWithoutQuotingIt()
    {
        QFETCH(QString, address);
        const auto endpoint = Endpoint::parse(address, ApiKey("sk-other"));
        QVERIFY(!endpoint);
        QCOMPARE(endpoint.error().code, ErrorCode::InvalidArgument);
        QVERIFY(endpoint.error().message.contains(QStringLiteral("BURROW_API_KEY")));
        QVERIFY(!endpoint.error().message.contains(QStringLiteral("hunter2")));
    }

    void whatIsNoHttpAddressIsRefusedWithoutQuotingIt_data()
    {
        QTest::addColumn<QString>("address");
        for (const char* address : {"", "api.example.com", "ftp://h/v1", "file:///etc/passwd", "https://",
                 "http:///v1", "https://user:hunter2@ h/", "localhost:8080/hunter2"})
            QTest::newRow(address) << QString::fromUtf8(address);
    }
    void whatIsNoHttpAddressIsRefusedWithoutQuotingIt()
    {
        QFETCH(QString, address);
        const auto endpoint = Endpoint::parse(address);
        QVERIFY(!endpoint);
        QCOMPARE(endpoint.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!endpoint.error().message.contains(QStringLiteral("hunter2")));
    }

    void aKeyGoesOverPlainHttpToLoopbackOnly_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("sent");
        const auto row = [](const char* address, bool sent) {
            QTest::newRow(address) << QString::fromUtf8(address) << sent;
        };
        row("http://127.0.0.1:1/v1", true);
        row("http://127.9.8.7/v1", true);
        row("http://localhost/v1", true);
        row("http://LOCALHOST/v1", true);
        row("http://[::1]/v1", true);
        row("https://example.com/v1", true);
        row("http://example.com/v1", false);
        row("http://192.168.1.2/v1", false);
        row("http://127.0.0.1.example.com/v1", false);
        row("http://localhost.example.com/v1", false);
        row("http://0.0.0.0/v1", false);
    }
    void aKeyGoesOverPlainHttpToLoopbackOnly()
    {
        QFETCH(QString, address);
        QFETCH(bool, sent);
        const auto endpoint = Endpoint::parse(address, ApiKey("sk-secret"));
        const auto request = endpoint->request(Method::Post, "/chat/completions");
        QCOMPARE(request.has_value(), sent);
        if (sent) {
            QVERIFY(holds(*request, "Authorization: Bearer sk-secret"));
        } else {
            QCOMPARE(request.error().code, ErrorCode::InvalidArgument);
            QVERIFY(!request.error().message.contains(QStringLiteral("sk-secret")));
        }
        const auto withoutKey = Endpoint::parse(address)->request(Method::Get, "/models");
        QVERIFY(withoutKey);
    }

    void aKeyThatCannotStandInAHeaderIsRefused()
    {
        const QString address = QStringLiteral("https://h/v1");
        QVERIFY(!Endpoint::parse(address, ApiKey("sk\r\nX-Evil: 1"))->request(Method::Get, "/models"));
        QVERIFY(!Endpoint::parse(address, ApiKey("schlüssel"))->request(Method::Get, "/models"));
        const auto trimmed = Endpoint::parse(address, ApiKey(" sk-1234\n"))->request(Method::Get, "/models");
        QVERIFY(trimmed && holds(*trimmed, "Authorization: Bearer sk-1234"));
    }
};

QTEST_GUILESS_MAIN(EndpointTest)
#include "tst_endpoint.moc"
