#pragma once

#include "lm/language_model.h"

namespace burrow {

/// How a server wants what servers disagree about; learned from its refusals.
struct ChatDialect {
    bool completionTokens = false; ///< `max_completion_tokens` where others say `max_tokens`
    bool streamOptions = true; ///< knows `stream_options`, which asks for the usage of a stream

    friend bool operator==(const ChatDialect&, const ChatDialect&) = default;
};

/// The JSON of a streamed chat completion, written once into one array: a prompt may have megabytes.
QByteArray chatBody(const ChatRequest& request, ChatDialect dialect);

/// Appends @p utf8 to @p json as a JSON string, quotes included.
void appendJsonString(QByteArray& json, QByteArrayView utf8);

} // namespace burrow
