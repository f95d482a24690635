#include "lm/model_facts.h"

#include "lm/http_transport.h"
#include "lm/lenient_json.h"
#include "lm/model_list.h"

#include <cmath>

namespace burrow {

namespace {

constexpr std::chrono::milliseconds patience{1000};

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

QHash<QByteArray, ModelFact> factsIn(const QByteArray& list)
{
    QHash<QByteArray, ModelFact> facts;
    const nlohmann::json parsed = parseLeniently(list);
    const nlohmann::json& entries = parsed.is_array() ? parsed : member(parsed, "data");
    if (!entries.is_array())
        return facts;
    for (const nlohmann::json& entry : entries)
        facts.insert(textOf(member(entry, "id")), {windowOf(entry), priceOf(entry)});
    return facts;
}

} // namespace

ModelFacts::ModelFacts(Endpoint endpoint, HttpTransport& transport)
    : m_endpoint(std::move(endpoint)), m_transport(transport)
{
}

Task<ModelFact> ModelFacts::of(QByteArray model, StopToken stop)
{
    const Semaphore::Slot turn = co_await m_turn.acquire(stop);
    if (!turn)
        co_return ModelFact();
    if (!m_facts)
        m_facts = co_await fetched(std::move(stop));
    co_return m_facts->value(model);
}

Task<QHash<QByteArray, ModelFact>> ModelFacts::fetched(StopToken stop)
{
    Result<HttpRequest> request = m_endpoint.request(HttpRequest::Method::Get, "/models");
    if (!request)
        co_return {};
    request->timeouts = {patience, patience, patience, patience};
    request->limits.bodyBytes = longestModelList;
    QByteArray list;
    const HttpSink sink = [&list](const HttpHead&, QByteArrayView bytes) {
        list += bytes;
        return HttpFlow::More;
    };
    const HttpResult head = co_await m_transport.send(std::move(*request), sink, std::move(stop));
    if (!head || head->status != 200)
        co_return {};
    co_return factsIn(list);
}

} // namespace burrow
