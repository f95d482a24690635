#include "scripted_reply.h"

#include <nlohmann/json.hpp>

namespace burrow::test {

namespace {

/// What follows `"key":` in @p json. A raw quoted key cannot stand inside a JSON string, where its quotes
/// would be escaped.
QByteArrayView valueOf(QByteArrayView json, QByteArrayView quotedKey, qsizetype from = 0)
{
    while ((from = json.indexOf(quotedKey, from)) >= 0) {
        QByteArrayView rest = json.sliced(from + quotedKey.size()).trimmed();
        if (rest.startsWith(':'))
            return rest.sliced(1).trimmed();
        from += quotedKey.size();
    }
    return {};
}

nlohmann::json usageJson(const ScriptedUsage& usage)
{
    nlohmann::json json = nlohmann::json::object();
    if (usage.promptTokens)
        json["prompt_tokens"] = *usage.promptTokens;
    if (usage.completionTokens)
        json["completion_tokens"] = *usage.completionTokens;
    if (usage.costUsd)
        json["cost"] = *usage.costUsd;
    return json;
}

QByteArray event(const QByteArray& choices, const QByteArray& usage = "null")
{
    return R"(data: {"id":"c1","object":"chat.completion.chunk","model":"scripted","choices":[)" + choices
        + R"(],"usage":)" + usage + "}\n\n";
}

QByteArray delta(const QByteArray& inside, const QByteArray& finish = "null")
{
    return event(R"({"index":0,"delta":{)" + inside + R"(},"finish_reason":)" + finish + "}");
}

} // namespace

QByteArray jsonString(const QByteArray& text)
{
    return QByteArray::fromStdString(
        nlohmann::json(text.toStdString()).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

QByteArray ScriptedRequest::method() const
{
    return head.first(head.indexOf(' '));
}

QByteArray ScriptedRequest::path() const
{
    const qsizetype start = head.indexOf(' ') + 1;
    return head.sliced(start, head.indexOf(' ', start) - start);
}

QByteArray ScriptedRequest::header(QByteArrayView name) const
{
    qsizetype start = head.indexOf("\r\n") + 2;
    while (start < head.size()) {
        qsizetype end = head.indexOf("\r\n", start);
        if (end < 0)
            end = head.size();
        const QByteArrayView line = QByteArrayView(head).sliced(start, end - start);
        if (line.size() > name.size() && line[name.size()] == ':'
            && line.first(name.size()).compare(name, Qt::CaseInsensitive) == 0)
            return line.sliced(name.size() + 1).trimmed().toByteArray();
        start = end + 2;
    }
    return {};
}

QByteArray ScriptedRequest::model() const
{
    const QByteArrayView value = valueOf(body, "\"model\"");
    return value.startsWith('"') ? value.sliced(1, qMax(0, value.indexOf('"', 1) - 1)).toByteArray()
                                 : QByteArray();
}

bool ScriptedRequest::wantsStream() const
{
    return valueOf(body, "\"stream\"").startsWith("true");
}

int ScriptedRequest::assistantMessages() const
{
    int count = 0;
    for (qsizetype at = 0; (at = body.indexOf("\"role\"", at)) >= 0; at += 6)
        count += valueOf(body, "\"role\"", at).startsWith("\"assistant\"");
    return count;
}

QByteArray ScriptedRequest::lastMessage() const
{
    const auto json = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
    if (!json.is_object() || !json.contains("messages") || json["messages"].empty())
        return {};
    return QByteArray::fromStdString(json["messages"].back().value("content", ""));
}

ScriptedReply chatReply(const QByteArray& text, std::optional<ScriptedUsage> usage)
{
    ScriptedReply reply;
    reply.chat = ScriptedReply::Chat{text, usage};
    return reply;
}

ScriptedReply sse(const QByteArray& text, std::optional<ScriptedUsage> usage)
{
    ScriptedReply reply;
    reply.contentType = "text/event-stream";
    reply.pieces.push_back({delta(R"("role":"assistant","content":"")")});
    for (qsizetype start = 0; start < text.size();) {
        const qsizetype space = text.indexOf(' ', start + 1);
        const qsizetype end = space < 0 ? text.size() : space;
        reply.pieces.push_back({delta(R"("content":)" + jsonString(text.sliced(start, end - start)))});
        start = end;
    }
    reply.pieces.push_back({delta({}, R"("stop")")});
    if (usage)
        reply.pieces.push_back({event({}, QByteArray::fromStdString(usageJson(*usage).dump()))});
    reply.pieces.push_back({"data: [DONE]\n\n"});
    return reply;
}

ScriptedReply whole(const QByteArray& text, std::optional<ScriptedUsage> usage)
{
    ScriptedReply reply;
    reply.body
        = R"({"id":"c1","object":"chat.completion","model":"scripted","choices":[{"index":0,"message":{"role":"assistant","content":)"
        + jsonString(text) + R"(},"finish_reason":"stop"}])";
    if (usage)
        reply.body += R"(,"usage":)" + QByteArray::fromStdString(usageJson(*usage).dump());
    reply.body += '}';
    return reply;
}

ScriptedReply errorReply(int status, const QByteArray& message, const QByteArray& code)
{
    ScriptedReply reply;
    reply.status = status;
    reply.body = R"({"error":{"message":)" + jsonString(message) + R"(,"code":)"
        + (code.isEmpty() ? QByteArray("null") : jsonString(code)) + "}}";
    return reply;
}

ScriptedReply streamOf(const QByteArray& bytes, qsizetype pieceSize)
{
    ScriptedReply reply;
    reply.contentType = "text/event-stream";
    for (qsizetype start = 0; start < bytes.size(); start += pieceSize)
        reply.pieces.push_back({bytes.mid(start, pieceSize)});
    return reply;
}

ScriptedReply ScriptedReply::renderedFor(const ScriptedRequest& request) const
{
    if (!chat)
        return *this;
    ScriptedReply form
        = request.wantsStream() ? sse(chat->text, chat->usage) : whole(chat->text, chat->usage);
    for (ScriptedPiece& piece : form.pieces)
        piece.delay = chat->pieceDelay;
    ScriptedReply reply = *this;
    reply.pieces = std::move(form.pieces);
    reply.body = form.body;
    reply.contentType = form.contentType;
    return reply;
}

bool cutPieces(std::vector<ScriptedPiece>& body, qint64 bytes)
{
    if (bytes < 0)
        return false;
    for (ScriptedPiece& piece : body) {
        piece.bytes.truncate(qMin<qint64>(piece.bytes.size(), bytes));
        bytes -= piece.bytes.size();
    }
    std::erase_if(body, [](const ScriptedPiece& piece) { return piece.bytes.isEmpty(); });
    return true;
}

} // namespace burrow::test
