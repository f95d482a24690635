#pragma once

#include "scripted_reply.h"

#include <QMutex>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>

class QTcpServer;
class QTcpSocket;

namespace burrow::test {

/// How a server proves who it is, and what it offers to speak.
struct ScriptedTls {
    QString certificate; ///< path of a PEM file
    QString key;
    QByteArrayList protocols{"h2", "http/1.1"}; ///< by ALPN; the client's choice is taken
};

/// A model's server on 127.0.0.1 that answers as a test says: HTTP/1.1 with keep-alive, hand-written, fast
/// enough to stand in benchmarks (over 15,000 requests a second on one core); over TLS HTTP/2, too. It lives
/// on a thread of its own; every member may be called from any thread.
class ScriptedServer {
public:
    /// Runs on the server's thread, one call at a time.
    using Handler = std::function<ScriptedReply(const ScriptedRequest&)>;
    enum class Bodies { Keep, Drop };

    /// Answers with @p handler. Bodies are kept in requests() unless dropped, which benchmarks want.
    explicit ScriptedServer(Handler handler, Bodies bodies = Bodies::Keep, quint16 port = 0);
    /// Answers over TLS.
    ScriptedServer(Handler handler, ScriptedTls tls);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    quint16 port() const { return m_port; }
    /// `http://127.0.0.1:PORT/v1`, or the same with https.
    QByteArray baseUrl() const;

    int requestCount() const { return m_requestCount; }
    int connectionCount() const { return m_connectionCount; }
    /// The most requests that were being answered at once.
    int mostInFlight() const { return m_mostInFlight; }
    /// Connections that the client closed before its answer was complete.
    int abandonedCount() const { return m_abandonedCount; }
    std::vector<ScriptedRequest> requests() const;
    /// Forgets the counts and the requests so far.
    void reset();

private:
    friend class ScriptedConnection;
    friend class ScriptedHttp2;
    ScriptedServer(Handler handler, Bodies bodies, quint16 port, std::optional<ScriptedTls> tls);
    void accept(qintptr descriptor);
    void serve(QTcpSocket* socket, int number, const QByteArray& protocol);
    ScriptedReply received(const ScriptedRequest& request);
    void answered();
    void abandoned();
    void listen(quint16 port);

    Handler m_handler;
    Bodies m_bodies;
    std::optional<ScriptedTls> m_tls;
    QThread m_thread;
    std::unique_ptr<QObject> m_context; ///< on the server's thread
    std::unique_ptr<QTcpServer> m_server;
    quint16 m_port = 0;
    std::atomic<int> m_requestCount = 0;
    std::atomic<int> m_connectionCount = 0;
    std::atomic<int> m_inFlight = 0;
    std::atomic<int> m_mostInFlight = 0;
    std::atomic<int> m_abandonedCount = 0;
    mutable QMutex m_mutex;
    std::vector<ScriptedRequest> m_requests;
};

} // namespace burrow::test
