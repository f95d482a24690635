#include "scripted_connection.h"

#include "scripted_server.h"

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

/// Keeps the first @p bytes of the body; returns whether anything was cut off.
bool cut(std::vector<ScriptedPiece>& body, qint64 bytes)
{
    if (bytes < 0)
        return false;
    for (ScriptedPiece& piece : body) {
        piece.bytes.truncate(qMin<qint64>(piece.bytes.size(), bytes));
        bytes -= piece.bytes.size();
    }
    std::erase_if(body, [](const ScriptedPiece& piece) { return piece.bytes.isEmpty(); });
    return true;
}

std::deque<ScriptedPiece> rendered(ScriptedReply reply)
{
    std::deque<ScriptedPiece> out;
    if (!reply.raw.empty()) {
        cut(reply.raw, reply.cutAfter);
        for (ScriptedPiece& piece : reply.raw)
            out.push_back(std::move(piece)); // a write each: a test may count on packets
        return out;
    }
    const bool chunked = !reply.pieces.empty();
    append(out, {headOf(reply, chunked)});
    std::vector<ScriptedPiece> body
        = chunked ? std::move(reply.pieces) : std::vector{ScriptedPiece{reply.body}};
    const bool incomplete = cut(body, reply.cutAfter);
    for (ScriptedPiece& piece : body) {
        if (chunked)
            piece.bytes = QByteArray::number(piece.bytes.size(), 16) + "\r\n" + piece.bytes + "\r\n";
        append(out, std::move(piece));
    }
    if (chunked && !incomplete)
        append(out, {"0\r\n\r\n"});
    return out;
}

ScriptedReply rendering(ScriptedReply::Chat chat, ScriptedReply reply, bool streamed)
{
    ScriptedReply form = streamed ? sse(chat.text, chat.usage) : whole(chat.text, chat.usage);
    for (ScriptedPiece& piece : form.pieces)
        piece.delay = chat.pieceDelay;
    reply.pieces = std::move(form.pieces);
    reply.body = form.body;
    reply.contentType = form.contentType;
    return reply;
}

} // namespace

ScriptedConnection::ScriptedConnection(qintptr descriptor, int number, ScriptedServer& server)
    : m_server(server), m_number(number)
{
    setSocketDescriptor(descriptor);
    setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(this, &QTcpSocket::readyRead, this, &ScriptedConnection::readMore);
    connect(this, &QTcpSocket::disconnected, this, &ScriptedConnection::hangUp);
}

ScriptedConnection::~ScriptedConnection()
{
    // The base class says once more that it disconnects, when nothing here is left to hear it.
    disconnect(this, nullptr, this, nullptr);
}

void ScriptedConnection::readMore()
{
    const qint64 available = bytesAvailable();
    const qsizetype before = m_received.size();
    m_received.resize(before + available);
    const qint64 got = read(m_received.data() + before, available);
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
    ScriptedReply reply = m_server.received(request);
    if (reply.chat)
        reply = rendering(*reply.chat, reply, request.wantsStream());
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
        write(piece.bytes);
        flush();
        m_toWrite.pop_front();
    }
    finish();
}

void ScriptedConnection::finish()
{
    m_busy = false;
    m_server.answered();
    if (m_closeAfter)
        disconnectFromHost();
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
