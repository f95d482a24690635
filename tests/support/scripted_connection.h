#pragma once

#include "scripted_reply.h"

#include <QTcpSocket>

#include <deque>

namespace burrow::test {

class ScriptedServer;

/// One connection of the scripted server: reads requests, writes what the script says. Lives on the server's
/// thread.
class ScriptedConnection : public QTcpSocket {
    Q_OBJECT
public:
    ScriptedConnection(qintptr descriptor, int number, ScriptedServer& server);
    ~ScriptedConnection() override;

private:
    void readMore();
    bool takeRequest();
    void answer(const ScriptedRequest& request);
    void writeNext();
    void finish();
    void hangUp();

    ScriptedServer& m_server;
    int m_number;
    QByteArray m_received;
    bool m_busy = false; ///< a request is being answered; the next one waits
    std::deque<ScriptedPiece> m_toWrite;
    bool m_closeAfter = false;
};

} // namespace burrow::test
