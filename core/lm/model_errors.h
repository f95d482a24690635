#pragma once

#include "lm/chat_chunk.h"
#include "lm/http.h"
#include "lm/redactor.h"

namespace burrow {

/// Who answered, for the words of an error.
struct ModelServer {
    QByteArray endpoint;
    QByteArray model;
    Redactor redactor;

    /// The server's own words, fit for a message: without secrets, visible, in one line, cut at 300
    /// characters.
    QString quoted(const QByteArray& words) const;
    /// An error worded "MODEL at ENDPOINT " + @p what.
    ModelError error(ErrorCode code, const QString& what) const;
};

/// What a response with an error says: its status, its headers, and its body as far as it was read.
/// @p now is the time that a Retry-After date is counted from.
ModelError errorOfResponse(
    const ModelServer& server, const HttpHead& head, const QByteArray& body, std::chrono::seconds now);

/// What an error object inside a reply with status 200 says.
ModelError errorOfReply(const ModelServer& server, const ChatChunk::ServerError& error);

/// The wait that a server asks for with `Retry-After` (seconds or an HTTP date, RFC 9110 §10.2.3) or
/// `retry-after-ms`. Nothing where it asks for none, or in no form that can be read.
std::optional<std::chrono::milliseconds> retryAfter(const HttpHead& head, std::chrono::seconds now);

} // namespace burrow
