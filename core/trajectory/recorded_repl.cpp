#include "trajectory/recorded_repl.h"

#include "trajectory/rebuilt_repl.h"

namespace burrow {

namespace {

class RecordedRepl final : public Repl {
public:
    RecordedRepl(ReplFactory& factory, Recorder& recorder, HostCalls* calls, ReplSpec spec,
        const RecordedReplFactory::LimitNotice& onLimit, std::optional<KeptRepl>* kept)
        : m_recorder(recorder), m_inner(factory, recorder, calls, std::move(spec), kept), m_onLimit(onLimit)
    {
    }

    Task<Result<void>> start(StopToken stop) { return m_inner.start(std::move(stop)); }

    Task<Result<CellOutput>> execute(Cell cell, StopToken stop) override
    {
        cell.number = ++m_cells;
        Result<std::optional<CellOutput>> recorded = recordedOutput(cell);
        if (!recorded)
            co_return std::unexpected(recorded.error());
        // A loss is part of the past, too.
        if (*recorded && (*recorded)->restarted)
            if (const auto restarted = co_await m_inner.startAnew(stop); !restarted)
                co_return std::unexpected(restarted.error());
        if (*recorded && (wasCutShort((*recorded)->status) || m_inner.passesOver(cell, **recorded)))
            co_return std::move(**recorded);
        if (*recorded)
            co_return co_await executeAgain(std::move(cell), std::move(**recorded), stop);
        co_return co_await executeFirst(std::move(cell), stop);
    }

    Task<Result<CheckpointId>> checkpoint(StopToken stop) override { return m_inner.checkpoint(stop); }
    Task<Result<void>> restore(CheckpointId id, StopToken stop) override { return m_inner.restore(id, stop); }
    void drop(CheckpointId id) override { m_inner.drop(id); }
    QByteArray draftOfStopped() const override { return m_inner.draftOfStopped(); }
    Task<std::vector<Checkpoint>> checkpoints(StopToken stop) const override
    {
        return m_inner.checkpoints(stop);
    }

private:
    /// What the cell gave in an earlier session, if the very same code ran to an end then.
    Result<std::optional<CellOutput>> recordedOutput(const Cell& cell)
    {
        const NodeIndex index = m_recorder.tree().findPath(cell.path);
        const Recording::Cell* const recorded
            = index == noNode ? nullptr : m_recorder.recording().cell(m_recorder.tree().node(index).id);
        if (!recorded || !recorded->finished)
            return std::nullopt;
        RunFile& file = m_recorder.file();
        const Result<BlobId> code = file.find(file.hashOf(cell.code));
        if (!code)
            return std::unexpected(code.error());
        if (*code != recorded->code)
            return std::nullopt;
        return outputOnRecord(m_recorder, recorded->texts, recorded->json);
    }

    Task<Result<CellOutput>> executeFirst(Cell cell, StopToken stop)
    {
        if (const auto started = m_recorder.cellStarted(cell); !started)
            co_return std::unexpected(started.error());
        const auto begun = m_recorder.now();
        const NodePath path = cell.path;
        Result<CellOutput> output = co_await m_inner.execute(std::move(cell), stop);
        const bool isWhole = output && !m_inner.callsWereStopped();
        const Result<void> kept = isWhole ? m_recorder.cellFinished(path, *output, m_recorder.now() - begun)
                                          : m_recorder.cellCancelled(path);
        if (!kept)
            co_return std::unexpected(kept.error());
        if (isWhole && output->limit)
            if (const auto told = tell(path, *output->limit); !told)
                co_return std::unexpected(told.error());
        co_return output;
    }

    Task<Result<CellOutput>> executeAgain(Cell cell, CellOutput recorded, StopToken stop)
    {
        const auto begun = m_recorder.now();
        const NodePath path = cell.path;
        Result<CellOutput> output = co_await m_inner.execute(std::move(cell), stop);
        if (!output || m_inner.callsWereStopped()) {
            if (const auto kept = m_recorder.cellCancelled(path); !kept)
                co_return std::unexpected(kept.error());
            co_return output;
        }
        if (output->lostNames.empty()) {
            output->restarted = recorded.restarted;
            output->lostNames = recorded.lostNames;
        }
        if (*output != recorded)
            co_return diverged(path, std::move(recorded), std::move(*output), m_recorder.now() - begun);
        co_return output;
    }

    /// The cell ran again and gave another output. Where the model has read the first one since, that one
    /// stands: else every later request would be another, and be paid for again.
    Result<CellOutput> diverged(
        NodePath path, CellOutput recorded, CellOutput output, std::chrono::microseconds took)
    {
        m_inner.keepNothing();
        const RunTree& tree = m_recorder.tree();
        const bool wasRead = m_recorder.verifies() || Recording::wentPast(tree, tree.findPath(path));
        const Result<void> kept = wasRead ? Result<void>() : m_recorder.cellFinished(path, output, took);
        return kept.and_then([&] { return m_recorder.cellDiverged(path, recorded, output); }).transform([&] {
            return wasRead ? std::move(recorded) : std::move(output);
        });
    }

    Result<void> tell(const NodePath& path, const LimitHit& limit)
    {
        const QByteArray text = describeForPerson(limit);
        if (m_onLimit)
            m_onLimit(path, text);
        return m_recorder.limitReached(path, text);
    }

    Recorder& m_recorder;
    RebuiltRepl m_inner;
    const RecordedReplFactory::LimitNotice& m_onLimit;
    int m_cells = 0;
};

} // namespace

RecordedReplFactory::RecordedReplFactory(
    ReplFactory& inner, Recorder& recorder, LimitNotice onLimit, std::optional<KeptRepl>* kept)
    : m_inner(inner), m_recorder(recorder), m_onLimit(std::move(onLimit)), m_kept(kept)
{
}

Task<Result<std::unique_ptr<Repl>>> RecordedReplFactory::start(
    ReplSpec spec, HostCalls* calls, StopToken stop)
{
    // A child's cells run within one of its parent, which runs again whole.
    std::optional<KeptRepl>* const kept = spec.path.parent().isEmpty() ? m_kept : nullptr;
    auto repl = std::make_unique<RecordedRepl>(m_inner, m_recorder, calls, std::move(spec), m_onLimit, kept);
    if (const auto started = co_await repl->start(stop); !started)
        co_return std::unexpected(started.error());
    co_return std::unique_ptr<Repl>(std::move(repl));
}

} // namespace burrow
