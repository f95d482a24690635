#pragma once

#include "base/task.h"
#include "lm/endpoint.h"
#include "lm/price_table.h"

namespace burrow {

class HttpTransport;

/// A model as its server lists it. Many tell windows (OpenRouter, vLLM, Groq, Mistral, llama.cpp, LM Studio),
/// some prices (OpenRouter), others nothing.
struct ListedModel {
    QByteArray name;
    std::optional<qint64> window; ///< in tokens, input and output together
    std::optional<Price> price;
};

/// The models that the server at @p endpoint offers, in its order (`/models`).
/// Errors: those of HttpTransport, WrongKey, MalformedReply, ServerFailed; each names the server. Engine
/// thread only.
Task<Result<QList<ListedModel>>> listModels(
    Endpoint endpoint, HttpTransport& transport, std::chrono::milliseconds patience, StopToken stop);

} // namespace burrow
