#include "lm/chat_body.h"

#include <cstring>

namespace burrow {

namespace {

bool mustEscape(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// Whether any of eight bytes must be escaped. Each term has the high bit of a byte set where that byte is
/// below 0x20, or equal to the quote or the backslash (Bit Twiddling Hacks, "determine if a word has a byte
/// less than n"); bytes over 0x7f are never taken for one.
bool anyMustEscape(quint64 word)
{
    constexpr quint64 ones = 0x0101010101010101;
    constexpr quint64 highs = ones * 0x80;
    const quint64 quotes = word ^ (ones * '"');
    const quint64 backslashes = word ^ (ones * '\\');
    const quint64 hits = ((word - ones * 0x20) & ~word) | ((quotes - ones) & ~quotes)
        | ((backslashes - ones) & ~backslashes);
    return (hits & highs) != 0;
}

/// Where the bytes that need no escape end.
const char* endOfPlain(const char* at, const char* end)
{
    for (quint64 word = 0; end - at >= qsizetype(sizeof word); at += sizeof word) {
        std::memcpy(&word, at, sizeof word);
        if (anyMustEscape(word))
            break;
    }
    while (at != end && !mustEscape(*at))
        ++at;
    return at;
}

void appendEscape(QByteArray& json, char c)
{
    switch (c) {
    case '"':
        json += "\\\"";
        return;
    case '\\':
        json += "\\\\";
        return;
    case '\n':
        json += "\\n";
        return;
    case '\r':
        json += "\\r";
        return;
    case '\t':
        json += "\\t";
        return;
    default:
        json += "\\u00" + QByteArray::number(c, 16).rightJustified(2, '0');
    }
}

QByteArrayView nameOf(Role role)
{
    switch (role) {
    case Role::System:
        return "system";
    case Role::User:
        return "user";
    case Role::Assistant:
        return "assistant";
    }
    return {};
}

/// Room for the text and for a line break or quote in every sixteen bytes; more only costs a copy.
qsizetype roomFor(const ChatRequest& request)
{
    qsizetype bytes = 256 + request.model.size();
    for (const Message& message : request.messages)
        bytes += message.text.size() + message.text.size() / 16 + 64;
    return bytes;
}

} // namespace

void appendJsonString(QByteArray& json, QByteArrayView utf8)
{
    json += '"';
    const char* at = utf8.begin();
    while (true) {
        const char* plain = endOfPlain(at, utf8.end());
        json.append(at, plain - at);
        if (plain == utf8.end())
            break;
        appendEscape(json, *plain);
        at = plain + 1;
    }
    json += '"';
}

QByteArray chatBody(const ChatRequest& request, ChatDialect dialect)
{
    QByteArray json;
    json.reserve(roomFor(request));
    json += R"({"model":)";
    appendJsonString(json, request.model);
    json += R"(,"stream":true)";
    if (dialect.streamOptions)
        json += R"(,"stream_options":{"include_usage":true})";
    json += dialect.completionTokens ? R"(,"max_completion_tokens":)" : R"(,"max_tokens":)";
    json += QByteArray::number(request.maxOutputTokens);
    if (request.temperature)
        json += R"(,"temperature":)" + QByteArray::number(*request.temperature, 'g', 6);
    json += R"(,"messages":[)";
    for (const Message& message : request.messages) {
        if (&message != &request.messages.front())
            json += ',';
        json.append(R"({"role":")").append(nameOf(message.role)).append(R"(","content":)");
        appendJsonString(json, message.text);
        json += '}';
    }
    json += "]}";
    return json;
}

} // namespace burrow
