#include "host/guest_repl.h"

#include "base/thread_pool.h"
#include "host/cell_in_progress.h"
#include "host/process_usage.h"

#include <QCoreApplication>

namespace burrow {

namespace {

// Threads that a cell left behind may say a little. No time limit ends a guest that goes on and on.
constexpr int maxStrayMessages = 10'000;

CellStatus statusOf(DoneMessage::Status status)
{
    switch (status) {
    case DoneMessage::Status::Ok:
        return CellStatus::Ok;
    case DoneMessage::Status::Interrupted:
        return CellStatus::Interrupted;
    case DoneMessage::Status::Raised:
        break;
    }
    return CellStatus::Raised;
}

/// On a line of its own, where stderr would show it.
void appendLine(CapturedText& text, const QByteArray& line)
{
    QByteArray& end = text.tail.isEmpty() ? text.head : text.tail;
    if (!end.isEmpty() && !end.endsWith('\n'))
        end += '\n';
    end += line + '\n';
}

CellOutput outputFrom(DoneMessage done)
{
    CellOutput output;
    output.status = statusOf(done.status);
    output.value = std::move(done.value);
    output.variables = std::move(done.variables);
    output.answer = std::move(done.answer);
    output.answerDraft = std::move(done.draft);
    return output;
}

} // namespace

GuestRepl::GuestRepl(GuestPlan plan, HostCalls* calls, std::unique_ptr<Guest> guest)
    : m_plan(std::move(plan)), m_calls(calls)
{
    adopt(std::move(guest));
}

GuestRepl::~GuestRepl()
{
    Q_ASSERT(!m_progress);
}

Task<Result<CellOutput>> GuestRepl::execute(Cell cell, StopToken stop)
{
    Q_ASSERT(!m_progress);
    if (const Result<void> ready = co_await ensureGuest(stop); !ready)
        co_return std::unexpected(ready.error());
    CellInProgress progress(m_guest.get(), m_calls, ++m_lastId, std::move(cell), m_plan.spec);
    m_progress = &progress;
    m_strayMessages = 0;
    CellEnd end = co_await progress.run(stop);
    m_progress = nullptr;

    const std::optional<LimitHit> limit = limitBehind(end);
    CellOutput output = end.done ? outputFrom(std::move(*end.done)) : CellOutput();
    output.limit = limit;
    output.out = std::move(end.out);
    output.err = std::move(end.err);
    if (end.cause == CellEnd::Cause::TimedOut)
        output.status = CellStatus::TimedOut;
    if (m_untoldLoss) {
        output.restarted = true;
        output.lostNames = *std::exchange(m_untoldLoss, std::nullopt);
    }
    if (end.death || m_guest->isDead()) {
        const std::vector<QByteArray> lost = takeNames();
        buryGuest();
        if (end.cause == CellEnd::Cause::Cancelled || !end.death) {
            m_untoldLoss = lost;
        } else {
            if (end.cause != CellEnd::Cause::TimedOut) // else it died of the interrupt, or of not heeding it
                output.status = end.death->status;
            appendLine(output.err, end.death->how);
            output.restarted = true;
            output.lostNames.insert(output.lostNames.end(), lost.begin(), lost.end());
        }
    } else {
        m_variables = output.variables;
    }
    const bool stopped = end.cause == CellEnd::Cause::Cancelled;
    m_draftOfStopped = stopped ? output.answerDraft : QByteArray();
    if (stopped)
        co_return fail(ErrorCode::Cancelled, QCoreApplication::translate("Sandbox", "The cell was stopped."));
    co_return output;
}

Task<Result<CheckpointId>> GuestRepl::checkpoint(StopToken stop)
{
    Q_ASSERT(!m_progress);
    if (const Result<void> ready = co_await ensureGuest(stop); !ready)
        co_return std::unexpected(ready.error());
    const CheckpointId id{++m_lastCheckpoint};
    if (const Result<void> taken = co_await m_guest->checkpoint(id, stop); !taken)
        co_return std::unexpected(taken.error());
    m_boundaries.push_back({id, m_lastId, m_variables});
    co_return id;
}

Task<Result<void>> GuestRepl::restore(CheckpointId id, StopToken stop)
{
    Q_ASSERT(!m_progress);
    const auto boundary = std::ranges::find(m_boundaries, id, &Boundary::id);
    if (boundary == m_boundaries.end() || !m_guest->checkpoints().contains(id))
        co_return fail(ErrorCode::CheckpointUnavailable,
            QCoreApplication::translate(
                "Sandbox", "The checkpoint is not there any more. Run the cells again instead."));
    const Boundary wanted = *boundary;
    const std::vector<QByteArray> names = takeNames();
    const Result<void> restored = co_await m_guest->restore(id, stop);
    if (restored) {
        m_variables = wanted.variables;
        m_lastId = wanted.cells;
        m_untoldLoss.reset();
    } else {
        if (!m_untoldLoss)
            m_untoldLoss = names;
        dropGuest();
    }
    co_return restored;
}

void GuestRepl::drop(CheckpointId id)
{
    if (m_guest)
        m_guest->checkpoints().drop(id);
    std::erase_if(m_boundaries, [id](const Boundary& boundary) { return boundary.id == id; });
}

Task<std::vector<Checkpoint>> GuestRepl::checkpoints(StopToken stop) const
{
    std::vector<Checkpoint> result;
    QList<qint64> processes;
    for (const Boundary& boundary : m_boundaries) {
        if (m_guest->checkpoints().contains(boundary.id)) {
            result.push_back({boundary.id, boundary.cells});
            processes.push_back(m_guest->checkpoints().processOf(boundary.id));
        }
    }
    if (result.empty())
        co_return result;
    const QHash<qint64, qint64> shares
        = co_await runInPool([first = m_guest->pid(), processes](
                                 const StopToken& token) { return memoryShares(first, processes, token); },
            stop, startLook);
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i].bytes = shares.value(processes[qsizetype(i)]);
    co_return result;
}

Task<Result<void>> GuestRepl::ensureGuest(StopToken stop)
{
    if (m_guest && !m_guest->isDead())
        co_return Result<void>();
    if (m_guest)
        dropGuest(); // what its checkpoints held was not wanted back
    auto guest = co_await Guest::start(m_plan, stop);
    if (!guest)
        co_return std::unexpected(guest.error());
    adopt(std::move(*guest));
    co_return Result<void>();
}

void GuestRepl::adopt(std::unique_ptr<Guest> guest)
{
    m_guest = std::move(guest);
    m_guest->listen(this);
}

void GuestRepl::guestSaid(GuestMessage message)
{
    if (m_progress)
        m_progress->receive(std::move(message));
    else if (++m_strayMessages > maxStrayMessages)
        m_guest->end({CellStatus::Crashed, "The Python process went on writing while no cell was running."});
    else if (const auto* const query = std::get_if<QueryMessage>(&message))
        m_guest->refuse(query->id, {"RuntimeError", "no cell is running"});
    else if (std::holds_alternative<DoneMessage>(message))
        m_guest->end({CellStatus::Crashed, "The Python process broke the protocol: no cell was running."});
    // What a thread prints after its cell has ended belongs nowhere.
}

void GuestRepl::stopCell(const CellFilter& which)
{
    if (m_progress && which(m_progress->path()))
        m_progress->standStill();
}

void GuestRepl::letCellGo(const CellFilter& which)
{
    if (m_progress && which(m_progress->path()))
        m_progress->goOn();
}

void GuestRepl::cpuUsedUp()
{
    if (m_progress)
        m_progress->cpuUsedUp();
}

std::optional<LimitHit> GuestRepl::limitBehind(const CellEnd& end) const
{
    std::optional<CellLimit> limit = end.limit;
    if (!limit && end.death)
        limit = end.death->limit;
    else if (!limit && end.done)
        limit = end.done->limit;
    if (!limit && (end.out.droppedChars > 0 || end.err.droppedChars > 0))
        limit = CellLimit::Output;
    return limit ? std::optional(hitOf(*limit, m_plan.spec.limits)) : std::nullopt;
}

void GuestRepl::guestDied(const GuestDeath& death)
{
    if (m_progress) {
        m_progress->guestDied(death);
    } else {
        m_untoldLoss = takeNames();
        buryGuest();
    }
}

/// A dead guest is kept while it can be restored.
void GuestRepl::buryGuest()
{
    if (m_guest->checkpoints().isEmpty())
        dropGuest();
}

/// Called while the guest tells of its death, so it goes later.
void GuestRepl::dropGuest()
{
    m_guest->listen(nullptr);
    m_boundaries.clear();
    m_guest.release()->deleteLater();
}

std::vector<QByteArray> GuestRepl::takeNames()
{
    std::vector<QByteArray> names;
    for (Variable& variable : std::exchange(m_variables, {}))
        names.push_back(std::move(variable.name));
    return names;
}

} // namespace burrow
