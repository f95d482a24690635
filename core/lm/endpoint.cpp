#include "lm/endpoint.h"

#include "base/visible_text.h"

namespace burrow {

namespace {

/// Whether @p host is an IPv4 address of 127.0.0.0/8, written in full.
bool isLoopbackV4(const QString& host)
{
    const QStringList parts = host.split(u'.');
    const auto isOctet = [](const QString& part) {
        bool isNumber = false;
        return part.size() <= 3 && part.toUShort(&isNumber) <= 255 && isNumber;
    };
    return parts.size() == 4 && parts.front() == QStringLiteral("127") && std::ranges::all_of(parts, isOctet);
}

QString withoutEnding(QString path)
{
    const auto dropSlashes = [&path] {
        while (path.endsWith(u'/'))
            path.chop(1);
    };
    dropSlashes();
    if (const QString operation = QStringLiteral("/chat/completions"); path.endsWith(operation))
        path.chop(operation.size());
    dropSlashes();
    return path;
}

} // namespace

bool isLoopback(const QString& host)
{
    // curl takes `localhost` for the loopback address without asking anyone.
    return host.compare(QStringLiteral("localhost"), Qt::CaseInsensitive) == 0
        || host == QStringLiteral("::1") || isLoopbackV4(host);
}

Result<Endpoint> Endpoint::parse(const QString& address, ApiKey key)
{
    QUrl url(address.trimmed(), QUrl::StrictMode);
    const bool isHttp = url.scheme() == QStringLiteral("http") || url.scheme() == QStringLiteral("https");
    if (!url.isValid() || !isHttp || url.host().isEmpty()) {
        // The address may hold a password, so it is not quoted.
        return fail(ErrorCode::InvalidArgument,
            QStringLiteral("The model server's address is not an http or https address. "
                           "Give one such as https://api.openai.com/v1."));
    }
    Endpoint endpoint;
    if (key.isEmpty() && !url.userInfo().isEmpty()) {
        const QString login = url.userName(QUrl::FullyDecoded) + u':' + url.password(QUrl::FullyDecoded);
        endpoint.m_login = ApiKey(login.toUtf8());
    }
    endpoint.m_key = std::move(key);
    url.setUserInfo({});
    url.setFragment({});
    url.setPath(withoutEnding(url.path(QUrl::FullyEncoded)), QUrl::TolerantMode);
    endpoint.m_url = url;
    endpoint.m_identity = url.toEncoded(QUrl::RemoveQuery);
    return endpoint;
}

Result<HttpRequest> Endpoint::request(HttpRequest::Method method, QByteArrayView path) const
{
    HttpRequest request;
    request.method = method;
    QUrl url = m_url;
    url.setPath(m_url.path(QUrl::FullyEncoded) + QString::fromUtf8(path), QUrl::TolerantMode);
    request.url = url.toEncoded();
    request.redactor = redactor();
    request.headers = {"Accept: application/json, text/event-stream", "User-Agent: burrow"};
    if (method == HttpRequest::Method::Post)
        request.headers.push_back("Content-Type: application/json");
    if (m_key.isEmpty() && m_login.isEmpty())
        return request;
    if (m_url.scheme() != QStringLiteral("https") && !isLocal()) {
        return fail(ErrorCode::InvalidArgument,
            QStringLiteral("The key is not sent to %1, because plain http would show it to the network. "
                           "Use https, or leave the key out.")
                .arg(host()));
    }
    if (!m_key.isWellFormed()) {
        return fail(ErrorCode::InvalidArgument,
            QStringLiteral("The key for %1 holds characters that no key has. Copy it again.").arg(host()));
    }
    request.headers.push_back(m_key.isEmpty() ? "Authorization: Basic " + m_login.reveal().toBase64()
                                              : "Authorization: Bearer " + m_key.reveal());
    return request;
}

Redactor Endpoint::redactor() const
{
    const QByteArray login = m_login.reveal();
    const QByteArray password = login.sliced(login.indexOf(':') + 1);
    return Redactor({m_key.reveal(), login, login.toBase64(), password});
}

} // namespace burrow
