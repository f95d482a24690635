#include "trajectory/rebuilt_repl.h"

#include "repl/checkpoint_thinning.h"
#include "trajectory/json_codec.h"

#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>
#include <ranges>

namespace burrow {

namespace {

/// A checkpoint takes a few milliseconds of a run, and saves cells that ran for longer than this.
constexpr std::chrono::milliseconds worthCheckpoint(50);
// So of the time of cells, checkpoints take one tenth at most: with a full scratch folder one may take long.
constexpr int cellsForCheckpoint = 10;

bool haveSameEffect(CellOutput again, const CellOutput& recorded)
{
    // Not of the cell's doing.
    again.limit = recorded.limit;
    again.restarted = recorded.restarted;
    again.lostNames = recorded.lostNames;
    return again == recorded;
}

/// The names in @p before that are not in @p now.
std::vector<QByteArray> namesGone(const std::vector<Variable>& before, const std::vector<Variable>& now)
{
    std::vector<QByteArray> gone;
    for (const Variable& variable : before) {
        if (std::ranges::find(now, variable.name, &Variable::name) == now.end())
            gone.push_back(variable.name);
    }
    return gone;
}

} // namespace

bool wasCutShort(CellStatus status)
{
    return status != CellStatus::Ok && status != CellStatus::Raised;
}

Result<std::optional<CellOutput>> outputOnRecord(Recorder& recorder, BlobId texts, BlobId json)
{
    RunFile& file = recorder.file();
    const Result<QByteArray> written = file.text(texts);
    if (!written)
        return std::unexpected(written.error());
    return file.text(json).transform([&](const QByteArray& rest) { return decodeOutput({*written, rest}); });
}

RebuiltRepl::RebuiltRepl(
    ReplFactory& factory, Recorder& recorder, HostCalls* calls, ReplSpec spec, std::optional<KeptRepl>* kept)
    : m_factory(factory)
    , m_recorder(recorder)
    , m_spec(std::move(spec))
    , m_kept(kept)
    , m_calls(*calls, recorder)
{
}

RebuiltRepl::~RebuiltRepl()
{
    if (!m_kept || !m_inner || m_boundaries.empty())
        return;
    m_door->handTo(nullptr);
    m_kept->emplace(
        m_spec, std::move(m_door), std::move(m_inner), std::move(m_boundaries), m_calls.takeAnswers());
}

Task<Result<void>> RebuiltRepl::start(StopToken stop)
{
    takeOver();
    if (m_inner)
        co_return Result<void>();
    co_return co_await startAnew(std::move(stop));
}

/// What another branch did after the checkpoint is of no use here.
void RebuiltRepl::takeOver()
{
    std::optional<KeptRepl> kept = m_kept ? std::exchange(*m_kept, std::nullopt) : std::nullopt;
    if (!kept || kept->spec != m_spec)
        return;
    const auto newest = std::ranges::find_if(kept->boundaries | std::views::reverse,
        [this](const ReplBoundary& boundary) { return isOnRecord(boundary); });
    if (newest == kept->boundaries.rend())
        return;
    m_ahead = newest->state.cells;
    m_isElsewhere = true;
    m_door = std::move(kept->calls);
    m_door->handTo(&m_calls);
    m_inner = std::move(kept->repl);
    for (ReplBoundary& boundary : kept->boundaries) {
        if (isOnRecord(boundary))
            m_boundaries.push_back(std::move(boundary));
        else
            m_inner->drop(boundary.id);
    }
    kept->answers.removeIf(
        [this](const std::pair<const NodePath&, std::vector<RecordedHostCalls::Answer>&>& of) {
            return std::ranges::find(m_ahead, of.first, &EndedCell::path) == m_ahead.end();
        });
    m_calls.setAnswers(std::move(kept->answers));
}

/// Whether all of it is part of this branch's past.
bool RebuiltRepl::isOnRecord(const ReplBoundary& boundary) const
{
    return std::ranges::all_of(boundary.state.cells, [this](const EndedCell& cell) {
        const Recording::Cell* const recorded = m_recorder.recording().cell(cell.node);
        return recorded && recorded->finished;
    });
}

bool RebuiltRepl::passesOver(const Cell& cell, const CellOutput& recorded)
{
    const size_t next = m_state.cells.size();
    if (next >= m_ahead.size() || m_ahead[next] != endedCell(cell)) {
        m_ahead.clear();
        return false;
    }
    m_state.cells.push_back(m_ahead[next]);
    m_state.variables = recorded.variables;
    m_recorder.passOver(cell.path);
    return true;
}

EndedCell RebuiltRepl::endedCell(const Cell& cell) const
{
    const NodeIndex node = m_recorder.tree().findPath(cell.path);
    return {node == noNode ? 0 : m_recorder.tree().node(node).id, cell.path, cell.number};
}

Task<Result<void>> RebuiltRepl::startProcess(StopToken stop)
{
    m_inner.reset();
    m_boundaries.clear();
    m_sinceCheckpoint = {};
    m_door = std::make_unique<HandedCalls>();
    m_door->handTo(&m_calls);
    Result<std::unique_ptr<Repl>> started = co_await m_factory.start(m_spec, m_door.get(), stop);
    if (!started)
        co_return std::unexpected(started.error());
    m_inner = std::move(*started);
    co_return Result<void>();
}

Task<Result<void>> RebuiltRepl::startAnew(StopToken stop)
{
    m_state = {};
    m_ahead.clear();
    m_isElsewhere = false;
    m_calls.forgetAll();
    co_return co_await startProcess(std::move(stop));
}

Task<Result<CellOutput>> RebuiltRepl::execute(Cell cell, StopToken stop)
{
    Result<Loss> loss;
    if (m_isElsewhere || !m_inner || !m_inner->isAlive()) // else it died between two cells
        loss = co_await bringBack(stop);
    if (!loss)
        co_return std::unexpected(loss.error());
    const EndedCell ran = endedCell(cell);
    QElapsedTimer took;
    took.start();
    Result<CellOutput> output = co_await m_inner->execute(std::move(cell), stop);
    if (!output)
        co_return output;
    if (m_inner->isAlive()) // else what was there before is what may be lost
        m_state.variables = output->variables;
    if (!wasCutShort(output->status)) {
        m_state.cells.push_back(ran);
        co_await checkpointWhereWorthWhile(std::chrono::milliseconds(took.elapsed()), stop);
    } else {
        m_calls.forget(ran.path);
        if (!m_inner->isAlive()) {
            loss = co_await bringBack(stop);
            if (!loss)
                co_return std::unexpected(loss.error());
            output->undone = !loss->all;
            output->variables = m_state.variables;
        }
    }
    output->restarted = loss->all;
    output->lostNames = std::move(loss->names);
    co_return output;
}

Task<Result<CheckpointId>> RebuiltRepl::checkpoint(StopToken stop)
{
    QElapsedTimer timer;
    timer.start();
    const Result<CheckpointId> taken = co_await m_inner->checkpoint(stop);
    m_checkpointTook = std::chrono::milliseconds(timer.elapsed());
    if (taken) {
        m_boundaries.push_back({*taken, m_state});
        m_sinceCheckpoint = {};
    }
    co_return Result<CheckpointId>(taken);
}

Task<Result<void>> RebuiltRepl::restore(CheckpointId id, StopToken stop)
{
    const Result<void> restored = co_await m_inner->restore(id, stop);
    const auto boundary = std::ranges::find(m_boundaries, id, &ReplBoundary::id);
    if (restored && boundary != m_boundaries.end())
        m_state = boundary->state;
    co_return Result<void>(restored);
}

void RebuiltRepl::drop(CheckpointId id)
{
    m_inner->drop(id);
    std::erase_if(m_boundaries, [id](const ReplBoundary& boundary) { return boundary.id == id; });
}

/// Where running the cells again would be felt. What cannot be had is done without.
Task<void> RebuiltRepl::checkpointWhereWorthWhile(std::chrono::milliseconds took, StopToken stop)
{
    m_sinceCheckpoint += took;
    if (m_sinceCheckpoint < std::max(worthCheckpoint, cellsForCheckpoint * m_checkpointTook)
        || !co_await checkpoint(stop))
        co_return;
    for (const CheckpointId id : checkpointsToDrop(co_await checkpoints(stop), m_spec.limits.memoryBytes / 2))
        drop(id);
}

Task<Result<RebuiltRepl::Loss>> RebuiltRepl::bringBack(StopToken stop)
{
    const ReplState before = std::exchange(m_state, {});
    const bool isRestored = co_await restoreNewest(before.cells, stop);
    // A dead process starts again by itself; one that was taken over may live, and holds what came later.
    if ((std::exchange(m_isElsewhere, false) && !isRestored) || !m_inner)
        if (const auto started = co_await startProcess(stop); !started)
            co_return std::unexpected(started.error());
    const auto restored = std::ptrdiff_t(m_state.cells.size());
    m_calls.beginServing();
    const bool ranAgain = co_await runAgain({before.cells.begin() + restored, before.cells.end()}, stop);
    const bool isBack = m_calls.endServing() && ranAgain;
    if (stop.stop_requested())
        co_return fail(ErrorCode::Cancelled, {});
    if (!isBack)
        if (const auto started = co_await startAnew(stop); !started)
            co_return std::unexpected(started.error());
    co_return Loss{!isBack, namesGone(before.variables, m_state.variables)};
}

/// Where there is a checkpoint on the way to @p cells. The older ones are tried where a newer one fails.
Task<bool> RebuiltRepl::restoreNewest(std::vector<EndedCell> cells, StopToken stop)
{
    const std::vector<ReplBoundary> boundaries = m_boundaries;
    for (auto boundary = boundaries.rbegin(); boundary != boundaries.rend(); ++boundary) {
        const std::vector<EndedCell>& until = boundary->state.cells;
        const bool isOnTheWay = std::ranges::mismatch(until, cells).in1 == until.end();
        if (isOnTheWay && co_await restore(boundary->id, stop))
            co_return true;
    }
    m_boundaries.clear();
    co_return false;
}

/// In no more time than one cell may take.
Task<bool> RebuiltRepl::runAgain(std::vector<EndedCell> cells, StopToken stop)
{
    std::stop_source either;
    // By a copy: what goes on then may end this coroutine.
    const auto stopEither = [&either] { std::stop_source(either).request_stop(); };
    const std::stop_callback stopped(stop, stopEither);
    QTimer tooLong;
    tooLong.setSingleShot(true);
    QObject::connect(&tooLong, &QTimer::timeout, &tooLong, stopEither);
    tooLong.start(m_spec.limits.cellTimeout);
    for (const EndedCell& cell : cells) {
        if (!co_await runAgain(cell, either.get_token()))
            co_return false;
    }
    co_return true;
}

Task<bool> RebuiltRepl::runAgain(EndedCell cell, StopToken stop)
{
    const RunTree& tree = m_recorder.tree();
    const NodeIndex index = tree.findPath(cell.path);
    if (index == noNode)
        co_return false;
    const RunTree::Node node = tree.node(index);
    Result<QByteArray> code = m_recorder.file().text(node.input);
    const auto recorded = outputOnRecord(m_recorder, node.output, node.extra);
    if (!code || !recorded || !*recorded)
        co_return false;
    const auto again = co_await m_inner->execute({cell.path, std::move(*code), cell.number}, stop);
    if (!again || !haveSameEffect(*again, **recorded))
        co_return false;
    m_state.variables = again->variables;
    m_state.cells.push_back(cell);
    co_return true;
}

} // namespace burrow
