#pragma once

#include "base/task.h"
#include "lm/endpoint.h"

#include <QHash>

namespace burrow {

class HttpTransport;

/// Asks a server how many tokens its models take: `/models` tells with many servers (OpenRouter, vLLM, Groq,
/// Mistral, llama.cpp, LM Studio), and others say nothing. A convenience that must cost nothing: the list is
/// asked for once, waited for one second at most, and its failure is no error.
/// Engine thread only.
class ModelWindow {
public:
    /// @p transport must outlive this object and its requests.
    ModelWindow(Endpoint endpoint, HttpTransport& transport);

    /// The context window of @p model in tokens, input and output together, where the server says so.
    Task<std::optional<qint64>> window(QByteArray model, StopToken stop);

private:
    Task<QHash<QByteArray, qint64>> fetched(StopToken stop);

    Endpoint m_endpoint;
    HttpTransport& m_transport;
    Semaphore m_turn{1}; ///< one asks, the others wait for what it learns
    std::optional<QHash<QByteArray, qint64>> m_windows; ///< by model, once the server was asked
};

} // namespace burrow
