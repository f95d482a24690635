#include "tunnel_proxy.h"

#include <QTcpServer>
#include <QTcpSocket>

namespace burrow::test {

TunnelProxy::TunnelProxy(quint16 target) : m_target(target), m_server(new QTcpServer)
{
    if (!m_server->listen(QHostAddress::LocalHost))
        qFatal("The proxy cannot listen.");
    m_port = m_server->serverPort();
    QObject::connect(m_server, &QTcpServer::newConnection, m_server, [this] {
        while (QTcpSocket* client = m_server->nextPendingConnection())
            accept(client);
    });
    QObject::connect(&m_thread, &QThread::finished, m_server, &QObject::deleteLater);
    m_server->moveToThread(&m_thread);
    m_thread.start();
}

TunnelProxy::~TunnelProxy()
{
    m_thread.quit();
    m_thread.wait();
}

QByteArray TunnelProxy::url() const
{
    return "http://127.0.0.1:" + QByteArray::number(m_port);
}

QByteArrayList TunnelProxy::heads() const
{
    const QMutexLocker lock(&m_mutex);
    return m_heads;
}

QByteArray TunnelProxy::passed() const
{
    const QMutexLocker lock(&m_mutex);
    return m_passed;
}

void TunnelProxy::accept(QTcpSocket* client)
{
    QObject::connect(client, &QTcpSocket::readyRead, client, [this, client] {
        const QByteArray head = client->peek(64 * 1024);
        if (head.endsWith("\r\n\r\n"))
            open(client, client->read(head.size()));
    });
}

void TunnelProxy::open(QTcpSocket* client, const QByteArray& head)
{
    {
        const QMutexLocker lock(&m_mutex);
        m_heads.push_back(head);
    }
    client->disconnect();
    auto* server = new QTcpSocket(client);
    server->connectToHost(QHostAddress(QHostAddress::LocalHost), m_target);
    pass(client, server);
    pass(server, client);
    client->write("HTTP/1.1 200 Connection established\r\n\r\n");
}

void TunnelProxy::pass(QTcpSocket* from, QTcpSocket* to)
{
    QObject::connect(from, &QTcpSocket::readyRead, to, [this, from, to] {
        const QByteArray bytes = from->readAll();
        const QMutexLocker lock(&m_mutex);
        m_passed += bytes;
        to->write(bytes);
    });
    QObject::connect(from, &QTcpSocket::disconnected, to, &QTcpSocket::disconnectFromHost);
}

} // namespace burrow::test
