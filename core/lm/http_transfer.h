#pragma once

#include "base/task.h"
#include "lm/curl_loop.h"
#include "lm/http.h"

#include <array>
#include <optional>

namespace burrow {

/// One HTTP request on a curl handle, from its options to its result. Used again for further requests, one
/// after the other, since a curl handle is dear to make.
class HttpTransfer final : public CurlJob {
public:
    using Clock = std::chrono::steady_clock;

    HttpTransfer();
    ~HttpTransfer() override;
    HttpTransfer(const HttpTransfer&) = delete;
    HttpTransfer& operator=(const HttpTransfer&) = delete;

    void prepare(HttpRequest request, HttpSink sink);
    CURL* handle() const { return m_easy; }
    /// Resolved once curl has let go of the handle.
    Completion<CURLcode> done() const { return m_done; }
    void finished(CURLcode code) override { m_done.resolve(code); }

    /// Why the transfer is to be aborted, if it is; says so once.
    bool isOverdue(Clock::time_point now);
    void cancel();

    /// What came of it; gives the sink the bytes that the redactor held back.
    HttpResult result(CURLcode code);
    /// Lets go of the request and its sink.
    void release();

private:
    struct Failure {
        ErrorCode code;
        QString what;
    };

    /// The variable that names the file with the certificates to trust, as for curl's own tool.
    static const char* certificatesVariable();
    static size_t onHeader(char* data, size_t size, size_t count, void* self);
    static size_t onBody(char* data, size_t size, size_t count, void* self);
    static size_t onSend(char* buffer, size_t size, size_t count, void* self);
    static int onRewind(void* self, curl_off_t offset, int origin);

    void setUpForGood();
    bool takeHeader(QByteArrayView line);
    bool takeBody(QByteArrayView bytes);
    void passOn(const QByteArray& bytes);
    QString overdueReason(Clock::time_point now) const;
    void fail(ErrorCode code, QString what);
    HttpError error(CURLcode code) const;
    bool wasSent() const;
    QString host() const;

    CURL* m_easy;
    curl_slist* m_headers = nullptr;
    std::array<char, CURL_ERROR_SIZE> m_curlWords{};

    HttpRequest m_request;
    HttpSink m_sink;
    HttpHead m_head;
    qsizetype m_sentBytes = 0;
    qint64 m_headerBytes = 0;
    qint64 m_bodyBytes = 0;
    bool m_headComplete = false;
    bool m_enough = false;
    std::optional<Failure> m_failure; ///< ours, in place of what curl makes of it

    Clock::time_point m_startedAt;
    Clock::time_point m_progressAt;
    qint64 m_progress = 0; ///< bytes in both directions when last looked at
    Completion<CURLcode> m_done;
};

} // namespace burrow
