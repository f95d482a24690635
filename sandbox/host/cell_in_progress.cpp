#include "host/cell_in_progress.h"

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr auto graceAfterTimeout = 1s;
// A stop must be felt within 100 ms.
constexpr auto graceAfterStop = 50ms;

// For an answer to wait while a cell computes beside its queries.
constexpr auto patience = 200ms;
constexpr auto betweenLooks = 1ms;

// Beyond these the guest waits with its next query until earlier ones are answered.
constexpr qsizetype maxOpenQueries = 4096;
constexpr qint64 maxOpenBytes = qint64(256) << 20;
// What an item costs beside its text, so that a million empty prompts are not for free.
constexpr qint64 bytesOfItem = 512;

qint64 bytesOf(const QueryBatch& batch)
{
    qint64 bytes = 0;
    for (const SubQuery& item : batch.items)
        bytes += bytesOfItem + item.prompt.size() + item.context.bytes.size();
    return bytes;
}

QueryRefusal cellHasEnded()
{
    return {"RuntimeError", "the cell that made this call has ended"};
}

} // namespace

CellInProgress::CellInProgress(Guest* guest, HostCalls* calls, quint64 id, Cell cell, const ReplSpec& spec)
    : m_guest(guest)
    , m_calls(calls)
    , m_id(id)
    , m_cell(std::move(cell))
    , m_documents(int(spec.context.spans.size()))
    , m_left(spec.limits.cellTimeout)
{
    for (QTimer* const timer : {&m_timeout, &m_grace}) {
        timer->setSingleShot(true);
        timer->setTimerType(Qt::PreciseTimer);
    }
    connect(&m_timeout, &QTimer::timeout, this, [this] { timeOut(CellLimit::WallTime); });
    connect(&m_grace, &QTimer::timeout, this, &CellInProgress::insist);
}

Task<CellEnd> CellInProgress::run(StopToken stop)
{
    {
        const std::stop_callback onStop(
            stop, [this] { interrupt(CellEnd::Cause::Cancelled, graceAfterStop); });
        m_guest->startCpuClock();
        startClock();
        m_guest->go();
        m_guest->run(m_id, m_cell);
        co_await m_over;
    }
    if (!m_open.isEmpty())
        co_await m_quiet;
    co_return std::move(m_end);
}

void CellInProgress::receive(GuestMessage message)
{
    if (const auto* const out = std::get_if<OutMessage>(&message))
        (out->stream == OutMessage::Stream::Out ? m_out : m_err).add(out->text);
    else if (auto* const query = std::get_if<QueryMessage>(&message))
        receiveQuery(std::move(*query));
    else if (auto* const done = std::get_if<DoneMessage>(&message))
        receiveDone(std::move(*done));
}

void CellInProgress::guestDied(const GuestDeath& death)
{
    if (isOver())
        return;
    m_end.death = death;
    finish();
}

bool CellInProgress::isAcceptable(const QueryMessage& query) const
{
    if (m_open.contains(query.id))
        return false;
    return std::ranges::all_of(query.batch.items, [this](const SubQuery& item) {
        return item.context.kind != ContextValue::Kind::Document || item.context.document < m_documents;
    });
}

void CellInProgress::receiveQuery(QueryMessage query)
{
    if (!isAcceptable(query)) {
        m_guest->end(
            {CellStatus::Crashed, "The Python process broke the protocol: a query is not possible."});
        return;
    }
    if (isOver()) {
        m_guest->refuse(query.id, cellHasEnded());
        return;
    }
    if (m_open.isEmpty())
        stopClock();
    m_open.insert(query.id);
    m_isConcurrent = m_isConcurrent || m_open.size() > 1;
    m_openBytes += bytesOf(query.batch);
    limitQueries();
    std::erase_if(m_serving, [](const Task<void>& task) { return task.isReady(); });
    m_serving.push_back(serve(std::move(query)));
}

void CellInProgress::receiveDone(DoneMessage done)
{
    if (isOver() || done.id != m_id) {
        m_guest->end({CellStatus::Crashed, "The Python process broke the protocol: another cell ended."});
        return;
    }
    m_end.done = std::move(done);
    finish();
}

Task<void> CellInProgress::serve(QueryMessage query)
{
    const quint64 id = query.id;
    const qint64 bytes = bytesOf(query.batch);
    [[maybe_unused]] const std::size_t expected = query.batch.items.size();
    const QueryOutcome outcome
        = co_await m_calls->query(m_cell.path, std::move(query.batch), m_stopQueries.get_token());
    Q_ASSERT(!outcome || outcome->size() == expected);
    if (m_isConcurrent)
        co_await turnToAnswer();
    m_open.remove(id);
    m_openBytes -= bytes;
    if (isOver()) {
        m_guest->refuse(id, cellHasEnded());
        if (m_open.isEmpty())
            m_quiet.resolve(true); // run() goes on, and this object may be gone
        co_return;
    }
    limitQueries();
    if (m_open.isEmpty())
        startClock();
    m_guest->answer(id, outcome);
}

Task<void> CellInProgress::turnToAnswer()
{
    const StopToken stop = m_stopQueries.get_token();
    const Semaphore::Slot slot = co_await m_answering.acquire(stop);
    QElapsedTimer waited;
    waited.start();
    bool isIdle = isOver() || co_await m_guest->isIdle();
    while (!isIdle && !m_isBusy && waited.durationElapsed() < patience) {
        if (!co_await sleepFor(betweenLooks, stop))
            co_return;
        isIdle = co_await m_guest->isIdle();
    }
    m_isBusy = !isIdle;
}

void CellInProgress::timeOut(CellLimit limit)
{
    if (m_end.cause == CellEnd::Cause::Itself)
        m_end.limit = limit;
    interrupt(CellEnd::Cause::TimedOut, graceAfterTimeout);
}

void CellInProgress::interrupt(CellEnd::Cause cause, std::chrono::milliseconds grace)
{
    if (isOver() || m_end.cause == CellEnd::Cause::Cancelled)
        return;
    goOn(); // else it would not notice
    m_end.cause = cause;
    m_timeout.stop();
    m_stopQueries.request_stop();
    m_guest->interrupt();
    m_mayInsist = true;
    m_grace.start(grace / 2);
}

/// Python drops an interrupt that meets the callback of a weak reference, and code may catch one by chance.
void CellInProgress::insist()
{
    if (!std::exchange(m_mayInsist, false)) {
        m_guest->end({CellStatus::TimedOut,
            "The Python process was ended: it did not react to the interrupt.", m_end.limit});
        return;
    }
    m_guest->interrupt();
    m_grace.start(m_grace.intervalAsDuration());
}

void CellInProgress::standStill()
{
    if (isOver() || m_standsStill || m_end.cause != CellEnd::Cause::Itself)
        return;
    stopClock();
    m_standsStill = true;
    m_guest->stop();
}

void CellInProgress::goOn()
{
    if (!std::exchange(m_standsStill, false) || isOver())
        return;
    m_guest->go();
    if (m_open.isEmpty())
        startClock();
}

void CellInProgress::finish()
{
    stopClock();
    m_grace.stop();
    m_guest->rest();
    m_guest->stopCpuClock();
    if (m_readingPaused)
        m_guest->resumeReading();
    static const CapturedText nothing;
    m_end.out = m_out.finish(m_end.done ? m_end.done->out : nothing);
    m_end.err = m_err.finish(m_end.done ? m_end.done->err : nothing);
    m_stopQueries.request_stop();
    m_over.resolve(true); // run() goes on, and this object may be gone
}

void CellInProgress::startClock()
{
    if (m_standsStill || m_end.cause != CellEnd::Cause::Itself)
        return;
    m_running.start();
    m_timeout.start(std::chrono::ceil<std::chrono::milliseconds>(m_left));
}

void CellInProgress::stopClock()
{
    if (!m_timeout.isActive())
        return;
    m_timeout.stop();
    // To the nanosecond: a cell that asks ten thousand times a second must use its time up, too.
    m_left = std::max(0ns, m_left - m_running.durationElapsed());
}

/// A guest that asks faster than it is answered waits at its end of the pipe.
void CellInProgress::limitQueries()
{
    const bool isFull = m_open.size() >= maxOpenQueries || m_openBytes >= maxOpenBytes;
    if (isFull == m_readingPaused)
        return;
    m_readingPaused = isFull;
    if (isFull)
        m_guest->pauseReading();
    else
        m_guest->resumeReading();
}

} // namespace burrow
