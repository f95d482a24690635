#include "scripted_server.h"

#include "scripted_connection.h"

#include <QTcpServer>

namespace burrow::test {

namespace {

class Listener : public QTcpServer {
public:
    Listener(ScriptedServer& server, std::atomic<int>& connections)
        : m_server(server), m_connections(connections)
    {
        setListenBacklogSize(1024);
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto* connection = new ScriptedConnection(descriptor, ++m_connections, m_server);
        connection->setParent(this);
    }

private:
    ScriptedServer& m_server;
    std::atomic<int>& m_connections;
};

} // namespace

ScriptedServer::ScriptedServer(Handler handler, Bodies bodies, quint16 port)
    : m_handler(std::move(handler)), m_bodies(bodies), m_context(std::make_unique<QObject>())
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
    m_server = std::make_unique<Listener>(*this, m_connectionCount);
    if (!m_server->listen(QHostAddress::LocalHost, port))
        qFatal("The scripted server cannot listen on port %d.", port);
    m_port = m_server->serverPort();
}

QByteArray ScriptedServer::baseUrl() const
{
    return "http://127.0.0.1:" + QByteArray::number(m_port) + "/v1";
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
