#include "session/api_keys.h"

#include "lm/endpoint.h"

#include <QUrl>

namespace burrow {

ApiKey apiKeyFor(const QString& endpoint)
{
    if (ApiKey own(qgetenv("BURROW_API_KEY")); !own.isEmpty())
        return own;
    return ownApiKeyOf(endpoint);
}

ApiKey ownApiKeyOf(const QString& endpoint)
{
    const QString host = QUrl(endpoint).host();
    if (host == QLatin1String("api.openai.com") || isLoopback(host))
        return ApiKey(qgetenv("OPENAI_API_KEY"));
    return {};
}

} // namespace burrow
