#pragma once

#include "base/task.h"
#include "lm/endpoint.h"
#include "lm/price_table.h"

#include <QHash>

namespace burrow {

class HttpTransport;

/// What a server tells of a model.
struct ModelFact {
    std::optional<qint64> window; ///< in tokens, input and output together
    std::optional<Price> price;
};

/// Asks a server what it tells of its models: `/models` has their windows with many servers (OpenRouter,
/// vLLM, Groq, Mistral, llama.cpp, LM Studio), their prices with some (OpenRouter), and nothing with others.
/// A convenience that must cost nothing: the list is asked for once, waited for one second at most, and its
/// failure is no error.
/// Engine thread only.
class ModelFacts {
public:
    /// @p transport must outlive this object and its requests.
    ModelFacts(Endpoint endpoint, HttpTransport& transport);

    Task<ModelFact> of(QByteArray model, StopToken stop);

private:
    Task<QHash<QByteArray, ModelFact>> fetched(StopToken stop);

    Endpoint m_endpoint;
    HttpTransport& m_transport;
    Semaphore m_turn{1}; ///< one asks, the others wait for what it learns
    std::optional<QHash<QByteArray, ModelFact>> m_facts; ///< by model, once the server was asked
};

} // namespace burrow
