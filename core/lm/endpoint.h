#pragma once

#include "base/result.h"
#include "lm/api_key.h"
#include "lm/http.h"

#include <QUrl>

namespace burrow {

/// Whether @p host is this machine, so that what is sent there stays on it.
bool isLoopback(const QString& host);

/// The server of an OpenAI-compatible interface and the key that opens it: the one place where a key meets an
/// address.
class Endpoint {
public:
    /// @p address is the base URL, such as `https://api.openai.com/v1`; a trailing `/` or `/chat/completions`
    /// is dropped, a query such as `?api-version=1` goes with every request.
    /// Errors: InvalidArgument where it is no http or https address, or holds what must not be kept with a
    /// run: a login, or a parameter that looks like a key.
    static Result<Endpoint> parse(const QString& address, ApiKey key = {});

    /// The address, which parse() takes again. Part of the identity of requests.
    const QByteArray& identity() const { return m_identity; }
    QString host() const { return m_url.host(); }
    bool isLocal() const { return isLoopback(m_url.host()); }

    /// A request to @p path below the base URL, with the key. Errors: InvalidArgument where the key would
    /// travel unencrypted to another machine, or cannot stand in a header. What comes back is freed of every
    /// secret of this endpoint.
    Result<HttpRequest> request(HttpRequest::Method method, QByteArrayView path) const;

    /// Hides every secret of this endpoint.
    Redactor redactor() const;

private:
    Endpoint() = default;

    QUrl m_url;
    QByteArray m_identity;
    ApiKey m_key; ///< sent as a bearer token
};

} // namespace burrow
