#include "scripted_connection.h"

#include "scripted_server.h"

#include <QTcpSocket>
#include <QTimer>

namespace burrow::test {

namespace {

QByteArray reasonOf(int status)
{
    return status == 200 ? "OK" : "Scripted";
}

QByteArray headOf(const ScriptedReply& reply, bool chunked)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) + ' ' + reasonOf(reply.status)
        + "\r\nContent-Type: " + reply.contentType + "\r\n";
    for (const QByteArray& header : reply.headers)
        head += header + "\r\n";
    if (reply.close)
        head += "Connection: close\r\n";
    head += chunked ? QByteArray("Transfer-Encoding: chunked\r\n\r\n")
                    : "Content-Length: " + QByteArray::number(reply.body.size()) + "\r\n\r\n";
    return head;
}

/// Pieces without a delay between them become one write.
void append(std::deque<ScriptedPiece>& pieces, ScriptedPiece piece)
{
    if (pieces.empty() || piece.delay.count() > 0)
        pieces.push_back(std::move(piece));
    else
        pieces.back().bytes += piece.bytes;
}

std::deque<ScriptedPiece> rendered(ScriptedReply reply)
{
    std::deque<ScriptedPiece> out;
    if (!reply.raw.empty()) {
        cutPieces(reply.raw, reply.cutAfter);
        for (ScriptedPiece& piece : reply.raw)
            out.push_back(std::move(piece)); // a write each: a test may count on packets
        return out;
    }
    const bool chunked = !reply.pieces.empty();
    append(out, {headOf(reply, chunked)});
    std::vector<ScriptedPiece> body
        = chunked ? std::move(reply.pieces) : std::vector{ScriptedPiece{reply.body}};
    const bool incomplete = cutPieces(body, reply.cutAfter);
    for (ScriptedPiece& piece : body) {
        if (chunked)
            piece.bytes = QByteArray::number(piece.bytes.size(), 16) + "\r\n" + piece.bytes + "\r\n";
        append(out, std::move(piece));
    }
    if (chunked && !incomplete)
        append(out, {"0\r\n\r\n"});
    return out;
}

} // namespace

ScriptedConnection::ScriptedConnection(QTcpSocket* socket, int number, ScriptedServer& server)
    : QObject(socket->parent()), m_socket(socket), m_server(server), m_number(number)
{
    socket->setParent(this);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(socket, &QTcpSocket::readyRead, this, &ScriptedConnection::readMore);
    connect(socket, &QTcpSocket::disconnected, this, &ScriptedConnection::hangUp);
    readMore();
}

ScriptedConnection::~ScriptedConnection()
{
    // The socket says once more that it disconnects, when nothing here is left to hear it.
    disconnect(m_socket, nullptr, this, nullptr);
}

void ScriptedConnection::readMore()
{
    const qint64 available = m_socket->bytesAvailable();
    const qsizetype before = m_received.size();
    m_received.resize(before + available);
    const qint64 got = m_socket->read(m_received.data() + before, available);
    m_received.resize(before + qMax<qint64>(0, got));
    while (!m_busy && takeRequest()) { }
}

bool ScriptedConnection::takeRequest()
{
    const qsizetype headEnd = m_received.indexOf("\r\n\r\n");
    if (headEnd < 0)
        return false;
    ScriptedRequest request;
    request.head = m_received.first(headEnd);
    const qsizetype length = request.header("content-length").toLongLong();
    const qsizetype total = headEnd + 4 + length;
    if (m_received.size() < total) {
        m_received.reserve(total);
        return false;
    }
    request.body = m_received.sliced(headEnd + 4, length);
    request.connection = m_number;
    m_received.remove(0, total);
    answer(request);
    return true;
}

void ScriptedConnection::answer(const ScriptedRequest& request)
{
    m_busy = true;
    ScriptedReply reply = m_server.received(request).renderedFor(request);
    if (reply.neverAnswer)
        return;
    m_closeAfter = reply.close || reply.cutAfter >= 0;
    const std::chrono::milliseconds latency = reply.latency;
    m_toWrite = rendered(std::move(reply));
    if (m_toWrite.empty()) {
        finish();
        return;
    }
    m_toWrite.front().delay += latency;
    writeNext();
}

void ScriptedConnection::writeNext()
{
    while (!m_toWrite.empty()) {
        ScriptedPiece& piece = m_toWrite.front();
        if (piece.delay.count() > 0) {
            const std::chrono::milliseconds delay = std::exchange(piece.delay, {});
            QTimer::singleShot(delay, Qt::PreciseTimer, this, &ScriptedConnection::writeNext);
            return;
        }
        m_socket->write(piece.bytes);
        m_socket->flush();
        m_toWrite.pop_front();
    }
    finish();
}

void ScriptedConnection::finish()
{
    m_busy = false;
    m_server.answered();
    if (m_closeAfter)
        m_socket->disconnectFromHost();
    else if (!m_received.isEmpty())
        while (!m_busy && takeRequest()) { }
}

void ScriptedConnection::hangUp()
{
    if (m_busy)
        m_server.abandoned();
    m_busy = false;
    m_toWrite.clear();
    deleteLater();
}

} // namespace burrow::test
