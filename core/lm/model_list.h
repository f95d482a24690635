#pragma once

#include "base/task.h"
#include "lm/endpoint.h"

#include <QStringList>

namespace burrow {

class HttpTransport;

/// In bytes; more is no list of models.
inline constexpr qint64 longestModelList = qint64(8) << 20;

/// The names of the models that the server at @p endpoint offers, as it lists them (`/models`).
/// Errors: those of HttpTransport, WrongKey, MalformedReply, ServerFailed; each names the server. Engine
/// thread only.
Task<Result<QStringList>> listModels(
    Endpoint endpoint, HttpTransport& transport, std::chrono::milliseconds patience, StopToken stop);

} // namespace burrow
