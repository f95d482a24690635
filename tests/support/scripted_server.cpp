#include "scripted_server.h"

#include "scripted_connection.h"
#include "scripted_http2.h"

#include <QFile>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>

namespace burrow::test {

namespace {

class Listener : public QTcpServer {
public:
    explicit Listener(std::function<void(qintptr)> accept) : m_accept(std::move(accept))
    {
        setListenBacklogSize(1024);
    }

protected:
    void incomingConnection(qintptr descriptor) override { m_accept(descriptor); }

private:
    std::function<void(qintptr)> m_accept;
};

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("Cannot read %s.", qUtf8Printable(path));
    return file.readAll();
}

QSslConfiguration configurationOf(const ScriptedTls& tls)
{
    QSslConfiguration configuration;
    configuration.setLocalCertificate(QSslCertificate(contentOf(tls.certificate)));
    configuration.setPrivateKey(QSslKey(contentOf(tls.key), QSsl::Ec));
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setAllowedNextProtocols(tls.protocols);
    return configuration;
}

} // namespace

ScriptedServer::ScriptedServer(Handler handler, Bodies bodies, quint16 port)
    : ScriptedServer(std::move(handler), bodies, port, std::nullopt)
{
}

ScriptedServer::ScriptedServer(Handler handler, ScriptedTls tls)
    : ScriptedServer(std::move(handler), Bodies::Keep, 0, std::move(tls))
{
}

ScriptedServer::ScriptedServer(Handler handler, Bodies bodies, quint16 port, std::optional<ScriptedTls> tls)
    : m_handler(std::move(handler))
    , m_bodies(bodies)
    , m_tls(std::move(tls))
    , m_context(std::make_unique<QObject>())
{
    m_thread.setObjectName(QStringLiteral("scripted server"));
    m_context->moveToThread(&m_thread);
    m_thread.start();
    QMetaObject::invokeMethod(m_context.get(), [this, port] { listen(port); }, Qt::BlockingQueuedConnection);
}

ScriptedServer::~ScriptedServer()
{
    QMetaObject::invokeMethod(m_context.get(), [this] { m_server.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

void ScriptedServer::listen(quint16 port)
{
    m_server = std::make_unique<Listener>([this](qintptr descriptor) { accept(descriptor); });
    if (!m_server->listen(QHostAddress::LocalHost, port))
        qFatal("The scripted server cannot listen on port %d.", port);
    m_port = m_server->serverPort();
}

void ScriptedServer::accept(qintptr descriptor)
{
    const int number = ++m_connectionCount;
    if (!m_tls) {
        auto* socket = new QTcpSocket(m_server.get());
        socket->setSocketDescriptor(descriptor);
        serve(socket, number, "http/1.1");
        return;
    }
    auto* socket = new QSslSocket(m_server.get());
    socket->setSocketDescriptor(descriptor);
    socket->setSslConfiguration(configurationOf(*m_tls));
    QObject::connect(socket, &QSslSocket::encrypted, socket, [this, socket, number] {
        serve(socket, number, socket->sslConfiguration().nextNegotiatedProtocol());
    });
    socket->startServerEncryption();
}

void ScriptedServer::serve(QTcpSocket* socket, int number, const QByteArray& protocol)
{
    if (protocol == "h2")
        new ScriptedHttp2(socket, number, *this);
    else
        new ScriptedConnection(socket, number, *this);
}

QByteArray ScriptedServer::baseUrl() const
{
    return (m_tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + QByteArray::number(m_port) + "/v1";
}

std::vector<ScriptedRequest> ScriptedServer::requests() const
{
    const QMutexLocker lock(&m_mutex);
    return m_requests;
}

void ScriptedServer::reset()
{
    const QMutexLocker lock(&m_mutex);
    m_requests.clear();
    m_requestCount = 0;
    m_mostInFlight = m_inFlight.load();
    m_abandonedCount = 0;
}

ScriptedReply ScriptedServer::received(const ScriptedRequest& request)
{
    {
        const QMutexLocker lock(&m_mutex);
        m_requests.push_back(request);
        if (m_bodies == Bodies::Drop)
            m_requests.back().body.clear();
    }
    ++m_requestCount;
    m_mostInFlight = qMax(m_mostInFlight.load(), ++m_inFlight);
    return m_handler(request);
}

void ScriptedServer::answered()
{
    --m_inFlight;
}

void ScriptedServer::abandoned()
{
    --m_inFlight;
    ++m_abandonedCount;
}

} // namespace burrow::test
