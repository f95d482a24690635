#include "scripted_http2.h"

#include "scripted_server.h"

#include <QTcpSocket>
#include <QTimer>

#include <nghttp2/nghttp2.h>

#include <cstring>
#include <memory>

namespace burrow::test {

namespace {

QByteArray bytesOf(const uint8_t* data, size_t size)
{
    return QByteArray(reinterpret_cast<const char*>(data), qsizetype(size));
}

nghttp2_nv fieldOf(const QByteArray& name, const QByteArray& value)
{
    const auto bytes = [](const QByteArray& text) {
        return const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(text.constData()));
    };
    return {bytes(name), bytes(value), size_t(name.size()), size_t(value.size()), NGHTTP2_NV_FLAG_NONE};
}

} // namespace

/// What nghttp2 calls, each with the connection as its last argument.
struct ScriptedHttp2::Callbacks {
    static ScriptedHttp2& of(void* self) { return *static_cast<ScriptedHttp2*>(self); }

    static int onHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t nameSize,
        const uint8_t* value, size_t valueSize, uint8_t, void* self)
    {
        QByteArray& head = of(self).m_streams[frame->hd.stream_id].request.head;
        const QByteArray field = bytesOf(name, nameSize);
        // The pseudo fields come first, in this order from curl: method, path, scheme, authority.
        if (field == ":method")
            head = bytesOf(value, valueSize) + " ? HTTP/2";
        else if (field == ":path")
            head.replace("?", bytesOf(value, valueSize));
        else
            head += "\r\n" + field + ": " + bytesOf(value, valueSize);
        return 0;
    }

    static int onData(nghttp2_session*, uint8_t, int32_t stream, const uint8_t* data, size_t size, void* self)
    {
        of(self).m_streams[stream].request.body += bytesOf(data, size);
        return 0;
    }

    static int onFrame(nghttp2_session*, const nghttp2_frame* frame, void* self)
    {
        const bool carries = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
        if (carries && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
            of(self).answer(frame->hd.stream_id);
        return 0;
    }

    static int onClose(nghttp2_session*, int32_t stream, uint32_t, void* self)
    {
        ScriptedHttp2& connection = of(self);
        const auto found = connection.m_streams.find(stream);
        if (found == connection.m_streams.end())
            return 0;
        found->second.answered ? connection.m_server.answered() : connection.m_server.abandoned();
        connection.m_streams.erase(found);
        return 0;
    }

    static ssize_t onRead(nghttp2_session*, int32_t id, uint8_t* buffer, size_t room, uint32_t* flags,
        nghttp2_data_source*, void* self)
    {
        Stream& stream = of(self).m_streams.at(id);
        const auto size = size_t(qMin<qsizetype>(qsizetype(room), stream.now.size()));
        std::memcpy(buffer, stream.now.constData(), size);
        stream.now.remove(0, qsizetype(size));
        if (!stream.now.isEmpty() || !stream.later.empty())
            return size > 0 ? ssize_t(size) : ssize_t(NGHTTP2_ERR_DEFERRED);
        if (stream.cut && size == 0)
            return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE; // resets the stream
        if (!stream.cut) {
            *flags |= NGHTTP2_DATA_FLAG_EOF;
            stream.answered = true;
        }
        return ssize_t(size);
    }
};

ScriptedHttp2::ScriptedHttp2(QTcpSocket* socket, int number, ScriptedServer& server)
    : QObject(socket->parent()), m_socket(socket), m_server(server), m_number(number)
{
    socket->setParent(this);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, &Callbacks::onHeader);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &Callbacks::onData);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &Callbacks::onFrame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &Callbacks::onClose);
    nghttp2_session_server_new(&m_session, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(m_session, NGHTTP2_FLAG_NONE, nullptr, 0);
    connect(socket, &QTcpSocket::readyRead, this, &ScriptedHttp2::readMore);
    connect(socket, &QTcpSocket::disconnected, this, &ScriptedHttp2::hangUp);
    readMore();
}

ScriptedHttp2::~ScriptedHttp2()
{
    disconnect(m_socket, nullptr, this, nullptr);
    nghttp2_session_del(m_session);
}

void ScriptedHttp2::readMore()
{
    const QByteArray bytes = m_socket->readAll();
    if (nghttp2_session_mem_recv(
            m_session, reinterpret_cast<const uint8_t*>(bytes.constData()), size_t(bytes.size()))
        < 0)
        m_socket->abort();
    else
        flush();
}

void ScriptedHttp2::answer(int id)
{
    ScriptedRequest& request = m_streams.at(id).request;
    request.connection = m_number;
    const ScriptedReply reply = m_server.received(request).renderedFor(request);
    if (!reply.neverAnswer)
        QTimer::singleShot(reply.latency, this, [this, id, reply] { respond(id, reply); });
}

void ScriptedHttp2::respond(int id, const ScriptedReply& reply)
{
    if (!m_streams.contains(id))
        return; // the client has given it up
    Stream& stream = m_streams.at(id);
    std::vector<ScriptedPiece> body
        = reply.pieces.empty() ? std::vector{ScriptedPiece{reply.body}} : reply.pieces;
    stream.cut = cutPieces(body, reply.cutAfter);
    stream.later.assign(body.begin(), body.end());

    std::vector<std::pair<QByteArray, QByteArray>> texts{
        {":status", QByteArray::number(reply.status)}, {"content-type", reply.contentType}};
    for (const QByteArray& header : reply.headers) {
        const qsizetype colon = header.indexOf(':');
        texts.emplace_back(header.first(colon).toLower(), header.sliced(colon + 1).trimmed());
    }
    std::vector<nghttp2_nv> fields;
    for (const auto& [name, value] : texts)
        fields.push_back(fieldOf(name, value));
    const nghttp2_data_provider provider{{}, &Callbacks::onRead};
    nghttp2_submit_response(m_session, id, fields.data(), fields.size(), &provider);
    advance(id);
}

void ScriptedHttp2::advance(int id)
{
    if (!m_streams.contains(id))
        return;
    Stream& stream = m_streams.at(id);
    while (!stream.later.empty()) {
        ScriptedPiece& next = stream.later.front();
        if (next.delay.count() > 0) {
            const std::chrono::milliseconds delay = std::exchange(next.delay, {});
            QTimer::singleShot(delay, Qt::PreciseTimer, this, [this, id] { advance(id); });
            break;
        }
        stream.now += next.bytes;
        stream.later.pop_front();
    }
    nghttp2_session_resume_data(m_session, id);
    flush();
}

void ScriptedHttp2::flush()
{
    const uint8_t* bytes = nullptr;
    for (;;) {
        const ssize_t size = nghttp2_session_mem_send(m_session, &bytes);
        if (size <= 0)
            break;
        m_socket->write(reinterpret_cast<const char*>(bytes), size);
    }
    m_socket->flush();
    if (!nghttp2_session_want_read(m_session) && !nghttp2_session_want_write(m_session))
        m_socket->disconnectFromHost();
}

void ScriptedHttp2::hangUp()
{
    for (const auto& [id, stream] : m_streams)
        stream.answered ? m_server.answered() : m_server.abandoned();
    m_streams.clear();
    deleteLater();
}

} // namespace burrow::test
