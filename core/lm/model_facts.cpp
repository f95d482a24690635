#include "lm/model_window.h"

#include "lm/http_transport.h"
#include "lm/lenient_json.h"

namespace burrow {

namespace {

constexpr std::chrono::milliseconds patience{1000};
constexpr qint64 longestList = 8 * 1024 * 1024;

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

QHash<QByteArray, qint64> windowsIn(const QByteArray& list)
{
    QHash<QByteArray, qint64> windows;
    const nlohmann::json parsed = parseLeniently(list);
    const nlohmann::json& entries = parsed.is_array() ? parsed : member(parsed, "data");
    if (!entries.is_array())
        return windows;
    for (const nlohmann::json& entry : entries) {
        if (const std::optional<qint64> tokens = windowOf(entry))
            windows.insert(textOf(member(entry, "id")), *tokens);
    }
    return windows;
}

} // namespace

ModelWindow::ModelWindow(Endpoint endpoint, HttpTransport& transport)
    : m_endpoint(std::move(endpoint)), m_transport(transport)
{
}

Task<std::optional<qint64>> ModelWindow::window(QByteArray model, StopToken stop)
{
    const Semaphore::Slot turn = co_await m_turn.acquire(stop);
    if (!turn)
        co_return std::nullopt;
    if (!m_windows)
        m_windows = co_await fetched(std::move(stop));
    const auto found = m_windows->constFind(model);
    co_return found == m_windows->cend() ? std::nullopt : std::optional(*found);
}

Task<QHash<QByteArray, qint64>> ModelWindow::fetched(StopToken stop)
{
    Result<HttpRequest> request = m_endpoint.request(HttpRequest::Method::Get, "/models");
    if (!request)
        co_return {};
    request->timeouts = {patience, patience, patience, patience};
    request->limits.bodyBytes = longestList;
    QByteArray list;
    const HttpSink sink = [&list](const HttpHead&, QByteArrayView bytes) {
        list += bytes;
        return HttpFlow::More;
    };
    const HttpResult head = co_await m_transport.send(std::move(*request), sink, std::move(stop));
    if (!head || head->status != 200)
        co_return {};
    co_return windowsIn(list);
}

} // namespace burrow
