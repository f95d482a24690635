#include "trajectory/recorded_request.h"

#include "base/json.h"
#include "trajectory/json_codec.h"
#include "trajectory/run_file.h"

#include <span>

namespace burrow {

using namespace Qt::StringLiterals;
using Json = nlohmann::json;

namespace {

constexpr std::pair<Role, const char*> roleNames[]
    = {{Role::System, "system"}, {Role::User, "user"}, {Role::Assistant, "assistant"}};

QByteArray quoted(const QByteArray& text)
{
    return toText(Json(text.toStdString()));
}

/// Written by hand: a long conversation is described again with every turn.
QByteArray listOf(std::span<const Message> messages, const RecordedRequest::HashOf& hashOf)
{
    QByteArray list = "\"messages\":[";
    list.reserve(16 + qsizetype(messages.size()) * 84);
    for (const Message& message : messages) {
        if (!list.endsWith('['))
            list += ',';
        list += "[\"";
        list += std::ranges::find(roleNames, message.role, &std::pair<Role, const char*>::first)->second;
        list += "\",\"" + hashOf(message.text).hex() + "\"]";
    }
    return list + ']';
}

/// Names the link that goes before; nothing where @p links is empty.
QByteArray afterLast(const std::vector<QByteArray>& links)
{
    return links.empty() ? QByteArray() : "\"after\":\"" + Sha256::of(links.back()).hex() + "\",";
}

Error damaged(const RunFile& file)
{
    return {ErrorCode::RunFileInvalid,
        u"%1 is damaged: a request in it is not what was recorded. Restore it from a copy."_s.arg(
            file.path())};
}

Result<QByteArray> textOf(RunFile& file, const Json& hash)
{
    const QByteArray bytes = QByteArray::fromHex(QByteArray::fromStdString(hash.get<std::string>()));
    Sha256 key;
    if (bytes.size() != qsizetype(key.bytes.size()))
        return std::unexpected(damaged(file));
    std::ranges::copy(bytes, key.bytes.begin());
    // The empty text is not stored.
    if (key == Sha256::of({}))
        return QByteArray();
    return file.find(key).and_then([&](BlobId id) -> Result<QByteArray> {
        if (id == BlobId::None)
            return std::unexpected(damaged(file));
        return file.text(id);
    });
}

Result<Message> messageOf(RunFile& file, const Json& json)
{
    const auto name = json.at(0).get<std::string>();
    for (const auto& [role, candidate] : roleNames)
        if (name == candidate)
            return textOf(file, json.at(1)).transform([role](QByteArray text) {
                return Message{role, std::move(text)};
            });
    return std::unexpected(damaged(file));
}

} // namespace

RecordedRequest RecordedRequest::describe(
    const ChatRequest& request, const QByteArray& endpoint, const HashOf& hashOf, RequestForm form)
{
    RecordedRequest recorded;
    std::span<const Message> rest = request.messages;
    while (form == RequestForm::Linked && rest.size() > linkLength) {
        recorded.links.push_back(
            '{' + afterLast(recorded.links) + listOf(rest.first(linkLength), hashOf) + '}');
        rest = rest.subspan(linkLength);
    }
    recorded.json = '{' + afterLast(recorded.links) + "\"endpoint\":" + quoted(withoutCredentials(endpoint))
        + ",\"max_output_tokens\":" + QByteArray::number(request.maxOutputTokens) + ',' + listOf(rest, hashOf)
        + ",\"model\":" + quoted(request.model) + ",\"sample\":" + QByteArray::number(request.sampleOrdinal)
        + ",\"temperature\":" + (request.temperature ? toText(Json(*request.temperature)) : "null") + '}';
    recorded.fingerprint = Sha256::of(recorded.json);
    return recorded;
}

Result<BlobId> RecordedRequest::store(RunFile& file, const ChatRequest& request) const
{
    // What stands before a link that is stored was stored with it.
    size_t known = links.size();
    for (; known > 0; --known) {
        const Result<BlobId> found = file.find(Sha256::of(links[known - 1]));
        if (!found)
            return found;
        if (*found != BlobId::None)
            break;
    }
    for (size_t link = known; link < links.size(); ++link)
        if (const auto put = file.put(links[link]); !put)
            return put;
    for (size_t message = known * linkLength; message < request.messages.size(); ++message)
        if (const auto put = file.put(request.messages[message].text); !put)
            return put;
    return file.put(json);
}

Result<std::vector<Message>> readMessages(RunFile& file, const QByteArray& json)
{
    std::vector<Message> backwards;
    QByteArray text = json;
    // The file may come from anybody, so every access may throw; it ends here. No chain is endless: a link
    // names the one before by its hash.
    try {
        for (;;) {
            const Json parsed = parseJson(text);
            const Json& messages = parsed.at("messages");
            for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
                Result<Message> read = messageOf(file, *message);
                if (!read)
                    return std::unexpected(read.error());
                backwards.push_back(std::move(*read));
            }
            if (!parsed.contains("after"))
                break;
            Result<QByteArray> link = textOf(file, parsed.at("after"));
            if (!link)
                return std::unexpected(link.error());
            text = std::move(*link);
        }
    } catch (const Json::exception&) {
        return std::unexpected(damaged(file));
    }
    std::ranges::reverse(backwards);
    return backwards;
}

Result<QByteArray> readInput(RunFile& file, NodeKind kind, BlobId input)
{
    const Result<QByteArray> text = file.text(input);
    if (!text || !isRequest(kind))
        return text;
    return readMessages(file, *text).transform([](const std::vector<Message>& messages) {
        return messages.empty() ? QByteArray() : messages.back().text;
    });
}

} // namespace burrow
