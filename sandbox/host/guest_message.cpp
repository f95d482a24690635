#include "host/guest_message.h"

#include "base/json.h"
#include "host/protocol.h"

#include <algorithm>

namespace burrow {

namespace {

using Json = nlohmann::json;

constexpr quint64 maxOutBytes = quint64(64) << 10;
constexpr quint64 maxDoneBytes = quint64(64) << 20; ///< an answer may be a whole report
constexpr quint64 maxUnknownBytes = quint64(1) << 20;
constexpr std::size_t maxModelName = 256;
constexpr std::size_t doneParts = 6;

/// Thrown and caught in this file alone: the checks read as a description of the format.
struct Violation {
    const char* what;
};

void require(bool condition, const char* what)
{
    if (!condition)
        throw Violation{what};
}

/// Measured before parsing: a million opening brackets would cost a gigabyte as a tree, and as many values a
/// good part of a second.
struct Shape {
    int depth = 0; ///< of arrays and objects in one another
    int values = 1;
};

Shape shapeOf(const QByteArray& text)
{
    Shape shape;
    int depth = 0;
    bool inString = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            shape.depth = std::max(shape.depth, ++depth);
        } else if (c == ']' || c == '}') {
            --depth;
        } else if (c == ',') {
            ++shape.values;
        }
    }
    return shape;
}

Json parseHeader(const QByteArray& text)
{
    const Shape shape = shapeOf(text);
    require(shape.depth <= protocol::maxHeaderDepth, "a header is nested too deeply");
    require(shape.values <= protocol::maxHeaderValues, "a header holds too many values");
    Json header = parseJson(text);
    require(header.is_object(), "a header is not a JSON object");
    return header;
}

const Json& field(const Json& object, const char* name)
{
    static const Json null;
    const auto found = object.find(name);
    return found == object.end() ? null : *found;
}

QByteArray text(const Json& value, const char* what)
{
    require(value.is_string(), what);
    const std::string& string = value.get_ref<const std::string&>();
    return QByteArray(string.data(), qsizetype(string.size()));
}

bool flag(const Json& object, const char* name)
{
    const Json& value = field(object, name);
    require(value.is_boolean(), "a flag is missing");
    return value.get<bool>();
}

quint64 number(const Json& value, const char* what)
{
    require(value.is_number_unsigned(), what);
    return value.get<quint64>();
}

qint64 count(const Json& value, const char* what)
{
    const quint64 result = number(value, what);
    require(result <= quint64(std::numeric_limits<qint64>::max()), what);
    return qint64(result);
}

QByteArray validUtf8(QByteArray bytes)
{
    return bytes.isValidUtf8() ? bytes : QString::fromUtf8(bytes).toUtf8();
}

QByteArray operationOf(const Json& header)
{
    return text(field(header, "op"), "a header names no operation");
}

quint64 limitFor(const Json& header, quint32 parts)
{
    const QByteArray operation = operationOf(header);
    if (operation == "query")
        return protocol::maxFrameBytes;
    if (operation == "out") {
        require(parts == 1, "a piece of output has not one part");
        return maxOutBytes;
    }
    if (operation == "done") {
        require(parts == doneParts, "the end of a cell has not six parts");
        return maxDoneBytes;
    }
    require(operation != "ready" || parts == 0, "a ready frame has parts");
    return maxUnknownBytes;
}

ReadyMessage readyFrom(const Json& header)
{
    require(number(field(header, "v"), "a ready frame has no version") == protocol::version,
        "the guest speaks another version");
    ReadyMessage message;
    message.python = text(field(header, "python"), "a ready frame names no Python");
    message.zeroCopy = flag(header, "zero_copy");
    if (const Json& why = field(header, "why"); why.is_string())
        message.why = text(why, "");
    return message;
}

OutMessage outFrom(const Json& header, std::vector<QByteArray> parts)
{
    const QByteArray stream = text(field(header, "stream"), "output names no stream");
    require(stream == "out" || stream == "err", "output names no stream");
    return {
        stream == "out" ? OutMessage::Stream::Out : OutMessage::Stream::Err, validUtf8(std::move(parts[0]))};
}

/// Consumes @p next, the first part that no context has taken yet.
ContextValue contextFrom(const Json& entry, std::vector<QByteArray>& parts, std::size_t& next)
{
    if (entry.is_null() || entry == "corpus")
        return {};
    require(entry.is_object(), "a context is of no known form");
    if (const Json& document = field(entry, "document"); !document.is_null()) {
        const qint64 index = count(document, "a document has no number");
        require(index <= std::numeric_limits<int>::max(), "a document has no number");
        return {ContextValue::Kind::Document, int(index), {}};
    }
    const QByteArray form = text(field(entry, "copied"), "a context is of no known form");
    require(form == "text" || form == "json", "a context is of no known form");
    require(next < parts.size(), "a copied context is missing");
    require(parts[next].size() <= protocol::maxCopiedContextBytes, "a copied context is too long");
    return {
        form == "text" ? ContextValue::Kind::Text : ContextValue::Kind::Json, 0, std::move(parts[next++])};
}

QueryMessage queryFrom(const Json& header, std::vector<QByteArray> parts)
{
    QueryMessage message;
    message.id = number(field(header, "id"), "a query has no id");
    const QByteArray kind = text(field(header, "kind"), "a query has no kind");
    require(kind == "llm" || kind == "rlm", "a query has no kind");
    message.batch.kind = kind == "llm" ? QueryBatch::Kind::Completion : QueryBatch::Kind::Rlm;
    message.batch.batched = flag(header, "batched");
    message.batch.concurrent = header.contains("concurrent") && flag(header, "concurrent");
    if (const Json& model = field(header, "model"); !model.is_null()) {
        message.batch.model = text(model, "a model's name is no text");
        require(std::size_t(message.batch.model->size()) <= maxModelName, "a model's name is too long");
    }
    const Json& contexts = field(header, "contexts");
    const bool withContexts = contexts.is_array() && !contexts.empty();
    const std::size_t prompts = withContexts ? contexts.size() : parts.size();
    require(prompts <= parts.size(), "a query has fewer prompts than contexts");
    require(message.batch.batched || prompts == 1, "a single query has not one prompt");
    std::size_t next = prompts;
    for (std::size_t i = 0; i < prompts; ++i) {
        ContextValue context = withContexts ? contextFrom(contexts[i], parts, next) : ContextValue();
        message.batch.items.push_back({validUtf8(std::move(parts[i])), std::move(context)});
    }
    require(next == parts.size(), "a query has parts that nothing refers to");
    return message;
}

DoneMessage::Status statusFrom(const Json& value)
{
    const QByteArray name = text(value, "a cell ended without a status");
    if (name == "ok")
        return DoneMessage::Status::Ok;
    if (name == "interrupted")
        return DoneMessage::Status::Interrupted;
    require(name == "raised", "a cell ended with an unknown status");
    return DoneMessage::Status::Raised;
}

/// Nothing where @p value is null or a limit that this version does not know.
std::optional<CellLimit> limitFrom(const Json& value)
{
    constexpr std::pair<const char*, CellLimit> names[] = {{"memory", CellLimit::Memory},
        {"scratch_bytes", CellLimit::ScratchBytes}, {"scratch_files", CellLimit::ScratchFiles},
        {"open_files", CellLimit::OpenFiles}, {"threads", CellLimit::Threads}};
    for (const auto& [name, limit] : names) {
        if (value == name)
            return limit;
    }
    return std::nullopt;
}

std::vector<Variable> variablesFrom(const Json& list)
{
    require(list.is_array(), "the variables are missing");
    std::vector<Variable> variables;
    variables.reserve(list.size());
    for (const Json& entry : list) {
        require(entry.is_array() && entry.size() == 3, "a variable is of no known form");
        Variable variable{text(entry[0], "a variable has no name"), text(entry[1], "a variable has no type")};
        if (!entry[2].is_null())
            variable.length = count(entry[2], "a variable's length is no number");
        variables.push_back(std::move(variable));
    }
    std::ranges::sort(variables, {}, &Variable::name);
    return variables;
}

DoneMessage doneFrom(const Json& header, std::vector<QByteArray> parts)
{
    for (QByteArray& part : parts)
        part = validUtf8(std::move(part));
    DoneMessage message;
    message.id = number(field(header, "id"), "the end of a cell has no id");
    message.status = statusFrom(field(header, "status"));
    message.limit = limitFrom(field(header, "limit"));
    message.variables = variablesFrom(field(header, "variables"));
    const char* const dropped = "a count of dropped characters is missing";
    message.value
        = {std::move(parts[0]), std::move(parts[1]), count(field(header, "dropped_value"), dropped)};
    message.out = {{}, std::move(parts[2]), count(field(header, "dropped_out"), dropped)};
    message.err = {{}, std::move(parts[3]), count(field(header, "dropped_err"), dropped)};
    require(message.out.tail.size() <= protocol::maxTailBytes
            && message.err.tail.size() <= protocol::maxTailBytes,
        "the end of the output is too long");
    if (flag(header, "answer"))
        message.answer = std::move(parts[4]);
    if (flag(header, "draft"))
        message.draft = std::move(parts[5]);
    return message;
}

template <typename Message> Message copyFrom(const Json& header)
{
    Message message;
    message.id = number(field(header, "id"), "a checkpoint has no id");
    message.pid = count(field(header, "pid"), "a checkpoint has no process");
    require(message.pid <= std::numeric_limits<int>::max(), "a checkpoint has no process");
    if (const Json& why = field(header, "why"); why.is_string())
        message.why = text(why, "");
    return message;
}

GuestMessage messageFrom(Frame frame)
{
    const Json header = parseHeader(frame.header);
    limitFor(header, quint32(frame.parts.size()));
    const QByteArray operation = operationOf(header);
    if (operation == "ready")
        return readyFrom(header);
    if (operation == "out")
        return outFrom(header, std::move(frame.parts));
    if (operation == "query")
        return queryFrom(header, std::move(frame.parts));
    if (operation == "done")
        return doneFrom(header, std::move(frame.parts));
    if (operation == "kept")
        return copyFrom<KeptMessage>(header);
    if (operation == "restored")
        return copyFrom<RestoredMessage>(header);
    return UnknownMessage();
}

std::unexpected<Error> broken(const Violation& violation)
{
    return fail(ErrorCode::ProtocolViolation,
        QStringLiteral("The Python process broke the protocol: %1.").arg(QLatin1StringView(violation.what)));
}

} // namespace

Result<quint64> partsLimit(const QByteArray& header, quint32 parts)
{
    try {
        return limitFor(parseHeader(header), parts);
    } catch (const Violation& violation) {
        return broken(violation);
    }
}

Result<GuestMessage> parseMessage(Frame frame)
{
    try {
        return messageFrom(std::move(frame));
    } catch (const Violation& violation) {
        return broken(violation);
    }
}

} // namespace burrow
