#include "lm/curl_loop.h"

#include <QPointer>

namespace burrow {

namespace {

// Enough for the calls in flight of several runs; beyond it curl closes the oldest connection that is idle.
constexpr long keptConnections = 256;

} // namespace

CurlLoop::CurlLoop()
{
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    Q_UNUSED(initialised)
    m_multi = curl_multi_init();
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, &CurlLoop::watchSocket);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, &CurlLoop::setTimer);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, keptConnections);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] { act(CURL_SOCKET_TIMEOUT, 0); });
}

CurlLoop::~CurlLoop()
{
    // Closing the kept connections tells watchSocket() about each.
    curl_multi_cleanup(m_multi);
}

void CurlLoop::start(CURL* easy, CurlJob& job)
{
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &job);
    curl_multi_add_handle(m_multi, easy);
}

void CurlLoop::abort(CURL* easy)
{
    if (m_insideCurl)
        m_toAbort.push_back(easy);
    else
        finish(easy, CURLE_ABORTED_BY_CALLBACK);
}

void CurlLoop::finish(CURL* easy, CURLcode code)
{
    std::erase(m_toAbort, easy);
    char* job = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &job);
    // Closes the connection where the transfer is incomplete.
    curl_multi_remove_handle(m_multi, easy);
    reinterpret_cast<CurlJob*>(job)->finished(code);
}

void CurlLoop::act(curl_socket_t socket, int events)
{
    int running = 0;
    m_insideCurl = true;
    curl_multi_socket_action(m_multi, socket, events, &running);
    m_insideCurl = false;

    // Whoever is told may start or abort others, and may even destroy this loop.
    const QPointer<CurlLoop> self(this);
    int remaining = 0;
    while (self) {
        if (!m_toAbort.empty()) {
            finish(m_toAbort.back(), CURLE_ABORTED_BY_CALLBACK);
        } else if (const CURLMsg* message = curl_multi_info_read(m_multi, &remaining)) {
            if (message->msg == CURLMSG_DONE)
                finish(message->easy_handle, message->data.result);
        } else {
            return;
        }
    }
}

CurlLoop::Watch& CurlLoop::watchOf(curl_socket_t socket)
{
    std::unique_ptr<Watch>& watch = m_watches[socket];
    if (!watch) {
        watch = std::make_unique<Watch>(socket);
        connect(&watch->read, &QSocketNotifier::activated, this,
            [this, socket] { act(socket, CURL_CSELECT_IN); });
        connect(&watch->write, &QSocketNotifier::activated, this,
            [this, socket] { act(socket, CURL_CSELECT_OUT); });
    }
    return *watch;
}

int CurlLoop::watchSocket(CURL*, curl_socket_t socket, int what, void* self, void*)
{
    CurlLoop& loop = *static_cast<CurlLoop*>(self);
    if (what == CURL_POLL_REMOVE && !loop.m_watches.contains(socket))
        return 0;
    Watch& watch = loop.watchOf(socket);
    watch.read.setEnabled(what == CURL_POLL_IN || what == CURL_POLL_INOUT);
    watch.write.setEnabled(what == CURL_POLL_OUT || what == CURL_POLL_INOUT);
    return 0;
}

int CurlLoop::setTimer(CURLM*, long milliseconds, void* self)
{
    QTimer& timer = static_cast<CurlLoop*>(self)->m_timer;
    if (milliseconds < 0)
        timer.stop();
    else
        timer.start(std::chrono::milliseconds(milliseconds));
    return 0;
}

} // namespace burrow
