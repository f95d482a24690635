#include "lm/chat_chunk.h"

#include "lm/lenient_json.h"

#include <array>
#include <cmath>

namespace burrow {

using nlohmann::json;

namespace {

/// A message's content: a string, or a list of parts of which the texts count.
QByteArray contentOf(const json& content)
{
    if (!content.is_array())
        return textOf(content);
    QByteArray text;
    for (const json& part : content)
        text += textOf(member(part, "text"));
    return text;
}

QByteArray firstText(const json& object, std::initializer_list<const char*> keys)
{
    for (const char* key : keys) {
        if (const QByteArray text = textOf(member(object, key)); !text.isEmpty())
            return text;
    }
    return {};
}

std::optional<FinishReason> finishOf(const json& reason)
{
    const QByteArray name = textOf(reason).toLower();
    if (name.isEmpty())
        return std::nullopt;
    if (name == "stop" || name == "eos" || name == "end_turn" || name == "stop_sequence")
        return FinishReason::Stop;
    if (name == "length" || name == "max_tokens")
        return FinishReason::Length;
    if (name == "content_filter")
        return FinishReason::ContentFilter;
    return FinishReason::Other;
}

/// US dollars as OpenRouter reports them. Rounded up, since a limit on money must never be passed unseen.
std::optional<MicroUsd> costOf(const json& value)
{
    constexpr double mostUsd = 1e6;
    // Two decimal places of slack: 0.000123 is 123.00000000000001 millionths in binary.
    constexpr double slack = 1e-2;
    if (!value.is_number())
        return std::nullopt;
    const double usd = value.get<double>();
    if (!(usd >= 0 && usd <= mostUsd))
        return std::nullopt;
    return MicroUsd{qint64(std::ceil(usd * 1e6 - slack))};
}

Usage usageOf(const json& usage)
{
    return {countOf(member(usage, "prompt_tokens")), countOf(member(usage, "completion_tokens")),
        costOf(member(usage, "cost"))};
}

/// Errors come as `{"error": {…}}`, `{"error": "…"}`, `{"detail": …}`, `{"object": "error", "message": …}`
/// and, from Google, as a list that holds one.
std::optional<ChatChunk::ServerError> errorOf(const json& object)
{
    const json* error = &member(object, "error");
    if (error->is_null() && textOf(member(object, "object")) == "error")
        error = &object;
    if (error->is_null())
        error = &member(object, "detail");
    if (error->is_null())
        return std::nullopt;
    ChatChunk::ServerError result;
    result.message = error->is_object() ? firstText(*error, {"message", "msg", "detail"}) : textOf(*error);
    result.code = (firstText(*error, {"code"}) + ' ' + firstText(*error, {"type"})).trimmed().toLower();
    const json& code = member(*error, "code");
    const qint64 status = code.is_number() ? countOf(code).value_or(0) : textOf(code).toInt();
    if (status >= 400 && status < 600)
        result.status = int(status);
    return result;
}

} // namespace

std::optional<ChatChunk> parseChatChunk(const QByteArray& text)
{
    const json parsed = parseLeniently(text);
    const json& object = parsed.is_array() && !parsed.empty() ? parsed.front() : parsed;
    if (!object.is_object())
        return std::nullopt;
    ChatChunk chunk;
    chunk.model = textOf(member(object, "model"));
    chunk.usage = usageOf(member(object, "usage"));
    chunk.error = errorOf(object);
    const json& choices = member(object, "choices");
    if (!choices.is_array() || choices.empty())
        return chunk;
    const json& choice = choices.front();
    const json& delta = member(choice, "delta");
    const json& message = delta.is_object() ? delta : member(choice, "message");
    chunk.hasChoice = message.is_object();
    chunk.text = contentOf(member(message, "content"));
    if (chunk.text.isEmpty())
        chunk.text = textOf(member(message, "refusal"));
    chunk.reasoning = firstText(message, {"reasoning_content", "reasoning"});
    chunk.finish = finishOf(member(choice, "finish_reason"));
    return chunk;
}

} // namespace burrow
