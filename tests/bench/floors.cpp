#include "floors.h"

#include <curl/curl.h>

#include <QByteArray>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryFile>

#include <vector>

#include <unistd.h>

namespace burrow::bench {

namespace {

constexpr char bareRequest[]
    = R"({"model":"sub","stream":true,"messages":[{"role":"user","content":"How much?"}]})";

size_t ignore(char*, size_t size, size_t count, void*)
{
    return size * count;
}

/// A curl multi handle and its transfers, freed together.
class Transfers {
public:
    Transfers(const QByteArray& url, int count)
    {
        m_headers = curl_slist_append(nullptr, "Content-Type: application/json");
        for (int i = 0; i < count; ++i) {
            CURL* easy = curl_easy_init();
            curl_easy_setopt(easy, CURLOPT_URL, url.constData());
            curl_easy_setopt(easy, CURLOPT_HTTPHEADER, m_headers);
            curl_easy_setopt(easy, CURLOPT_POSTFIELDS, bareRequest);
            curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
            curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
            m_all.push_back(easy);
        }
    }
    ~Transfers()
    {
        for (CURL* easy : m_all) {
            curl_multi_remove_handle(m_multi, easy);
            curl_easy_cleanup(easy);
        }
        curl_multi_cleanup(m_multi);
        curl_slist_free_all(m_headers);
    }
    Transfers(const Transfers&) = delete;
    Transfers& operator=(const Transfers&) = delete;

    /// Makes @p requests requests, each handle starting anew when it is done. False where one failed.
    bool run(int requests)
    {
        int started = 0;
        for (; started < requests && size_t(started) < m_all.size(); ++started)
            curl_multi_add_handle(m_multi, m_all[size_t(started)]);
        for (int done = 0; done < requests;) {
            int running = 0, left = 0;
            if (curl_multi_perform(m_multi, &running) != CURLM_OK)
                return false;
            while (CURLMsg* message = curl_multi_info_read(m_multi, &left)) {
                CURL* easy = message->easy_handle;
                if (message->data.result != CURLE_OK)
                    return false;
                curl_multi_remove_handle(m_multi, easy);
                ++done;
                if (started < requests) {
                    curl_multi_add_handle(m_multi, easy);
                    ++started;
                }
            }
            if (done < requests)
                curl_multi_poll(m_multi, nullptr, 0, 1000, nullptr);
        }
        return true;
    }

private:
    CURLM* m_multi = curl_multi_init();
    curl_slist* m_headers = nullptr;
    std::vector<CURL*> m_all;
};

} // namespace

double plainRead(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return -1;
    QByteArray buffer(1 << 20, Qt::Uninitialized);
    QElapsedTimer timer;
    timer.start();
    while (file.read(buffer.data(), buffer.size()) > 0) { }
    return double(timer.nsecsElapsed()) / 1e9;
}

double plainWrite(const QString& path)
{
    QFile from(path);
    QTemporaryFile to(QFileInfo(path).path() + QStringLiteral("/write-XXXXXX"));
    if (!from.open(QIODevice::ReadOnly) || !to.open())
        return -1;
    const QByteArray bytes = from.readAll();
    QElapsedTimer timer;
    timer.start();
    if (to.write(bytes) != bytes.size() || !to.flush() || fsync(to.handle()) != 0)
        return -1;
    return double(timer.nsecsElapsed()) / 1e9;
}

double bareCompletions(const QString& baseUrl, int requests, int inFlight)
{
    Transfers transfers(baseUrl.toUtf8() + "/chat/completions", inFlight);
    QElapsedTimer timer;
    timer.start();
    return transfers.run(requests) ? double(timer.nsecsElapsed()) / 1e9 : -1;
}

} // namespace burrow::bench
