#pragma once

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <curl/curl.h>

#include <memory>
#include <unordered_map>
#include <vector>

namespace burrow {

/// Something that a curl easy handle does; told when it ends.
class CurlJob {
public:
    virtual ~CurlJob() = default;
    virtual void finished(CURLcode code) = 0;
};

/// Runs curl transfers on the Qt event loop of its thread: curl says which sockets and which time it waits
/// for, notifiers and a timer tell it when they are ready.
class CurlLoop : public QObject {
    Q_OBJECT
public:
    CurlLoop();
    ~CurlLoop() override;

    /// Starts @p easy and calls @p job when it has ended, from the event loop. Both must live until then.
    void start(CURL* easy, CurlJob& job);
    /// Ends @p easy now: its job finishes with CURLE_ABORTED_BY_CALLBACK before this returns or, where this
    /// is called from inside one of curl's callbacks, right after curl returns.
    void abort(CURL* easy);

private:
    struct Watch {
        explicit Watch(curl_socket_t socket)
            : read(socket, QSocketNotifier::Read), write(socket, QSocketNotifier::Write)
        {
        }
        QSocketNotifier read;
        QSocketNotifier write;
    };

    static int watchSocket(CURL*, curl_socket_t socket, int what, void* self, void*);
    static int setTimer(CURLM*, long milliseconds, void* self);
    Watch& watchOf(curl_socket_t socket);
    void act(curl_socket_t socket, int events);
    void finish(CURL* easy, CURLcode code);

    CURLM* m_multi;
    QTimer m_timer;
    /// By socket number, kept and only disabled when curl lets go of the number: a notifier is never deleted
    /// inside its own signal, and a number that is used again finds its notifiers. There are no more than the
    /// most sockets that were open at once.
    std::unordered_map<curl_socket_t, std::unique_ptr<Watch>> m_watches;
    bool m_insideCurl = false;
    std::vector<CURL*> m_toAbort;
};

} // namespace burrow
