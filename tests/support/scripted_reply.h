#pragma once

#include <QByteArray>

#include <chrono>
#include <optional>
#include <vector>

namespace burrow::test {

/// A request as the scripted server received it.
struct ScriptedRequest {
    QByteArray head; ///< the request line and the headers, as sent
    QByteArray body; ///< empty where the server was told not to keep bodies
    int connection = 0; ///< which connection it came over, counted from 1

    QByteArray method() const;
    QByteArray path() const;
    /// The value of the header @p name, compared without case; null where it is absent.
    QByteArray header(QByteArrayView name) const;

    // What a chat completion asks for, found by searching, since parsing 500 KB would slow benchmarks down.
    QByteArray model() const;
    bool wantsStream() const;
    int assistantMessages() const;
    /// The text of the last message, decoded; this one parses the body.
    QByteArray lastMessage() const;
};

/// What a reply says that it used; a field left empty is not sent.
struct ScriptedUsage {
    std::optional<qint64> promptTokens;
    std::optional<qint64> completionTokens;
    std::optional<double> costUsd;
};

/// Bytes that leave @p delay after the bytes before them.
struct ScriptedPiece {
    QByteArray bytes;
    std::chrono::milliseconds delay{0};
};

/// How the server answers one request. By default a JSON body; `pieces` make it a chunked stream, and `raw`
/// replaces the whole response, status line included.
struct ScriptedReply {
    int status = 200;
    QByteArray contentType = "application/json";
    std::vector<QByteArray> headers; ///< further ones, each as `Name: value`
    QByteArray body;
    std::vector<ScriptedPiece> pieces; ///< each is one chunk of a chunked body
    std::vector<ScriptedPiece> raw; ///< written as it stands
    std::chrono::milliseconds latency{0}; ///< before the first byte of the response
    qint64 cutAfter = -1; ///< closes the connection after this many bytes of the body (or of `raw`)
    bool neverAnswer = false;
    bool close = false; ///< closes the connection after the reply

    /// A chat completion: sent as `data:` events or as one JSON object, as the request wishes.
    struct Chat {
        QByteArray text;
        std::optional<ScriptedUsage> usage;
        std::chrono::milliseconds pieceDelay{0}; ///< between the events of a stream
    };
    std::optional<Chat> chat;

    /// The same with its chat, if it has one, as pieces or as a body.
    ScriptedReply renderedFor(const ScriptedRequest& request) const;
};

/// Keeps the first @p bytes of a body, all where it is negative; returns whether it was to be cut.
bool cutPieces(std::vector<ScriptedPiece>& body, qint64 bytes);

/// A completion that honours `"stream": true`.
ScriptedReply chatReply(const QByteArray& text, std::optional<ScriptedUsage> usage = std::nullopt);
/// A completion that is streamed whatever the request says. Each word is an event.
ScriptedReply sse(const QByteArray& text, std::optional<ScriptedUsage> usage = std::nullopt);
/// A completion as one JSON object, whatever the request says.
ScriptedReply whole(const QByteArray& text, std::optional<ScriptedUsage> usage = std::nullopt);
/// An error as OpenAI words it: `{"error": {"message": …, "code": …}}`.
ScriptedReply errorReply(int status, const QByteArray& message, const QByteArray& code = {});
/// A stream of these bytes, cut into pieces of @p pieceSize.
ScriptedReply streamOf(const QByteArray& bytes, qsizetype pieceSize = 1 << 20);

/// @p text as a JSON string, quotes included.
QByteArray jsonString(const QByteArray& text);

} // namespace burrow::test
