#include "lm/model_errors.h"

#include "base/visible_text.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>

namespace burrow {

namespace {

/// What kind of refusal it is, whatever the status: servers disagree about that.
struct Spelling {
    ErrorCode code;
    QByteArrayView words; ///< in lower case
};

// Most specific first. Collected from OpenAI, Azure, OpenRouter, llama.cpp, vLLM, Ollama, LM Studio, TGI,
// Mistral, Groq, Anthropic's and Google's compatible interfaces.
constexpr std::array spellings = {
    Spelling{ErrorCode::RequestRejected, "insufficient_quota"},
    Spelling{ErrorCode::RequestRejected, "insufficient credits"},
    Spelling{ErrorCode::RequestRejected, "billing_hard_limit"},
    Spelling{ErrorCode::WindowExceeded, "context_length_exceeded"},
    Spelling{ErrorCode::WindowExceeded, "exceed_context_size"},
    Spelling{ErrorCode::WindowExceeded, "maximum context length"},
    Spelling{ErrorCode::WindowExceeded, "exceeds the context length"},
    Spelling{ErrorCode::WindowExceeded, "exceeds maximum context"},
    Spelling{ErrorCode::WindowExceeded, "exceeded max context length"},
    Spelling{ErrorCode::WindowExceeded, "exceeds the available context size"},
    Spelling{ErrorCode::WindowExceeded, "context size has been exceeded"},
    Spelling{ErrorCode::WindowExceeded, "larger than the context size"},
    Spelling{ErrorCode::WindowExceeded, "longer than the maximum model length"},
    Spelling{ErrorCode::WindowExceeded, "exceeds model's maximum context"},
    Spelling{ErrorCode::WindowExceeded, "context the overflows"},
    Spelling{ErrorCode::WindowExceeded, "greater than the context length"},
    Spelling{ErrorCode::WindowExceeded, "reached context length"},
    Spelling{ErrorCode::WindowExceeded, "context window"},
    Spelling{ErrorCode::WindowExceeded, "prompt is too long"},
    Spelling{ErrorCode::WindowExceeded, "prompt too long"},
    Spelling{ErrorCode::WindowExceeded, "input is too long"},
    Spelling{ErrorCode::WindowExceeded, "exceeds the maximum number of tokens"},
    Spelling{ErrorCode::WindowExceeded, "`inputs` tokens + `max_new_tokens`"},
    Spelling{ErrorCode::WindowExceeded, "reduce the length of the messages"},
    Spelling{ErrorCode::ContentFiltered, "content_filter"},
    Spelling{ErrorCode::ContentFiltered, "content_policy_violation"},
    Spelling{ErrorCode::ContentFiltered, "responsibleaipolicyviolation"},
    Spelling{ErrorCode::ContentFiltered, "moderation"},
    Spelling{ErrorCode::UnknownModel, "model_not_found"},
    Spelling{ErrorCode::UnknownModel, "is not a valid model"},
    Spelling{ErrorCode::UnknownModel, "unknown model"},
    Spelling{ErrorCode::UnknownModel, "invalid model name"},
    Spelling{ErrorCode::WrongKey, "invalid_api_key"},
};

std::optional<ErrorCode> codeOfWords(const ChatChunk::ServerError& error)
{
    const QByteArray words = error.code + ' ' + error.message.toLower();
    const auto* found = std::ranges::find_if(
        spellings, [&](const Spelling& spelling) { return words.contains(spelling.words); });
    return found == spellings.end() ? std::nullopt : std::optional(found->code);
}

bool isRetryable(int status)
{
    return status == 408 || status == 409 || status == 425 || status == 429 || status >= 500;
}

ErrorCode codeOfStatus(int status)
{
    switch (status) {
    case 401:
    case 403:
        return ErrorCode::WrongKey;
    case 404:
        return ErrorCode::UnknownModel;
    case 413:
        return ErrorCode::WindowExceeded;
    case 429:
        return ErrorCode::RateLimited;
    default:
        return isRetryable(status) ? ErrorCode::ServerFailed : ErrorCode::RequestRejected;
    }
}

/// Words decide where a server's status is vague. A wrong key, a rate limit and a failing server keep what
/// their status says, unless the words are about money, the window or a filter.
ErrorCode codeOf(int status, const ChatChunk::ServerError& error)
{
    const ErrorCode byStatus = codeOfStatus(status);
    const std::optional<ErrorCode> byWords = codeOfWords(error);
    if (!byWords || status == 401 || status == 402)
        return byStatus;
    if (status == 429 && *byWords != ErrorCode::RequestRejected)
        return byStatus;
    return *byWords;
}

QString advice(ErrorCode code, int status)
{
    switch (code) {
    case ErrorCode::WrongKey:
        return QStringLiteral("does not accept the key. Check the key and what it may use");
    case ErrorCode::UnknownModel:
        return QStringLiteral(
            "is not known there. Check the model's name and the address, which usually ends in /v1");
    case ErrorCode::WindowExceeded:
        return QStringLiteral("was given more than its context window holds. Send a shorter prompt");
    case ErrorCode::ContentFiltered:
        return QStringLiteral("was kept from answering by a content filter. Word the prompt differently");
    case ErrorCode::RateLimited:
        return QStringLiteral("answers no more requests for now. Wait, or lower the concurrency");
    case ErrorCode::ServerFailed:
        return QStringLiteral("failed with status %1. Try again").arg(status);
    default:
        break;
    }
    if (status == 407)
        return QStringLiteral("is behind a proxy that wants a login. Put it into the address in http_proxy");
    if (status == 402 || status == 429)
        return QStringLiteral("has no credit left. Top up the account or use another key");
    return QStringLiteral("rejected the request with status %1. Change the request or the model").arg(status);
}

ModelError classified(const ModelServer& server, int status, const ChatChunk::ServerError& words)
{
    const ErrorCode code = codeOf(status, words);
    QString what = advice(code, status);
    if (!words.message.isEmpty())
        what += QStringLiteral(" (the server says: %1)").arg(server.quoted(words.message));
    ModelError error = server.error(code, what + u'.');
    error.retryable = code == ErrorCode::RateLimited || code == ErrorCode::ServerFailed;
    return error;
}

} // namespace

QString ModelServer::quoted(const QByteArray& words) const
{
    constexpr qsizetype longest = 300;
    // Freed of secrets before it is cut: half a key is still a secret.
    const QByteArray clean = redactor.redacted(words);
    const QString beginning = QString::fromUtf8(QByteArrayView(clean).first(qMin(clean.size(), 4 * longest)));
    QString text = visibleText(beginning.simplified(), LineMode::SingleLine);
    if (text.size() > longest)
        text = text.first(longest).trimmed() + u'…';
    return text;
}

ModelError ModelServer::error(ErrorCode code, const QString& what) const
{
    ModelError error;
    error.code = code;
    error.message = QStringLiteral("%1 at %2 %3").arg(quoted(model), QString::fromUtf8(endpoint), what);
    return error;
}

ModelError errorOfReply(const ModelServer& server, const ChatChunk::ServerError& error)
{
    return classified(server, error.status == 0 ? 500 : error.status, error);
}

ModelError errorOfResponse(
    const ModelServer& server, const HttpHead& head, const QByteArray& body, std::chrono::seconds now)
{
    const std::optional<ChatChunk> chunk = parseChatChunk(body);
    ChatChunk::ServerError words;
    if (chunk && chunk->error)
        words = *chunk->error;
    else if (!body.trimmed().startsWith('<')) // an HTML page says nothing in its first line
        words.message = body;
    ModelError error = classified(server, head.status, words);
    error.refused = true;
    if (error.retryable)
        error.retryAfter = retryAfter(head, now);
    return error;
}

std::optional<std::chrono::milliseconds> retryAfter(const HttpHead& head, std::chrono::seconds now)
{
    const auto inMs
        = [](const QByteArray& number, double unitMs) -> std::optional<std::chrono::milliseconds> {
        bool isNumber = false;
        const double ms = number.toDouble(&isNumber) * unitMs;
        if (!isNumber || !(ms >= 0))
            return std::nullopt;
        return std::chrono::milliseconds(qint64(std::min(ms, 1e12)));
    };
    if (const auto ms = inMs(head.value("retry-after-ms"), 1))
        return ms;
    const QByteArray value = head.value("retry-after");
    if (const auto ms = inMs(value, 1000))
        return ms;
    const time_t date = value.isEmpty() ? -1 : curl_getdate(value.constData(), nullptr);
    if (date < 0)
        return std::nullopt;
    return std::max(std::chrono::seconds(0), std::chrono::seconds(date) - now);
}

} // namespace burrow
