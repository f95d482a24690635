#pragma once

#include "scripted_reply.h"

#include <QObject>

#include <deque>

class QTcpSocket;

namespace burrow::test {

class ScriptedServer;

/// One connection of the scripted server over HTTP/1.1: reads requests, writes what the script says. Lives on
/// the server's thread, as long as its socket, which becomes its child.
class ScriptedConnection : public QObject {
    Q_OBJECT
public:
    ScriptedConnection(QTcpSocket* socket, int number, ScriptedServer& server);
    ~ScriptedConnection() override;

private:
    void readMore();
    bool takeRequest();
    void answer(const ScriptedRequest& request);
    void writeNext();
    void finish();
    void hangUp();

    QTcpSocket* m_socket;
    ScriptedServer& m_server;
    int m_number;
    QByteArray m_received;
    bool m_busy = false; ///< a request is being answered; the next one waits
    std::deque<ScriptedPiece> m_toWrite;
    bool m_closeAfter = false;
};

} // namespace burrow::test
