#include "lm/openai_compatible.h"

#include "lm/chat_assembler.h"
#include "lm/http_transport.h"
#include "lm/live_texts.h"
#include "lm/model_errors.h"
#include "lm/redactor.h"

#include <QElapsedTimer>

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

/// Shows what has arrived of one reply while it is under way; ten times a second is as live as an eye can
/// tell.
class Showing {
public:
    Showing(LiveTexts* texts, NodePath path) : m_texts(texts), m_path(std::move(path)) { }
    Showing(const Showing&) = delete;
    ~Showing()
    {
        if (m_texts)
            m_texts->remove(m_path);
    }

    void update(const ChatAssembler& assembler, const Redactor& redactor)
    {
        constexpr std::chrono::milliseconds interval(100);
        if (!m_texts || (m_last.isValid() && m_last.durationElapsed() < interval))
            return;
        m_last.start();
        m_texts->set(m_path, redactor.redacted(assembler.partialText()));
    }

private:
    LiveTexts* m_texts;
    NodePath m_path;
    QElapsedTimer m_last;
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
    Showing showing(m_live, request.path);
    const HttpSink sink = [&](const HttpHead& head, QByteArrayView bytes) {
        const HttpFlow flow = reception.take(head, bytes);
        showing.update(reception.assembler, server.redactor);
        return flow;
    };
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
