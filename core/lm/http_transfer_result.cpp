// How a finished transfer is told: curl's codes as errors with words.
#include "lm/http_transfer.h"

#include "base/visible_text.h"

#include <QUrl>

#include <optional>

namespace burrow {

namespace {

struct Explanation {
    ErrorCode code;
    QString what; ///< goes on after the host's name
};

QString hostOfRedirect(const HttpHead& head, const QUrl& from)
{
    const QString host = from.resolved(QUrl::fromEncoded(head.value("location"))).host();
    return host.isEmpty() || host.size() > 253 ? QStringLiteral("an unknown host")
                                               : visibleText(host, LineMode::SingleLine);
}

/// Why the way to the server ended at a proxy, if it did.
std::optional<Explanation> explainedByProxy(CURL* easy, CURLcode code)
{
    long status = 0;
    long used = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);
    curl_easy_getinfo(easy, CURLINFO_USED_PROXY, &used);
    if (used && code == CURLE_COULDNT_CONNECT)
        return Explanation{ErrorCode::Unreachable,
            QStringLiteral("is behind a proxy that does not accept connections. Check the proxy settings: "
                           "http_proxy, https_proxy and no_proxy.")};
    if (status >= 300)
        return Explanation{ErrorCode::Unreachable,
            QStringLiteral("is behind a proxy that does not let requests through (status %1). Check the "
                           "proxy settings: https_proxy and no_proxy.")
                .arg(status)};
    return std::nullopt;
}

Explanation explained(
    CURLcode code, bool headComplete, const QString& words, const QString& certificatesVariable)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return {ErrorCode::Unreachable,
            QStringLiteral("is not a name that can be looked up. Check the address and the network.")};
    case CURLE_COULDNT_RESOLVE_PROXY:
        return {ErrorCode::Unreachable,
            QStringLiteral("is behind a proxy whose name cannot be looked up. Check the proxy settings.")};
    case CURLE_COULDNT_CONNECT:
        return {ErrorCode::Unreachable,
            QStringLiteral(
                "does not accept connections. Check that the server runs and that the port is right.")};
    case CURLE_OPERATION_TIMEDOUT:
        return {ErrorCode::Unreachable,
            QStringLiteral("could not be reached in time. Check the address and the network.")};
    case CURLE_PEER_FAILED_VERIFICATION:
        return {ErrorCode::Unreachable,
            QStringLiteral("shows a certificate that is not trusted (%1). Check the address; the certificate "
                           "of an authority of your own goes into the file that %2 names.")
                .arg(words, certificatesVariable)};
    case CURLE_SSL_CACERT_BADFILE:
        return {ErrorCode::Unreachable,
            QStringLiteral("cannot be trusted, because the certificates that %2 names cannot be read (%1). "
                           "Check that file.")
                .arg(words, certificatesVariable)};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
        return {ErrorCode::Unreachable,
            QStringLiteral(
                "offers no connection that can be trusted (%1). Check the address and the certificates.")
                .arg(words)};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_TOO_LARGE:
        return {ErrorCode::MalformedReply,
            QStringLiteral("does not answer in HTTP. Check the address and the port.")};
    case CURLE_URL_MALFORMAT:
        return {ErrorCode::InvalidArgument, QStringLiteral("is not an address. Check it.")};
    default:
        if (headComplete)
            return {ErrorCode::StreamCut, QStringLiteral("broke off inside its answer. Try again.")};
        return {
            ErrorCode::Unreachable, QStringLiteral("closed the connection without an answer. Try again.")};
    }
}

} // namespace

QString HttpTransfer::host() const
{
    const QUrl url = QUrl::fromEncoded(m_request.url);
    return url.port() < 0 ? url.host() : QStringLiteral("%1:%2").arg(url.host()).arg(url.port());
}

bool HttpTransfer::wasSent() const
{
    long bytes = 0;
    curl_easy_getinfo(m_easy, CURLINFO_REQUEST_SIZE, &bytes);
    return bytes > 0 || m_sentBytes > 0;
}

HttpError HttpTransfer::error(CURLcode code) const
{
    curl_off_t connected = 0;
    curl_easy_getinfo(m_easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
    HttpError error;
    error.sent = wasSent();
    error.connected = error.sent || connected > 0;
    if (m_failure) {
        error.code = m_failure->code;
        error.what = m_failure->what;
    } else {
        const QString words = visibleText(QString::fromUtf8(m_curlWords.data()), LineMode::SingleLine);
        const Explanation explanation = explainedByProxy(m_easy, code)
                                            .value_or(explained(code, m_headComplete, words,
                                                QLatin1StringView(certificatesVariable())));
        error.code = explanation.code;
        error.what = explanation.what;
    }
    error.message = host() + u' ' + error.what;
    return error;
}

HttpResult HttpTransfer::result(CURLcode code)
{
    passOn(m_request.redactor.finish());
    // Cut short by us after the receiver had enough, or by the server after it had said all.
    if (m_enough && (!m_failure || m_failure->code != ErrorCode::Cancelled))
        return m_head;
    if (code != CURLE_OK || !m_headComplete)
        return std::unexpected(error(code));
    if (m_head.status >= 300 && m_head.status < 400) {
        HttpError redirected;
        redirected.code = ErrorCode::RequestRejected;
        redirected.what = QStringLiteral("sends requests on to %1, which is not followed. "
                                         "Set the address of the server itself.")
                              .arg(hostOfRedirect(m_head, QUrl::fromEncoded(m_request.url)));
        redirected.message = host() + u' ' + redirected.what;
        return std::unexpected(redirected);
    }
    return m_head;
}

} // namespace burrow
