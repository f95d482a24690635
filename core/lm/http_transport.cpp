#include "lm/http_transport.h"

#include "lm/curl_loop.h"
#include "lm/http_transfer.h"

#include <QPointer>

namespace burrow {

namespace {

// Fine enough for the shortest timeout in use, and nothing beside the requests that it looks after.
constexpr std::chrono::milliseconds watchInterval{50};
constexpr size_t mostIdle = 256;

HttpError stoppedBeforeSending()
{
    HttpError error;
    error.code = ErrorCode::Cancelled;
    error.what = QStringLiteral("was not asked, because the run was told to stop.");
    error.message = QStringLiteral("The server ") + error.what;
    error.sent = error.connected = false;
    return error;
}

} // namespace

HttpTransport::HttpTransport() : m_loop(std::make_unique<CurlLoop>())
{
    m_watchdog.setInterval(watchInterval);
    connect(&m_watchdog, &QTimer::timeout, this, &HttpTransport::watch);
}

HttpTransport::~HttpTransport()
{
    while (!m_active.empty()) {
        HttpTransfer* transfer = *m_active.begin();
        // Resumes whoever waits, which takes it out of m_active.
        transfer->cancel();
        m_loop->abort(transfer->handle());
    }
}

Task<HttpResult> HttpTransport::send(HttpRequest request, HttpSink sink, StopToken stop)
{
    if (stop.stop_requested())
        co_return std::unexpected(stoppedBeforeSending());
    std::unique_ptr<HttpTransfer> transfer = takeIdle();
    transfer->prepare(std::move(request), std::move(sink));
    begin(*transfer);
    CURLcode code;
    {
        const std::stop_callback onStop(stop, [this, &transfer] {
            transfer->cancel();
            m_loop->abort(transfer->handle());
        });
        code = co_await transfer->done();
    }
    HttpResult result = transfer->result(code);
    end(std::move(transfer));
    co_return result;
}

std::unique_ptr<HttpTransfer> HttpTransport::takeIdle()
{
    if (m_idle.empty())
        return std::make_unique<HttpTransfer>();
    std::unique_ptr<HttpTransfer> transfer = std::move(m_idle.back());
    m_idle.pop_back();
    return transfer;
}

void HttpTransport::begin(HttpTransfer& transfer)
{
    m_active.insert(&transfer);
    if (!m_watchdog.isActive())
        m_watchdog.start();
    m_loop->start(transfer.handle(), transfer);
}

void HttpTransport::end(std::unique_ptr<HttpTransfer> transfer)
{
    m_active.erase(transfer.get());
    if (m_active.empty())
        m_watchdog.stop();
    transfer->release();
    if (m_idle.size() < mostIdle)
        m_idle.push_back(std::move(transfer));
}

void HttpTransport::watch()
{
    const auto now = HttpTransfer::Clock::now();
    const std::vector<HttpTransfer*> active(m_active.begin(), m_active.end());
    // Whoever is told of an end may stop other transfers, and may even destroy this transport.
    const QPointer<HttpTransport> self(this);
    for (HttpTransfer* transfer : active) {
        if (self && m_active.contains(transfer) && transfer->isOverdue(now))
            m_loop->abort(transfer->handle());
    }
}

} // namespace burrow
