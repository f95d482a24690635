#include "host/usage_watch.h"

#include "host/guest.h"

#include <span>

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr auto interval = 100ms;
constexpr qint64 pausesForLook = 20; // so close looks take one twentieth of the time at most

qint64 sumOf(const std::vector<ProcessUsage>& usage)
{
    qint64 sum = 0;
    for (const ProcessUsage& one : usage)
        sum += one.memory;
    return sum;
}

/// Frees @p bytes, from the oldest on. False, and all are kept, where they do not hold so much: then the
/// guests themselves hold too much, and one that is ended can be brought back.
bool dropCheckpoints(std::span<Guest* const> guests, qint64 bytes)
{
    qint64 held = 0;
    for (Guest* const guest : guests)
        held += guest->checkpoints().bytes();
    if (held < bytes)
        return false;
    for (Guest* const guest : guests) {
        while (bytes > 0 && !guest->checkpoints().isEmpty())
            bytes -= guest->checkpoints().dropOldest();
    }
    return true;
}

} // namespace

UsageWatch::UsageWatch()
{
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &UsageWatch::look);
}

void UsageWatch::add(Guest* guest)
{
    m_guests.push_back(guest);
    if (!m_timer.isActive())
        m_timer.start();
}

void UsageWatch::remove(Guest* guest)
{
    std::erase(m_guests, guest);
    if (m_guests.empty())
        m_timer.stop();
}

/// Ends one guest at most: whoever waits for it goes on at once, and may delete others.
void UsageWatch::look()
{
    std::vector<ProcessUsage> usage;
    for (const Guest* const guest : m_guests)
        usage.push_back(usageOf(guest->pid()));
    for (size_t i = 0; i < usage.size(); ++i) {
        if (!m_guests[i]->staysWithin(usage[i]))
            return;
    }
    checkMemory(std::move(usage));
}

void UsageWatch::checkMemory(std::vector<ProcessUsage> usage)
{
    if (isWithin(usage) || !lookClosely(usage))
        return;
    for (size_t i = 0; i < usage.size(); ++i) {
        const qint64 excess = usage[i].memory - m_guests[i]->memoryAllowance();
        if (excess <= 0)
            continue;
        if (!dropCheckpoints(std::span(m_guests).subspan(i, 1), excess))
            m_guests[i]->endBeyond(CellLimit::Memory);
        return;
    }
    const qint64 excess = sumOf(usage) - runLimit();
    if (excess <= 0 || dropCheckpoints(m_guests, excess))
        return;
    size_t last = usage.size() - 1;
    while (usage[last].memory <= runLimit() / qint64(usage.size()))
        --last;
    m_guests[last]->endBeyond(CellLimit::RunMemory);
}

bool UsageWatch::isWithin(const std::vector<ProcessUsage>& usage) const
{
    for (size_t i = 0; i < usage.size(); ++i) {
        if (usage[i].memory > m_guests[i]->memoryAllowance())
            return false;
    }
    return usage.empty() || sumOf(usage) <= runLimit();
}

/// What processes of a guest share was counted for each of them.
bool UsageWatch::lookClosely(std::vector<ProcessUsage>& usage)
{
    if (m_sinceClose.isValid() && m_sinceClose.elapsed() < m_closePause)
        return false;
    QElapsedTimer took;
    took.start();
    for (size_t i = 0; i < usage.size(); ++i) {
        if (usage[i].processes > 1)
            usage[i].memory = exactMemoryOf(m_guests[i]->pid());
    }
    m_closePause = took.elapsed() * pausesForLook;
    m_sinceClose.start();
    return true;
}

qint64 UsageWatch::runLimit() const
{
    return m_guests.front()->limits().runMemoryBytes;
}

} // namespace burrow
