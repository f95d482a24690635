#pragma once

#include "lm/language_model.h"

namespace burrow {

/// What one JSON object of a completion says: a whole reply, or one event of a stream. This is where JSON
/// ends.
struct ChatChunk {
    /// An `error` object, which servers send with any status, inside a stream too.
    struct ServerError {
        int status = 0; ///< where its code is an HTTP status
        QByteArray code; ///< or its type, in lower case: `context_length_exceeded`
        QByteArray message;
    };

    bool hasChoice = false;
    QByteArray text;
    QByteArray reasoning;
    QByteArray model;
    std::optional<FinishReason> finish;
    Usage usage;
    std::optional<ServerError> error;
};

/// Reads @p json leniently: invalid UTF-8 and lone surrogates become U+FFFD, fields of the wrong type are
/// passed over. Nothing where it is no JSON object.
std::optional<ChatChunk> parseChatChunk(const QByteArray& json);

} // namespace burrow
