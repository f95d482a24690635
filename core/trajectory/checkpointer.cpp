#include "trajectory/checkpointer.h"

#include "trajectory/sqlite.h"

#include <sqlite3.h>

namespace burrow {

namespace {

// In pages of 4 KiB: often enough that the log stays small, rarely enough that the disk is not asked for each
// reply; and where a log has become too long to be left to a thread that does not catch up.
constexpr int pagesBetween = 4000;
constexpr int pagesTooMany = 250'000;

} // namespace

bool Checkpointer::logGrew(int pages)
{
    if (pages >= pagesTooMany)
        return true;
    if (pages < m_pagesAtRequest) // the log began anew
        m_pagesAtRequest = 0;
    if (pages - m_pagesAtRequest < pagesBetween)
        return false;
    m_pagesAtRequest = pages;
    if (!m_thread.joinable())
        m_thread = std::jthread([this](std::stop_token stop) { work(std::move(stop)); });
    const std::scoped_lock lock(m_mutex);
    m_requested = true;
    m_wake.notify_one();
    return false;
}

void Checkpointer::stop()
{
    if (!m_thread.joinable())
        return;
    m_thread.request_stop();
    m_thread.join();
    m_pagesAtRequest = 0;
}

void Checkpointer::work(std::stop_token stop)
{
    Result<Database> database = Database::open(m_path, SQLITE_OPEN_READWRITE);
    if (!database)
        return; // the writer has the file open, so this is about to end anyway
    database->harden();
    // A connection that has not read yet knows of no log, and would move nothing.
    if (!database->number("SELECT count(*) FROM sqlite_schema"))
        return;
    std::unique_lock lock(m_mutex);
    while (m_wake.wait(lock, stop, [this] { return m_requested; })) {
        m_requested = false;
        lock.unlock();
        // What cannot be moved now stays in the log, where it is just as safe.
        (void)sqlite3_wal_checkpoint_v2(
            database->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        lock.lock();
    }
}

} // namespace burrow
