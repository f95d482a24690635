#include "host/guest_checkpoints.h"

#include "base/json.h"
#include "base/thread_pool.h"
#include "host/process_usage.h"

#include <QPointer>
#include <QTimer>

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s;

QString inWords(const QByteArray& reason)
{
    const std::pair<const char*, QString> reasons[] = {
        {"threads", GuestCheckpoints::tr("a thread that a cell started is still running")},
        {"files", GuestCheckpoints::tr("a cell has left a file open")},
        {"sharing", GuestCheckpoints::tr("a cell has made memory that processes share")},
        {"scratch", GuestCheckpoints::tr("the scratch folder cannot be read")},
        {"memory", GuestCheckpoints::tr("there is too little memory left to copy the scratch folder")},
        {"processes", GuestCheckpoints::tr("the REPL may have no more processes")},
        {"ctypes", GuestCheckpoints::tr("this Python lacks the module _ctypes")},
        {"system", GuestCheckpoints::tr("on this kind of processor Burrow cannot copy a process")},
    };
    for (const auto& [name, words] : reasons) {
        if (reason == name)
            return words;
    }
    return GuestCheckpoints::tr("the Python process could not be copied");
}

std::unexpected<Error> unavailable(const QByteArray& reason)
{
    return fail(ErrorCode::CheckpointUnavailable,
        GuestCheckpoints::tr("There is no checkpoint: %1. Run the cells again instead.")
            .arg(inWords(reason)));
}

std::unexpected<Error> lostCopy()
{
    return fail(ErrorCode::GuestFailed,
        GuestCheckpoints::tr("The checkpoint was lost. Run the cells again instead."));
}

} // namespace

GuestCheckpoints::GuestCheckpoints(GuestProcess* process, Channel* channel)
    : m_process(process), m_channel(channel)
{
    connect(process, &GuestProcess::lost, this, &GuestCheckpoints::forget);
    connect(process, &GuestProcess::ended, this, [this] {
        if (m_restoring)
            proceed();
        else
            settle(fail(ErrorCode::GuestFailed, tr("The Python process ended while it was copied.")));
    });
    connect(process, &GuestProcess::lives, this, [this](qint64 restored) {
        m_guest = restored;
        settle({});
    });
    connect(channel, &Channel::broken, this,
        [this](const Error& error) { settle(fail(ErrorCode::GuestFailed, error.message)); });
    connect(process, &GuestProcess::gone, this, [this] {
        m_copies.clear();
        settle(lostCopy());
    });
}

Task<Result<void>> GuestCheckpoints::take(CheckpointId id, StopToken stop)
{
    m_channel->send(encodeFrame({{"op", "checkpoint"}, {"id", quint64(id)}}));
    m_taking = Taking{id};
    const Completion<Result<void>> settled = *(m_settled = Completion<Result<void>>());
    m_look = lookForSharing(id);
    Result<void> result = co_await outcome(
        settled, stop, tr("The Python process did not make a checkpoint within %1 s.").arg(patience.count()));
    if (const auto open = std::exchange(m_taking, std::nullopt); open && !open->isKept)
        m_abandoned.push_back(id);
    if (!result)
        drop(id);
    co_return result;
}

/// While the guest copies itself, and on another thread: the map of its memory is as long as a cell likes.
Task<void> GuestCheckpoints::lookForSharing(CheckpointId id)
{
    const QPointer<GuestCheckpoints> self(this);
    const bool isSharing = co_await runInPool([first = m_process->pid(), guest = m_guest](
                                                  const StopToken&) { return hasSharedMemory(first, guest); },
        {}, startLook);
    if (!self || !m_taking || m_taking->id != id)
        co_return;
    m_taking->isSharing = isSharing;
    settleTaking();
}

void GuestCheckpoints::settleTaking()
{
    if (m_taking->isKept && m_taking->isSharing)
        settle(*m_taking->isSharing ? unavailable("sharing") : Result<void>());
}

Task<Result<void>> GuestCheckpoints::restore(CheckpointId id, StopToken stop)
{
    m_restoring = id;
    m_restored.reset();
    const Completion<Result<void>> settled = *(m_settled = Completion<Result<void>>());
    if (m_process->hasEnded())
        proceed();
    else
        m_process->endGuest();
    Result<void> result = co_await outcome(
        settled, stop, tr("The Python process could not be restored within %1 s.").arg(patience.count()));
    m_restoring.reset();
    co_return result;
}

/// The guest has ended, so the pipes hold only what is left of it.
void GuestCheckpoints::proceed()
{
    m_channel->restart();
    if (const auto copy = m_copies.find(*m_restoring); copy != m_copies.end())
        m_process->wake(copy->second);
    else
        settle(lostCopy());
    m_restored = 0;
}

void GuestCheckpoints::drop(CheckpointId id)
{
    if (const auto copy = m_copies.extract(id))
        m_process->dropCopy(copy.mapped());
}

qint64 GuestCheckpoints::dropOldest(const QHash<qint64, qint64>& shares)
{
    const auto [oldest, copy] = *m_copies.begin();
    drop(oldest);
    return shares.value(copy);
}

qint64 GuestCheckpoints::bytesIn(const QHash<qint64, qint64>& shares) const
{
    qint64 sum = 0;
    for (const auto& [id, copy] : m_copies)
        sum += shares.value(copy);
    return sum;
}

void GuestCheckpoints::giveUp(const QString& reason)
{
    settle(fail(ErrorCode::GuestFailed, reason));
}

bool GuestCheckpoints::receive(const KeptMessage& message)
{
    const CheckpointId id{message.id};
    const bool isAbandoned = std::erase(m_abandoned, id) > 0;
    const bool isExpected = m_taking && m_taking->id == id && !m_taking->isKept;
    if (!isAbandoned && !isExpected)
        return false;
    if (message.pid > 0)
        m_process->keep(message.pid);
    if (isAbandoned) {
        if (message.pid > 0)
            m_process->dropCopy(message.pid);
        return true;
    }
    m_taking->isKept = true;
    if (message.pid == 0) {
        settle(unavailable(message.why));
    } else {
        m_copies.emplace(id, message.pid);
        settleTaking();
    }
    return true;
}

bool GuestCheckpoints::receive(const RestoredMessage& message)
{
    if (!m_restoring || m_restored != 0 || CheckpointId{message.id} != *m_restoring)
        return false;
    m_restored = qint64(message.pid);
    if (message.pid > 0)
        m_process->follow(message.pid);
    else
        settle(fail(ErrorCode::GuestFailed,
            tr("The checkpoint cannot be restored: %1. Run the cells again instead.")
                .arg(inWords(message.why))));
    return true;
}

/// A copy is gone, or is none.
void GuestCheckpoints::forget(qint64 inside)
{
    const auto copy
        = std::ranges::find_if(m_copies, [inside](const auto& entry) { return entry.second == inside; });
    const bool wasNeeded = m_restoring && m_settled
        && (inside == m_restored || (copy != m_copies.end() && copy->first == *m_restoring));
    if (copy != m_copies.end())
        m_copies.erase(copy);
    if (wasNeeded)
        settle(lostCopy());
}

Task<Result<void>> GuestCheckpoints::outcome(
    Completion<Result<void>> settled, StopToken stop, QString onTimeout)
{
    QTimer timer;
    timer.setSingleShot(true);
    connect(&timer, &QTimer::timeout, this,
        [this, onTimeout] { settle(fail(ErrorCode::GuestFailed, onTimeout)); });
    timer.start(patience);
    const std::stop_callback onStop(
        stop, [this] { settle(fail(ErrorCode::Cancelled, tr("Stopped at a checkpoint."))); });
    co_return co_await settled;
}

void GuestCheckpoints::settle(Result<void> result)
{
    if (auto settled = std::exchange(m_settled, std::nullopt))
        settled->resolve(std::move(result));
}

} // namespace burrow
