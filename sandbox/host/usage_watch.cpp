#include "host/usage_watch.h"

#include "host/guest.h"

#include <QElapsedTimer>
#include <QThread>

#include <algorithm>

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr auto interval = 100ms;
constexpr auto timeToStop = 100ms; // a process that waits for a disk stops when that has answered

/// Stops between two looks, so a stop takes no longer than one process.
CloseUsage lookCloselyAt(qint64 pid, const StopToken& stop)
{
    QElapsedTimer waited;
    waited.start();
    while (!isIdle(pid) && waited.durationElapsed() < timeToStop && !stop.stop_requested())
        QThread::msleep(1);
    return closeUsageOf(pid, stop);
}

} // namespace

UsageWatch::UsageWatch()
{
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &UsageWatch::look);
    m_threads.setMaxThreadCount(2);
}

UsageWatch::~UsageWatch()
{
    m_stop.request_stop();
}

void UsageWatch::add(Guest* guest)
{
    m_watched.push_back({guest, {}, {}});
    if (!m_timer.isActive())
        m_timer.start();
}

void UsageWatch::remove(Guest* guest)
{
    std::erase_if(m_watched, [guest](const Watched& watched) { return watched.guest == guest; });
    if (m_watched.empty())
        m_timer.stop();
}

std::vector<Guest*> UsageWatch::guests() const
{
    std::vector<Guest*> guests;
    for (const Watched& watched : m_watched)
        guests.push_back(watched.guest);
    return guests;
}

void UsageWatch::look()
{
    if (std::exchange(m_isLooking, true))
        return;
    std::vector<qint64> pids;
    for (const Watched& watched : m_watched)
        pids.push_back(watched.guest->pid());
    m_threads.start([this, pids = std::move(pids), stop = m_stop.get_token()] {
        std::vector<ProcessUsage> usage;
        for (auto pid = pids.begin(); pid != pids.end() && !stop.stop_requested(); ++pid)
            usage.push_back(usageOf(*pid));
        QMetaObject::invokeMethod(this, [this, usage = std::move(usage)] { take(usage); });
    });
}

/// Ends one guest at most: whoever waits for it goes on at once, and may delete others.
void UsageWatch::take(const std::vector<ProcessUsage>& usage)
{
    m_isLooking = false;
    for (const ProcessUsage& one : usage) {
        if (Watched* const watched = find(one.pid)) {
            watched->usage = one;
            if (!watched->guest->staysWithin(one))
                return;
        }
    }
    holdToMemory();
}

void UsageWatch::holdToMemory()
{
    askForCloseLooks();
    if (m_isLookingClosely || m_watched.empty())
        return;
    release();
    for (Watched& watched : m_watched) {
        const qint64 excess = watched.memory() - watched.guest->memoryAllowance();
        if (excess <= 0)
            continue;
        if (!dropCheckpoints({&watched}, excess))
            watched.guest->endBeyond(CellLimit::Memory);
        return;
    }
    const qint64 excess = sum() - runLimit();
    std::vector<Watched*> all;
    for (Watched& watched : m_watched)
        all.push_back(&watched);
    if (excess <= 0 || dropCheckpoints(all, excess))
        return;
    const qint64 share = runLimit() / qint64(all.size());
    const auto last = std::ranges::find_if(
        all.rbegin(), all.rend(), [share](const Watched* watched) { return watched->memory() > share; });
    (*last)->guest->endBeyond(CellLimit::RunMemory);
}

void UsageWatch::askForCloseLooks()
{
    const bool isRunBeyond = !m_watched.empty() && sum() > runLimit();
    for (Watched& watched : m_watched) {
        const bool isBeyond = isRunBeyond || watched.memory() > watched.guest->memoryAllowance();
        if (!isBeyond || watched.isExact())
            continue;
        watched.isLookedAt = false;
        watched.guest->hold();
    }
    lookClosely();
}

/// At one guest at a time. Those that wait for it stand still already.
void UsageWatch::lookClosely()
{
    const auto next = std::ranges::find_if(
        m_watched, [](const Watched& watched) { return watched.guest->isHeld() && !watched.isLookedAt; });
    if (m_isLookingClosely || next == m_watched.end())
        return;
    m_isLookingClosely = true;
    m_threads.start([this, pid = next->guest->pid(), stop = m_stop.get_token()] {
        CloseUsage close = lookCloselyAt(pid, stop);
        QMetaObject::invokeMethod(this, [this, close = std::move(close)] { takeClose(close); });
    });
}

void UsageWatch::takeClose(const CloseUsage& close)
{
    m_isLookingClosely = false;
    Watched* const watched = find(close.usage.pid);
    if (watched && watched->guest->isHeld()) {
        watched->usage = close.usage;
        watched->close = close;
        watched->isLookedAt = true;
    }
    holdToMemory();
}

/// What was seen stays true until the next look; after that it is a bound.
void UsageWatch::release()
{
    for (Watched& watched : m_watched) {
        watched.guest->release();
        watched.isLookedAt = false;
    }
}

UsageWatch::Watched* UsageWatch::find(qint64 pid)
{
    const auto found = std::ranges::find_if(
        m_watched, [pid](const Watched& watched) { return watched.guest->pid() == pid; });
    return found == m_watched.end() ? nullptr : &*found;
}

qint64 UsageWatch::sum() const
{
    qint64 sum = 0;
    for (const Watched& watched : m_watched)
        sum += watched.memory();
    return sum;
}

qint64 UsageWatch::runLimit() const
{
    return m_watched.front().guest->limits().runMemoryBytes;
}

bool UsageWatch::Watched::isExact() const
{
    return usage.processes <= 1 || (isLookedAt && guest->isHeld());
}

qint64 UsageWatch::Watched::memory() const
{
    if (!close)
        return usage.memory();
    const qint64 since = std::max(qint64(0), usage.faulted - close->usage.faulted);
    return std::min(usage.held, close->usage.held + since) + usage.unshared;
}

/// Frees @p bytes, from the oldest on. False, and all are kept, where they do not hold so much: then the
/// guests themselves hold too much, and one that is ended can be brought back.
bool UsageWatch::dropCheckpoints(const std::vector<Watched*>& of, qint64 bytes)
{
    qint64 held = 0;
    for (const Watched* const watched : of)
        if (watched->close)
            held += watched->guest->checkpoints().bytesIn(watched->close->shares);
    if (held < bytes)
        return false;
    for (Watched* const watched : of) {
        GuestCheckpoints& checkpoints = watched->guest->checkpoints();
        while (bytes > 0 && !checkpoints.isEmpty() && watched->close)
            bytes -= checkpoints.dropOldest(watched->close->shares);
    }
    return true;
}

} // namespace burrow
