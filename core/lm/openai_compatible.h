#pragma once

#include "base/clock.h"
#include "lm/chat_body.h"
#include "lm/endpoint.h"
#include "lm/language_model.h"

#include <QHash>

namespace burrow {

class HttpTransport;
class LiveTexts;
struct ModelServer;

/// Chat completions of any server that speaks OpenAI's interface, streamed where the server streams. Without
/// tools. One call of complete() is one request on the wire.
///
/// A server may refuse a parameter in its own dialect (`max_tokens`, `stream_options`). That request fails
/// with a retryable error and no delay, and this object speaks the dialect to that model from then on.
///
/// No reply and no error holds the endpoint's key, whatever the server sends.
/// Engine thread only.
class OpenAiCompatible final : public LanguageModel {
public:
    /// @p transport and @p clock must outlive this object and its requests.
    OpenAiCompatible(
        Endpoint endpoint, HttpTransport& transport, const Clock& clock, HttpTimeouts timeouts = {});

    /// Shows in @p texts, which must outlive this object and its requests, what has arrived of each reply.
    void showIn(LiveTexts& texts) { m_live = &texts; }

    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return m_endpoint.identity(); }

private:
    ModelError errorOfTransport(const ModelServer& server, const HttpError& error) const;
    ModelError refusal(
        const ModelServer& server, const HttpHead& head, const QByteArray& body, ChatDialect spoken);

    Endpoint m_endpoint;
    HttpTransport& m_transport;
    const Clock& m_clock;
    HttpTimeouts m_timeouts;
    LiveTexts* m_live = nullptr;
    QHash<QByteArray, ChatDialect> m_dialects; ///< by model
    bool m_reached = false; ///< the server has answered before: a failure to connect may pass
};

} // namespace burrow
