#include "lm/model_list.h"

#include "base/words.h"
#include "lm/http_transport.h"
#include "lm/lenient_json.h"

#include <cmath>

namespace burrow {

namespace {

using words::tr;

constexpr qint64 longestList = qint64(8) << 20; // bytes; more is no list of models

/// The smallest window that a model's entry tells: a provider or a server's setting may allow less than the
/// model was trained for.
std::optional<qint64> windowOf(const nlohmann::json& entry)
{
    std::optional<qint64> smallest;
    const auto consider = [&smallest](const nlohmann::json& value) {
        const std::optional<qint64> tokens = countOf(value);
        if (tokens > 0 && (!smallest || tokens < smallest))
            smallest = tokens;
    };
    for (const char* key : {"context_length", "max_model_len", "context_window", "max_context_length",
             "max_context_window", "loaded_context_length"})
        consider(member(entry, key));
    consider(member(member(entry, "top_provider"), "context_length"));
    for (const char* key : {"n_ctx", "n_ctx_train"})
        consider(member(member(entry, "meta"), key));
    return smallest;
}

/// US$ for a token, as `"0.0000025"` or a number, in those for a million tokens; rounded up.
std::optional<MicroUsd> perMillion(const nlohmann::json& value)
{
    bool isNumber = value.is_number();
    const double dollars = isNumber ? value.get<double>() : textOf(value).toDouble(&isNumber);
    if (!isNumber || !(dollars >= 0 && dollars <= 1))
        return std::nullopt;
    return MicroUsd{qint64(std::ceil(dollars * 1e12 - 1e-3))};
}

/// Nothing where tokens are not all that is paid for: no estimate from their price would be an upper one.
std::optional<Price> priceOf(const nlohmann::json& entry)
{
    const nlohmann::json& pricing = member(entry, "pricing");
    const std::optional<MicroUsd> input = perMillion(member(pricing, "prompt"));
    const std::optional<MicroUsd> output = perMillion(member(pricing, "completion"));
    for (const char* extra : {"request", "internal_reasoning"}) {
        const nlohmann::json& fee = member(pricing, extra);
        if (!fee.is_null() && perMillion(fee) != MicroUsd{0})
            return std::nullopt;
    }
    return input && output ? std::optional(Price{*input, *output}) : std::nullopt;
}

Result<QList<ListedModel>> modelsIn(const QByteArray& list, const QString& server)
{
    const nlohmann::json parsed = parseLeniently(list);
    const nlohmann::json& entries = parsed.is_array() ? parsed : member(parsed, "data");
    if (!entries.is_array())
        return fail(ErrorCode::MalformedReply,
            tr("%1 answers, but with no list of models: check the address, which often ends in /v1.")
                .arg(server));
    QList<ListedModel> models;
    for (const nlohmann::json& entry : entries) {
        if (const QByteArray name = textOf(member(entry, "id")); !name.isEmpty())
            models.push_back({name, windowOf(entry), priceOf(entry)});
    }
    return models;
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

Task<Result<QList<ListedModel>>> listModels(
    Endpoint endpoint, HttpTransport& transport, std::chrono::milliseconds patience, StopToken stop)
{
    const QString server = QString::fromUtf8(endpoint.identity());
    Result<HttpRequest> request = endpoint.request(HttpRequest::Method::Get, "/models");
    if (!request)
        co_return std::unexpected(request.error());
    request->timeouts = {patience, patience, patience, patience};
    request->limits.bodyBytes = longestList;
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
    co_return modelsIn(list, server);
}

} // namespace burrow
