#pragma once

#include "base/task.h"
#include "lm/http.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <unordered_set>
#include <vector>

namespace burrow {

class CurlLoop;
class HttpTransfer;

/// HTTP for the whole engine: one curl multi handle on the Qt event loop, shared by all runs. Connections are
/// kept alive and reused, over TLS with HTTP/2 where the server speaks it. Proxies and certificate stores
/// come from the system and the environment; loopback addresses use no proxy. Redirects are not followed.
///
/// A request is sent at most once: where a kept connection turns out to be dead after the body began to
/// leave, the request fails rather than being sent again unseen.
///
/// It admits whatever it is given: callers limit what is in flight (Semaphore).
/// Engine thread only.
class HttpTransport : public QObject {
    Q_OBJECT
public:
    HttpTransport();
    /// What is under way ends as Cancelled.
    ~HttpTransport() override;

    /// Sends @p request, gives the body to @p sink as it arrives, and returns the response's head after its
    /// last byte, whatever its status. A stop is felt at once.
    Task<HttpResult> send(HttpRequest request, HttpSink sink, StopToken stop);

private:
    std::unique_ptr<HttpTransfer> takeIdle();
    void begin(HttpTransfer& transfer);
    void end(std::unique_ptr<HttpTransfer> transfer);
    void watch();

    std::unique_ptr<CurlLoop> m_loop;
    std::vector<std::unique_ptr<HttpTransfer>>
        m_idle; ///< kept for reuse, since a curl handle is dear to make
    std::unordered_set<HttpTransfer*> m_active;
    QTimer m_watchdog;
};

} // namespace burrow
