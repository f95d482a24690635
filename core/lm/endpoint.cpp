#include "lm/endpoint.h"

#include <QRegularExpression>

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

/// The name of a parameter in the query of @p url that people put keys into; empty where there is none.
QString secretParameter(const QUrl& url)
{
    static const QRegularExpression separator(QStringLiteral("[&;]"));
    static const QRegularExpression secret(
        QStringLiteral("key|token|secret|passw|pwd|auth|credential|^code$|^sig$|signature"),
        QRegularExpression::CaseInsensitiveOption);
    for (const QString& parameter : url.query(QUrl::FullyEncoded).split(separator)) {
        const QString name = QUrl::fromPercentEncoding(parameter.section(u'=', 0, 0).toUtf8());
        if (secret.match(name).hasMatch())
            return name;
    }
    return {};
}

/// An address is kept in run files and shown, so no secret may be in it.
Result<void> checkHoldsNoSecret(const QUrl& url)
{
    if (!url.userInfo().isEmpty())
        return fail(ErrorCode::InvalidArgument,
            QStringLiteral(
                "The address of %1 holds a login, which would be kept with the run. Leave it out, and give "
                "the key in the environment variable BURROW_API_KEY.")
                .arg(url.host()));
    if (const QString name = secretParameter(url); !name.isEmpty())
        return fail(ErrorCode::InvalidArgument,
            QStringLiteral(
                "The parameter '%1' in the address of %2 looks like a secret, which would be kept with the "
                "run. Leave it out, and give the key in the environment variable BURROW_API_KEY.")
                .arg(name, url.host()));
    return {};
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
    if (const auto checked = checkHoldsNoSecret(url); !checked)
        return std::unexpected(checked.error());
    Endpoint endpoint;
    endpoint.m_key = std::move(key);
    url.setFragment({});
    url.setPath(withoutEnding(url.path(QUrl::FullyEncoded)), QUrl::TolerantMode);
    endpoint.m_url = url;
    endpoint.m_identity = url.toEncoded();
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
    if (m_key.isEmpty())
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
    request.headers.push_back("Authorization: Bearer " + m_key.reveal());
    return request;
}

Redactor Endpoint::redactor() const
{
    return Redactor({m_key.reveal()});
}

} // namespace burrow
