#pragma once

#include "base/result.h"
#include "lm/redactor.h"

#include <QByteArray>

#include <chrono>
#include <expected>
#include <functional>
#include <vector>

namespace burrow {

/// How long an HTTP request may wait. Progress means any byte in either direction.
struct HttpTimeouts {
    std::chrono::milliseconds connect{10'000}; ///< name look-up, TCP and TLS together
    /// Without progress before the response begins. Long, because a local model reads the whole prompt before
    /// its first word.
    std::chrono::milliseconds firstByte{300'000};
    std::chrono::milliseconds idle{120'000}; ///< without progress inside the response
    std::chrono::milliseconds total{3'600'000}; ///< however it trickles
};

/// What a hostile server may make us hold.
struct HttpLimits {
    qint64 headerBytes = qint64(64) * 1024; ///< of a response, with interim responses and trailers
    qint64 bodyBytes = qint64(64) * 1024 * 1024;
};

struct HttpRequest {
    enum class Method { Get, Post };

    Method method = Method::Get;
    QByteArray url; ///< http or https, without user info
    std::vector<QByteArray> headers; ///< each as `Name: value`; may hold a key, so never shown
    QByteArray body; ///< of a Post; shared, never copied
    Redactor redactor; ///< cleans every byte that is received, headers too, before anyone sees it
    HttpTimeouts timeouts;
    HttpLimits limits;
};

struct HttpHead {
    struct Field {
        QByteArray name; ///< in lower case
        QByteArray value;
    };

    int status = 0;
    std::vector<Field> fields;

    /// The first value of @p lowerCaseName; null where the response lacks it.
    QByteArray value(QByteArrayView lowerCaseName) const;
};

/// Whether a receiver wants more. After Enough the transfer ends well, whether or not the server goes on.
enum class HttpFlow { More, Enough };

/// Takes a response's body as it arrives; an empty one ignores it. Called inside the transport, which it must
/// not use.
using HttpSink = std::function<HttpFlow(const HttpHead& head, QByteArrayView bytes)>;

/// Why there is no whole response. Codes: Unreachable, TimedOut, MalformedReply, RequestRejected (a
/// redirect), StreamCut (dropped inside the body), Cancelled, InvalidArgument. The message names the host,
/// never a header or a body.
struct HttpError : Error {
    QString what; ///< the message without the host, to go on after another name for it
    bool sent = true; ///< false where certainly no byte of the request left
    bool connected = true; ///< false where the server was never reached
};

using HttpResult = std::expected<HttpHead, HttpError>;

} // namespace burrow
