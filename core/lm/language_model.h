#pragma once

#include "base/node_path.h"
#include "base/result.h"
#include "base/task.h"
#include "base/units.h"

#include <chrono>
#include <optional>
#include <vector>

namespace burrow {

enum class Role { System, User, Assistant };

/// One message of a conversation; UTF-8. The text is shared, so a message repeated in 30 requests is held
/// once.
struct Message {
    Role role;
    QByteArray text;

    friend bool operator==(const Message&, const Message&) = default;
};

struct ChatRequest {
    NodePath path; ///< the node that asks: a turn, a completion, a compaction or a final answer
    int attempt = 1; ///< counts the retries of one request; no part of its identity
    int sampleOrdinal = 0; ///< over 0 only where a person asks for another sample of the same request
    QByteArray model;
    std::vector<Message> messages;
    int maxOutputTokens = 8192;
    std::optional<double> temperature;
};

/// What a server says that a request used. A server that says nothing leaves the fields empty; 0 is never
/// invented.
struct Usage {
    std::optional<qint64> inputTokens;
    std::optional<qint64> outputTokens;
    std::optional<MicroUsd> cost;

    friend bool operator==(const Usage&, const Usage&) = default;
};

/// @p said, and what it leaves out as in @p estimate.
inline Usage completed(Usage said, const Usage& estimate)
{
    return {said.inputTokens ? said.inputTokens : estimate.inputTokens,
        said.outputTokens ? said.outputTokens : estimate.outputTokens, said.cost ? said.cost : estimate.cost};
}

enum class FinishReason { Stop, Length, ContentFilter, Other };

struct ChatReply {
    QByteArray text; ///< UTF-8
    QByteArray
        reasoning; ///< a thinking model's own notes, where the server sends them apart; never sent back
    QByteArray servedModel; ///< as the server names it
    FinishReason finish = FinishReason::Stop;
    Usage usage;
    bool reused = false; ///< served from a recording: no money was spent now
};

/// Why a request has no reply.
struct ModelError : Error {
    bool retryable
        = false; ///< the same request may succeed later: 408, 409, 425, 429, 5xx, a dropped connection
    std::optional<std::chrono::milliseconds> retryAfter; ///< the server's own wish
    bool sent = true; ///< false where it failed before a byte left: nothing can have been billed
    bool refused = false; ///< by the server, with a status of HTTP: it does not charge for that
    QByteArray partialText; ///< what a cut or aborted stream had delivered

    /// An error from before a byte left.
    static ModelError unsent(Error error)
    {
        return {std::move(error), false, std::nullopt, false, false, {}};
    }

    /// Whether a server may charge for the request although no whole reply came. A server that refused it
    /// with a status does not; one that was reached and then not heard to the end may.
    bool outcomeUnknown() const
    {
        if (refused)
            return false;
        switch (code) {
        case ErrorCode::Unreachable:
        case ErrorCode::TimedOut:
        case ErrorCode::MalformedReply:
        case ErrorCode::StreamCut:
        case ErrorCode::ContentFiltered:
        case ErrorCode::Cancelled:
        case ErrorCode::Io:
        case ErrorCode::DiskFull:
            return sent;
        default:
            return false;
        }
    }
};

using ModelResult = std::expected<ChatReply, ModelError>;

/// A door to the outside: money and network. One call of complete() is at most one request on the wire;
/// retries, limits and recording are decorators around it. Engine thread only.
class LanguageModel {
public:
    virtual ~LanguageModel() = default;

    /// Errors: any of the model codes, Cancelled when @p stop was requested (felt within 100 ms),
    /// LimitReached.
    virtual Task<ModelResult> complete(ChatRequest request, StopToken stop) = 0;

    /// Where requests go, without secrets: `http://127.0.0.1:8080/v1`, or `offline`. Part of a request's
    /// identity.
    virtual QByteArray endpoint() const = 0;
};

} // namespace burrow
