#include "lm/model_list.h"

#include "base/words.h"
#include "lm/http_transport.h"
#include "lm/lenient_json.h"

namespace burrow {

namespace {

using words::tr;

Result<QStringList> namesIn(const QByteArray& list, const QString& server)
{
    const nlohmann::json parsed = parseLeniently(list);
    const nlohmann::json& entries = parsed.is_array() ? parsed : member(parsed, "data");
    if (!entries.is_array())
        return fail(ErrorCode::MalformedReply,
            tr("%1 answers, but with no list of models: check the address, which often ends in /v1.")
                .arg(server));
    QStringList names;
    for (const nlohmann::json& entry : entries) {
        if (const QByteArray name = textOf(member(entry, "id")); !name.isEmpty())
            names << QString::fromUtf8(name);
    }
    return names;
}

std::unexpected<Error> refused(int status, const QString& server)
{
    if (status == 401 || status == 403)
        return fail(ErrorCode::WrongKey, tr("%1 does not accept the key: paste it again.").arg(server));
    return fail(ErrorCode::ServerFailed,
        tr("%1 lists no models (status %2): check the address, or name the models yourself.")
            .arg(server)
            .arg(status));
}

} // namespace

Task<Result<QStringList>> listModels(
    Endpoint endpoint, HttpTransport& transport, std::chrono::milliseconds patience, StopToken stop)
{
    const QString server = QString::fromUtf8(endpoint.identity());
    Result<HttpRequest> request = endpoint.request(HttpRequest::Method::Get, "/models");
    if (!request)
        co_return std::unexpected(request.error());
    request->timeouts = {patience, patience, patience, patience};
    request->limits.bodyBytes = longestModelList;
    QByteArray list;
    const HttpSink sink = [&list](const HttpHead&, QByteArrayView bytes) {
        list += bytes;
        return HttpFlow::More;
    };
    const HttpResult head = co_await transport.send(std::move(*request), sink, std::move(stop));
    if (!head)
        co_return std::unexpected(Error(head.error()));
    if (head->status != 200)
        co_return refused(head->status, server);
    co_return namesIn(list, server);
}

} // namespace burrow
