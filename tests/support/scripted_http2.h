#pragma once

#include "scripted_reply.h"

#include <QObject>

#include <deque>
#include <map>

class QTcpSocket;
struct nghttp2_session;

namespace burrow::test {

class ScriptedServer;

/// One connection of the scripted server over HTTP/2: each of its streams is a request. Of a reply, `raw` and
/// `close` mean nothing here, and `cutAfter` resets the stream. Lives on the server's thread, as long as its
/// socket, which becomes its child.
class ScriptedHttp2 : public QObject {
    Q_OBJECT
public:
    ScriptedHttp2(QTcpSocket* socket, int number, ScriptedServer& server);
    ~ScriptedHttp2() override;

private:
    struct Stream {
        ScriptedRequest request;
        std::deque<ScriptedPiece> later; ///< of the body
        QByteArray now; ///< what of it may leave
        bool cut = false;
        bool answered = false;
    };
    struct Callbacks;

    void readMore();
    void answer(int stream);
    void respond(int stream, const ScriptedReply& reply);
    /// Moves the pieces whose time has come, and waits for the next one.
    void advance(int stream);
    void flush();
    void hangUp();

    QTcpSocket* m_socket;
    ScriptedServer& m_server;
    int m_number;
    nghttp2_session* m_session = nullptr;
    std::map<int, Stream> m_streams;
};

} // namespace burrow::test
