#include "lm/http_transfer.h"

#include "lm/endpoint.h"

#include <QUrl>

#include <cstdlib>
#include <cstring>

namespace burrow {

namespace {

// What a server may still say after the receiver has enough, so that its connection can be used again.
constexpr std::chrono::milliseconds lingering{500};
// As fast as more for prompts of 500 KB, at a quarter of libcurl's most: each transfer in flight holds one.
constexpr long sendBufferBytes = 128 * 1024;

qint64 bytesOf(CURL* easy, CURLINFO what)
{
    curl_off_t bytes = 0;
    curl_easy_getinfo(easy, what, &bytes);
    return bytes;
}

} // namespace

QByteArray HttpHead::value(QByteArrayView lowerCaseName) const
{
    for (const Field& field : fields) {
        if (field.name == lowerCaseName)
            return field.value;
    }
    return {};
}

HttpTransfer::HttpTransfer() : m_easy(curl_easy_init())
{
    setUpForGood();
}

HttpTransfer::~HttpTransfer()
{
    curl_easy_cleanup(m_easy);
    curl_slist_free_all(m_headers);
}

const char* HttpTransfer::certificatesVariable()
{
    return std::getenv("CURL_CA_BUNDLE") ? "CURL_CA_BUNDLE" : "SSL_CERT_FILE";
}

void HttpTransfer::setUpForGood()
{
    const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(m_easy, option, value); };
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_2TLS));
    // Not CURLOPT_PIPEWAIT: a server that speaks no HTTP/2 would hold all others back until the first one's
    // answer is complete.
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_UPLOAD_BUFFERSIZE, sendBufferBytes);
    // Lets a cancelled name look-up go on alone, where curl would wait for its thread.
    set(CURLOPT_QUICK_EXIT, 1L);
    // libcurl knows these variables of its own tool and of OpenSSL only by being told.
    if (const char* file = std::getenv(certificatesVariable()))
        set(CURLOPT_CAINFO, file);
    if (const char* folder = std::getenv("SSL_CERT_DIR"))
        set(CURLOPT_CAPATH, folder);
    set(CURLOPT_ERRORBUFFER, m_curlWords.data());
    set(CURLOPT_HEADERFUNCTION, &HttpTransfer::onHeader);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &HttpTransfer::onBody);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_READFUNCTION, &HttpTransfer::onSend);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_SEEKFUNCTION, &HttpTransfer::onRewind);
    set(CURLOPT_SEEKDATA, this);
}

void HttpTransfer::prepare(HttpRequest request, HttpSink sink)
{
    m_request = std::move(request);
    m_sink = std::move(sink);
    m_head = {};
    m_sentBytes = 0;
    m_headerBytes = m_bodyBytes = m_progress = 0;
    m_headComplete = m_enough = false;
    m_failure.reset();
    m_startedAt = m_progressAt = Clock::now();
    m_done = {};
    m_curlWords.front() = 0;

    curl_slist_free_all(std::exchange(m_headers, nullptr));
    m_headers = curl_slist_append(m_headers, "Expect:");
    for (const QByteArray& header : m_request.headers)
        m_headers = curl_slist_append(m_headers, header.constData());
    curl_easy_setopt(m_easy, CURLOPT_HTTPHEADER, m_headers);
    curl_easy_setopt(m_easy, CURLOPT_URL, m_request.url.constData());
    // An empty proxy means none; null means what the environment says.
    curl_easy_setopt(
        m_easy, CURLOPT_PROXY, isLoopback(QUrl::fromEncoded(m_request.url).host()) ? "" : nullptr);
    curl_easy_setopt(m_easy, CURLOPT_CONNECTTIMEOUT_MS, long(m_request.timeouts.connect.count()));
    if (m_request.method == HttpRequest::Method::Post) {
        curl_easy_setopt(m_easy, CURLOPT_POST, 1L);
        curl_easy_setopt(m_easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(m_request.body.size()));
    } else {
        curl_easy_setopt(m_easy, CURLOPT_HTTPGET, 1L);
    }
}

void HttpTransfer::release()
{
    m_request = {};
    m_sink = {};
}

size_t HttpTransfer::onSend(char* buffer, size_t size, size_t count, void* self)
{
    auto& transfer = *static_cast<HttpTransfer*>(self);
    const qsizetype bytes
        = qMin(qsizetype(size * count), transfer.m_request.body.size() - transfer.m_sentBytes);
    std::memcpy(buffer, transfer.m_request.body.constData() + transfer.m_sentBytes, size_t(bytes));
    transfer.m_sentBytes += bytes;
    return size_t(bytes);
}

/// Not once any of the body is gone: curl would send it a second time, unseen, when a kept connection breaks.
/// After that failed, it asks again before it sends the next body, which is at its start.
int HttpTransfer::onRewind(void* self, curl_off_t, int)
{
    return static_cast<HttpTransfer*>(self)->m_sentBytes == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

size_t HttpTransfer::onHeader(char* data, size_t size, size_t count, void* self)
{
    const size_t bytes = size * count;
    return static_cast<HttpTransfer*>(self)->takeHeader(QByteArrayView(data, qsizetype(bytes))) ? bytes : 0;
}

bool HttpTransfer::takeHeader(QByteArrayView line)
{
    m_headerBytes += line.size();
    if (m_headerBytes > m_request.limits.headerBytes) {
        fail(ErrorCode::MalformedReply,
            QStringLiteral("sent headers of more than %1 KB. Check the server.")
                .arg(m_request.limits.headerBytes / 1024));
        return false;
    }
    if (m_headComplete)
        return true; // trailers say nothing that we need
    const QByteArray clean = m_request.redactor.redacted(line.trimmed().toByteArray());
    line = clean;
    // Only the first line of a head is a status line: a field may have any name.
    if (m_head.status == 0 && line.startsWith("HTTP/")) {
        const QByteArrayView code = line.sliced(line.indexOf(' ') + 1);
        m_head.status = code.first(qMin<qsizetype>(3, code.size())).toInt();
    } else if (line.isEmpty()) {
        m_headComplete = m_head.status >= 200;
        if (!m_headComplete)
            m_head = {}; // it was an interim response
    } else if (const qsizetype colon = line.indexOf(':'); colon > 0) {
        m_head.fields.push_back(
            {line.first(colon).toByteArray().toLower(), line.sliced(colon + 1).trimmed().toByteArray()});
    }
    return true;
}

size_t HttpTransfer::onBody(char* data, size_t size, size_t count, void* self)
{
    const size_t bytes = size * count;
    return static_cast<HttpTransfer*>(self)->takeBody(QByteArrayView(data, qsizetype(bytes)))
        ? bytes
        : CURL_WRITEFUNC_ERROR;
}

bool HttpTransfer::takeBody(QByteArrayView bytes)
{
    m_bodyBytes += bytes.size();
    if (m_bodyBytes > m_request.limits.bodyBytes) {
        fail(ErrorCode::MalformedReply,
            QStringLiteral("sent a body of more than %1 MB. Check the server.")
                .arg(m_request.limits.bodyBytes / 1024 / 1024));
        return false;
    }
    passOn(m_request.redactor.feed(bytes));
    return true;
}

void HttpTransfer::passOn(const QByteArray& bytes)
{
    if (m_sink && !bytes.isEmpty() && !m_enough && m_sink(m_head, bytes) == HttpFlow::Enough)
        m_enough = true;
}

void HttpTransfer::fail(ErrorCode code, QString what)
{
    if (!m_failure)
        m_failure = Failure{code, std::move(what)};
}

void HttpTransfer::cancel()
{
    fail(ErrorCode::Cancelled, QStringLiteral("was stopped before its answer was complete."));
}

bool HttpTransfer::isOverdue(Clock::time_point now)
{
    const qint64 progress
        = bytesOf(m_easy, CURLINFO_SIZE_UPLOAD_T) + bytesOf(m_easy, CURLINFO_SIZE_DOWNLOAD_T) + m_headerBytes;
    if (progress != m_progress) {
        m_progress = progress;
        m_progressAt = now;
    }
    if (m_enough)
        return now - m_progressAt > lingering;
    const QString reason = overdueReason(now);
    if (reason.isEmpty())
        return false;
    fail(ErrorCode::TimedOut, reason);
    return true;
}

QString HttpTransfer::overdueReason(Clock::time_point now) const
{
    const HttpTimeouts& timeouts = m_request.timeouts;
    const auto seconds = [](std::chrono::milliseconds time) { return double(time.count()) / 1000; };
    if (now - m_startedAt > timeouts.total)
        return QStringLiteral("did not finish within %1 s. Ask for less, or try again.")
            .arg(seconds(timeouts.total));
    if (m_headerBytes == 0 && now - m_progressAt > timeouts.firstByte)
        return QStringLiteral("did not begin to answer within %1 s. Check the server, or try again.")
            .arg(seconds(timeouts.firstByte));
    if (m_headerBytes > 0 && now - m_progressAt > timeouts.idle)
        return QStringLiteral("fell silent for %1 s inside its answer. Try again.")
            .arg(seconds(timeouts.idle));
    return {};
}

} // namespace burrow
