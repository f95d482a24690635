#include "lm/openai_compatible.h"

#include "lm/chat_assembler.h"
#include "lm/http_transport.h"
#include "lm/model_errors.h"
#include "lm/redactor.h"

namespace burrow {

namespace {

// More of an error's body than anyone reads; the rest is not waited for.
constexpr qsizetype longestErrorBody = 64 * 1024;

/// Where the bytes of one response go: a reply in the making or, under another status, the body of an error.
struct Reception {
    explicit Reception(const ModelServer& server) : assembler(server) { }

    static bool isSuccess(const HttpHead& head) { return head.status >= 200 && head.status < 300; }

    HttpFlow take(const HttpHead& head, QByteArrayView bytes)
    {
        if (isSuccess(head))
            return assembler.feed(bytes);
        errorBody += bytes;
        return errorBody.size() < longestErrorBody ? HttpFlow::More : HttpFlow::Enough;
    }

    ChatAssembler assembler;
    QByteArray errorBody;
};

/// A key may have been hidden from the transport, by JSON escapes or split over events.
ModelResult withoutSecrets(ModelResult result, const Redactor& redactor)
{
    if (result) {
        result->text = redactor.redacted(result->text);
        result->reasoning = redactor.redacted(result->reasoning);
        result->servedModel = redactor.redacted(result->servedModel);
    } else {
        result.error().partialText = redactor.redacted(result.error().partialText);
    }
    return result;
}

} // namespace

OpenAiCompatible::OpenAiCompatible(
    Endpoint endpoint, HttpTransport& transport, const Clock& clock, HttpTimeouts timeouts)
    : m_endpoint(std::move(endpoint)), m_transport(transport), m_clock(clock), m_timeouts(timeouts)
{
}

Task<ModelResult> OpenAiCompatible::complete(ChatRequest request, StopToken stop)
{
    Result<HttpRequest> http = m_endpoint.request(HttpRequest::Method::Post, "/chat/completions");
    if (!http)
        co_return std::unexpected(ModelError::unsent(http.error()));
    const ModelServer server{m_endpoint.identity(), request.model, m_endpoint.redactor()};
    const ChatDialect dialect = m_dialects.value(request.model);
    http->body = chatBody(request, dialect);
    http->timeouts = m_timeouts;
    request.messages.clear(); // the body holds them; a thousand prompts in flight need not be there twice

    Reception reception(server);
    const HttpSink sink
        = [&reception](const HttpHead& head, QByteArrayView bytes) { return reception.take(head, bytes); };
    const HttpResult head = co_await m_transport.send(std::move(*http), sink, std::move(stop));
    if (!head && !(reception.assembler.isComplete() && head.error().code != ErrorCode::Cancelled)) {
        ModelError error = errorOfTransport(server, head.error());
        error.partialText = reception.assembler.partialText();
        co_return withoutSecrets(std::unexpected(error), server.redactor);
    }
    m_reached = true;
    if (!head || Reception::isSuccess(*head))
        co_return withoutSecrets(reception.assembler.finish(), server.redactor);
    co_return std::unexpected(refusal(server, *head, reception.errorBody, dialect));
}

ModelError OpenAiCompatible::errorOfTransport(const ModelServer& server, const HttpError& http) const
{
    ModelError error = server.error(http.code, http.what);
    error.sent = http.sent;
    // A server that never answered is most likely a wrong address; one that did may come back.
    error.retryable = http.code == ErrorCode::StreamCut || http.code == ErrorCode::TimedOut
        || (http.code == ErrorCode::Unreachable && (http.connected || m_reached));
    return error;
}

ModelError OpenAiCompatible::refusal(
    const ModelServer& server, const HttpHead& head, const QByteArray& body, ChatDialect spoken)
{
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(m_clock.now());
    ModelError error = errorOfResponse(server, head, body, now);
    if (error.code != ErrorCode::RequestRejected || head.status == 402 || head.status == 429)
        return error;
    ChatDialect better = spoken;
    if (body.contains("max_completion_tokens"))
        better.completionTokens = true;
    if (body.contains("stream_options"))
        better.streamOptions = false;
    if (better != spoken) {
        m_dialects.insert(server.model, better);
        error.retryable = true;
        error.retryAfter = std::chrono::milliseconds(0);
    }
    return error;
}

} // namespace burrow
