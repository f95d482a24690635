#include "witness.h"

#include <QLocalServer>
#include <QTcpServer>
#include <QUdpSocket>

namespace burrow::escapes {

namespace {

class NetworkWitness final : public Witness {
public:
    explicit NetworkWitness(const Stage& stage)
    {
        m_tcp.listen(QHostAddress::LocalHost);
        m_tcp6.listen(QHostAddress::LocalHostIPv6);
        m_udp.bind(QHostAddress::LocalHost);
        m_unix.setSocketOptions(QLocalServer::WorldAccessOption);
        m_unix.listen(stage.socket());
        m_abstract.setSocketOptions(QLocalServer::AbstractNamespaceOption);
        m_abstract.listen(QString::fromUtf8(stage.mark));
    }

    const char* name() const override { return "network"; }

    QByteArray constants() const override
    {
        return "tcp_port = " + QByteArray::number(m_tcp.serverPort())
            + "\ntcp6_port = " + QByteArray::number(m_tcp6.serverPort()) + "\nudp_port = "
            + QByteArray::number(m_udp.localPort()) + "\nunix_socket = '" + m_unix.fullServerName().toUtf8()
            + "'\nabstract_socket = '\\0" + m_abstract.serverName().toUtf8() + "'\n";
    }

    void remember(qint64) override { }

    QStringList look(qint64) override
    {
        QStringList seen;
        for (QTcpServer* const server : {&m_tcp, &m_tcp6}) {
            if (server->waitForNewConnection(0) || server->hasPendingConnections())
                seen << QStringLiteral("a connection to port %1").arg(server->serverPort());
        }
        for (QLocalServer* const server : {&m_unix, &m_abstract}) {
            if (server->waitForNewConnection(0) || server->hasPendingConnections())
                seen << QStringLiteral("a connection to the socket ") + server->serverName();
        }
        if (m_udp.hasPendingDatagrams())
            seen << QStringLiteral("a datagram");
        return seen;
    }

private:
    QTcpServer m_tcp;
    QTcpServer m_tcp6;
    QUdpSocket m_udp;
    QLocalServer m_unix;
    QLocalServer m_abstract;
};

} // namespace

std::unique_ptr<Witness> networkWitness(const Stage& stage)
{
    return std::make_unique<NetworkWitness>(stage);
}

} // namespace burrow::escapes
