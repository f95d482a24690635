#pragma once

#include <QByteArrayList>
#include <QMutex>
#include <QThread>

class QTcpServer;
class QTcpSocket;

namespace burrow::test {

/// An HTTP proxy on 127.0.0.1 that connects whoever asks, for whatever host, to one port of this machine, and
/// passes bytes both ways. It lives on a thread of its own; every member may be called from any thread.
class TunnelProxy {
public:
    explicit TunnelProxy(quint16 target);
    ~TunnelProxy();
    TunnelProxy(const TunnelProxy&) = delete;
    TunnelProxy& operator=(const TunnelProxy&) = delete;

    /// `http://127.0.0.1:PORT`
    QByteArray url() const;
    /// The request of each tunnel, all that the proxy could read.
    QByteArrayList heads() const;
    /// All that went through, in both directions.
    QByteArray passed() const;

private:
    void accept(QTcpSocket* client);
    void open(QTcpSocket* client, const QByteArray& head);
    void pass(QTcpSocket* from, QTcpSocket* to);

    quint16 m_target;
    quint16 m_port = 0;
    QThread m_thread;
    QTcpServer* m_server; ///< on the proxy's thread
    mutable QMutex m_mutex;
    QByteArrayList m_heads;
    QByteArray m_passed;
};

} // namespace burrow::test
