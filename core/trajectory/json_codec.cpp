#include "trajectory/json_codec.h"

#include "base/json.h"
#include "trajectory/run_info.h"
#include "trajectory/sha256.h"

#include <QUrl>

namespace burrow {

using Json = nlohmann::json;

namespace {

/// Discarded where @p text is no JSON. What lies too deep is left out: writing it again would recurse as
/// deep.
Json parse(const QByteArray& text)
{
    constexpr int deepest = 64;
    const auto keep = [](int depth, Json::parse_event_t, const Json&) { return depth <= deepest; };
    return Json::parse(text.begin(), text.end(), keep, false);
}

std::string text(const QByteArray& bytes)
{
    return bytes.toStdString();
}

template <typename T> T field(const Json& json, const char* name, T otherwise)
{
    const auto at = json.is_object() ? json.find(name) : json.end();
    if (!json.is_object() || at == json.end())
        return otherwise;
    if constexpr (std::is_same_v<T, QByteArray>)
        return at->is_string() ? QByteArray::fromStdString(at->get<std::string>()) : otherwise;
    else if constexpr (std::is_same_v<T, bool>)
        return at->is_boolean() ? at->get<bool>() : otherwise;
    else
        return at->is_number_integer() ? at->get<T>() : otherwise;
}

/// The codes that a model call ends with, by the name they have in files.
constexpr std::pair<ErrorCode, const char*> errorNames[] = {
    {ErrorCode::Unreachable, "unreachable"},
    {ErrorCode::TimedOut, "timed_out"},
    {ErrorCode::WrongKey, "wrong_key"},
    {ErrorCode::UnknownModel, "unknown_model"},
    {ErrorCode::WindowExceeded, "window_exceeded"},
    {ErrorCode::ContentFiltered, "content_filtered"},
    {ErrorCode::RateLimited, "rate_limited"},
    {ErrorCode::MalformedReply, "malformed_reply"},
    {ErrorCode::StreamCut, "stream_cut"},
    {ErrorCode::ServerFailed, "server_failed"},
    {ErrorCode::RequestRejected, "request_rejected"},
    {ErrorCode::ModelNotAllowed, "model_not_allowed"},
    {ErrorCode::LimitReached, "limit_reached"},
    {ErrorCode::Cancelled, "cancelled"},
    {ErrorCode::InvalidArgument, "invalid_argument"},
};

} // namespace

QByteArray withoutCredentials(const QByteArray& endpoint)
{
    if (!endpoint.contains('@'))
        return endpoint;
    return QUrl::fromEncoded(endpoint).toEncoded(QUrl::RemoveUserInfo);
}

QByteArray encodeError(const ModelError& error)
{
    const auto* name = std::ranges::find(errorNames, error.code, &std::pair<ErrorCode, const char*>::first);
    Json json{{"code", name == std::end(errorNames) ? "server_failed" : name->second},
        {"message", error.message.toStdString()}, {"retryable", error.retryable}, {"sent", error.sent}};
    if (error.retryAfter)
        json["retry_after_ms"] = error.retryAfter->count();
    return toText(json);
}

ModelError decodeError(const QByteArray& text, const QByteArray& partialText)
{
    const Json json = parse(text);
    ModelError error;
    error.code = ErrorCode::ServerFailed;
    const QByteArray code = field(json, "code", QByteArray());
    for (const auto& [candidate, name] : errorNames)
        if (code == name)
            error.code = candidate;
    error.message = QString::fromUtf8(field(json, "message", QByteArray()));
    error.retryable = field(json, "retryable", false);
    error.sent = field(json, "sent", true);
    error.partialText = partialText;
    return error;
}

namespace {

/// Nothing where none is named, or one of a later version: then the status alone says how the cell ended.
std::optional<LimitHit> limitFrom(const Json& output)
{
    const auto found = output.find("limit");
    if (found == output.end())
        return std::nullopt;
    const int limit = found->at(0).get<int>();
    if (limit < int(CellLimit::WallTime) || limit > int(lastCellLimit))
        return std::nullopt;
    return LimitHit{CellLimit(limit), found->at(1).get<qint64>()};
}

} // namespace

EncodedOutput encodeOutput(const CellOutput& output)
{
    EncodedOutput encoded;
    const auto captured = [&](const CapturedText& text) {
        encoded.texts += text.head + text.tail;
        return Json{text.head.size(), text.tail.size(), text.droppedChars};
    };
    Json json;
    json["status"] = int(output.status);
    json["out"] = captured(output.out);
    json["err"] = captured(output.err);
    json["value"] = captured(output.value);
    json["answer"] = output.answer ? Json(output.answer->size()) : Json();
    encoded.texts += output.answer.value_or(QByteArray());
    json["draft"] = output.answerDraft.size();
    encoded.texts += output.answerDraft;
    json["restarted"] = output.restarted;
    // Only where they say something, so that other outputs are written as before.
    if (output.limit)
        json["limit"] = {int(output.limit->limit), output.limit->value};
    if (output.undone)
        json["undone"] = true;
    json["variables"] = Json::array();
    for (const Variable& variable : output.variables)
        json["variables"].push_back({text(variable.name), text(variable.type), variable.length});
    json["lost"] = Json::array();
    for (const QByteArray& name : output.lostNames)
        json["lost"].push_back(text(name));
    encoded.json = toText(json);
    return encoded;
}

std::optional<CellOutput> decodeOutput(const EncodedOutput& encoded)
{
    qsizetype position = 0;
    const auto take = [&](const Json& length) {
        const auto size = length.get<qsizetype>();
        if (size < 0 || size > encoded.texts.size() - position)
            throw Json::other_error::create(600, "a text is missing", &length);
        position += size;
        return encoded.texts.sliced(position - size, size);
    };
    const auto captured = [&](const Json& json) {
        QByteArray head = take(json.at(0));
        QByteArray tail = take(json.at(1));
        return CapturedText{std::move(head), std::move(tail), json.at(2).get<qint64>()};
    };
    // The file may come from anybody, so every access may throw; it ends here.
    try {
        const Json json = parseJson(encoded.json);
        CellOutput output;
        const int status = json.at("status").get<int>();
        if (status < 0 || status > int(CellStatus::Violation))
            return std::nullopt;
        output.status = CellStatus(status);
        output.out = captured(json.at("out"));
        output.err = captured(json.at("err"));
        output.value = captured(json.at("value"));
        if (!json.at("answer").is_null())
            output.answer = take(json.at("answer"));
        output.answerDraft = take(json.at("draft"));
        output.restarted = json.at("restarted").get<bool>();
        output.limit = limitFrom(json);
        output.undone = json.value("undone", false);
        for (const Json& variable : json.at("variables"))
            output.variables.push_back({QByteArray::fromStdString(variable.at(0).get<std::string>()),
                QByteArray::fromStdString(variable.at(1).get<std::string>()), variable.at(2).get<qint64>()});
        for (const Json& name : json.at("lost"))
            output.lostNames.push_back(QByteArray::fromStdString(name.get<std::string>()));
        return output;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

QByteArray questionOf(const QueryBatch& batch)
{
    constexpr qsizetype digits = 16; // of some thousand calls of one cell
    Json json{{"kind", int(batch.kind)}, {"batched", batch.batched},
        {"model", text(batch.model.value_or(""))}, {"items", Json::array()}};
    for (const SubQuery& item : batch.items)
        json["items"].push_back({text(Sha256::of(item.prompt).hex()), text(encodeContext(item.context))});
    return Sha256::of(toText(json)).hex().first(digits);
}

QByteArray encodeHostCall(const QueryBatch& batch, const QueryOutcome& outcome, const QByteArray& question)
{
    Json json{{"kind", batch.kind == QueryBatch::Kind::Rlm ? "rlm" : "llm"}, {"batched", batch.batched},
        {"items", batch.items.size()}};
    if (batch.model)
        json["model"] = text(*batch.model);
    if (batch.kind == QueryBatch::Kind::Rlm) {
        json["contexts"] = Json::array();
        for (const SubQuery& item : batch.items)
            json["contexts"].push_back(parse(encodeContext(item.context)));
    }
    if (!question.isEmpty())
        json["question"] = text(question);
    if (!outcome)
        json["refused"] = {text(outcome.error().exception), text(outcome.error().message)};
    return toText(json);
}

QByteArray decodeQuestion(const QByteArray& json)
{
    return field(parse(json), "question", QByteArray());
}

std::optional<QueryRefusal> decodeRefusal(const QByteArray& json)
{
    const Json parsed = parse(json);
    const auto refused = parsed.is_object() ? parsed.find("refused") : parsed.end();
    if (!parsed.is_object() || refused == parsed.end() || !refused->is_array() || refused->size() != 2
        || !refused->at(0).is_string() || !refused->at(1).is_string())
        return std::nullopt;
    return QueryRefusal{QByteArray::fromStdString(refused->at(0).get<std::string>()),
        QByteArray::fromStdString(refused->at(1).get<std::string>())};
}

QByteArray encodeContext(const ContextValue& context)
{
    switch (context.kind) {
    case ContextValue::Kind::Corpus:
        return "\"corpus\"";
    case ContextValue::Kind::Document:
        return toText(Json{{"document", context.document}});
    case ContextValue::Kind::Text:
    case ContextValue::Kind::Json:
        break;
    }
    return toText(Json{{"copied", context.kind == ContextValue::Kind::Text ? "text" : "json"},
        {"sha256", text(Sha256::of(context.bytes).hex())}, {"bytes", context.bytes.size()}});
}

QByteArray RunInfo::toJson() const
{
    Json json{{"program", text(program)}, {"renderer", text(renderer)}, {"guest", text(guest)},
        {"python", text(python)}, {"machine", text(machine)}, {"seed", seed}};
    const Json parsed = parse(settings);
    json["settings"] = parsed.is_discarded() ? Json::object() : parsed;
    json["prompts"] = Json::object();
    for (const auto& [name, prompt] : prompts)
        json["prompts"][text(name)] = text(prompt);
    return toText(json);
}

RunInfo RunInfo::fromJson(const QByteArray& text)
{
    const Json json = parse(text);
    RunInfo info;
    info.program = field(json, "program", info.program);
    info.renderer = field(json, "renderer", info.renderer);
    info.guest = field(json, "guest", info.guest);
    info.python = field(json, "python", info.python);
    info.machine = field(json, "machine", info.machine);
    info.seed = field(json, "seed", info.seed);
    if (json.is_object() && json.contains("settings"))
        info.settings = toText(json["settings"]);
    if (json.is_object() && json.contains("prompts") && json["prompts"].is_object())
        for (const auto& [name, prompt] : json["prompts"].items())
            if (prompt.is_string())
                info.prompts[QByteArray::fromStdString(name)]
                    = QByteArray::fromStdString(prompt.get<std::string>());
    return info;
}

} // namespace burrow
