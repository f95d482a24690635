#pragma once

#include "lm/api_key.h"

#include <QString>

namespace burrow {

/// The key for the server at @p endpoint, from the environment: BURROW_API_KEY for whatever server a person
/// named, and OPENAI_API_KEY for api.openai.com and for servers on this machine. Empty where there is none.
ApiKey apiKeyFor(const QString& endpoint);

/// The key that belongs to the server at @p endpoint and to no other: for a server that a run file from
/// elsewhere names. Empty where there is none.
ApiKey ownApiKeyOf(const QString& endpoint);

} // namespace burrow
