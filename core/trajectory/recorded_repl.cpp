#include "trajectory/recorded_repl.h"

#include "trajectory/json_codec.h"

namespace burrow {

namespace {

/// Records how each host call of a cell was answered, in the order of the answers.
class RecordedHostCalls final : public HostCalls {
public:
    RecordedHostCalls(HostCalls& inner, Recorder& recorder) : m_inner(inner), m_recorder(recorder) { }

    Task<QueryOutcome> query(NodePath cell, QueryBatch batch, StopToken stop) override
    {
        if (cell != m_cell) {
            m_cell = cell;
            m_issued = 0;
        }
        const int ordinal = ++m_issued;
        const std::optional<BlobId> recorded = recordedCall(cell, ordinal);
        if (std::optional<QueryRefusal> refusal = recordedRefusal(cell, recorded))
            co_return std::unexpected(std::move(*refusal));
        const auto begun = m_recorder.now();
        QueryOutcome outcome = co_await m_inner.query(cell, batch, stop);
        // A failed recording shows at the next model call or at the end of the cell, at the latest.
        if (!recorded || outcome.has_value() != (*recorded == BlobId::None))
            (void)m_recorder.hostCall(cell, ordinal, batch, outcome, m_recorder.now() - begun);
        co_return outcome;
    }
    bool wereStopped() const override { return m_inner.wereStopped(); }

private:
    std::optional<BlobId> recordedCall(const NodePath& cell, int ordinal) const
    {
        const NodeIndex index = m_recorder.tree().findPath(cell);
        if (index == noNode)
            return std::nullopt;
        return m_recorder.recording().hostCall(m_recorder.tree().node(index).id, ordinal);
    }

    /// Set where the refusal is part of what a model has read since.
    std::optional<QueryRefusal> recordedRefusal(const NodePath& cell, std::optional<BlobId> recorded)
    {
        const RunTree& tree = m_recorder.tree();
        if (!recorded || *recorded == BlobId::None
            || !(m_recorder.verifies() || Recording::wentPast(tree, tree.findPath(cell))))
            return std::nullopt;
        const Result<QByteArray> json = m_recorder.file().text(*recorded);
        return json ? decodeRefusal(*json) : std::nullopt;
    }

    HostCalls& m_inner;
    Recorder& m_recorder;
    NodePath m_cell;
    int m_issued = 0;
};

/// Whether the REPL could not be brought to the same state by running the cell again.
bool wasCutShort(CellStatus status)
{
    return status != CellStatus::Ok && status != CellStatus::Raised;
}

class RecordedRepl final : public Repl {
public:
    RecordedRepl(ReplFactory& factory, Recorder& recorder, HostCalls* calls, ReplSpec spec)
        : m_factory(factory), m_recorder(recorder), m_spec(std::move(spec)), m_calls(*calls, recorder)
    {
    }

    Task<Result<void>> start(StopToken stop)
    {
        m_inner.reset();
        Result<std::unique_ptr<Repl>> started = co_await m_factory.start(m_spec, &m_calls, stop);
        if (!started)
            co_return std::unexpected(started.error());
        m_inner = std::move(*started);
        co_return Result<void>();
    }

    Task<Result<CellOutput>> execute(Cell cell, StopToken stop) override
    {
        Result<std::optional<CellOutput>> recorded = recordedOutput(cell);
        if (!recorded)
            co_return std::unexpected(recorded.error());
        if (*recorded && wasCutShort((*recorded)->status))
            co_return co_await serve(**recorded, stop);

        if (!*recorded)
            if (const auto started = m_recorder.cellStarted(cell); !started)
                co_return std::unexpected(started.error());
        const auto begun = m_recorder.now();
        const NodePath path = cell.path;
        Result<CellOutput> output = co_await m_inner->execute(std::move(cell), stop);
        const bool isWhole = output && !m_calls.wereStopped();
        if (isWhole && *recorded && *output != **recorded)
            co_return diverged(path, std::move(**recorded), std::move(*output), m_recorder.now() - begun);
        Result<void> kept;
        if (!isWhole)
            kept = m_recorder.cellCancelled(path);
        else if (!*recorded)
            kept = m_recorder.cellFinished(path, *output, m_recorder.now() - begun);
        if (!kept)
            co_return std::unexpected(kept.error());
        co_return output;
    }

    Task<Result<CheckpointId>> checkpoint(StopToken stop) override { return m_inner->checkpoint(stop); }
    Task<Result<void>> restore(CheckpointId id, StopToken stop) override { return m_inner->restore(id, stop); }
    void drop(CheckpointId id) override { m_inner->drop(id); }
    std::vector<Checkpoint> checkpoints() const override { return m_inner->checkpoints(); }

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
        const Result<QByteArray> texts = file.text(recorded->texts);
        if (!texts)
            return std::unexpected(texts.error());
        return file.text(recorded->json).transform([&](const QByteArray& json) {
            return decodeOutput({*texts, json});
        });
    }

    Task<Result<CellOutput>> serve(CellOutput output, StopToken stop)
    {
        if (output.restarted)
            if (const auto restarted = co_await start(stop); !restarted)
                co_return std::unexpected(restarted.error());
        co_return output;
    }

    /// The cell ran again and gave another output. Where the model has read the first one since, that one
    /// stands: else every later request would be another, and be paid for again.
    Result<CellOutput> diverged(
        NodePath path, CellOutput recorded, CellOutput output, std::chrono::microseconds took)
    {
        const RunTree& tree = m_recorder.tree();
        const bool wasRead = m_recorder.verifies() || Recording::wentPast(tree, tree.findPath(path));
        const Result<void> kept = wasRead ? Result<void>() : m_recorder.cellFinished(path, output, took);
        return kept.and_then([&] { return m_recorder.cellDiverged(path, recorded, output); }).transform([&] {
            return wasRead ? std::move(recorded) : std::move(output);
        });
    }

    ReplFactory& m_factory;
    Recorder& m_recorder;
    ReplSpec m_spec;
    RecordedHostCalls m_calls;
    std::unique_ptr<Repl> m_inner;
};

} // namespace

RecordedReplFactory::RecordedReplFactory(ReplFactory& inner, Recorder& recorder)
    : m_inner(inner), m_recorder(recorder)
{
}

Task<Result<std::unique_ptr<Repl>>> RecordedReplFactory::start(
    ReplSpec spec, HostCalls* calls, StopToken stop)
{
    auto repl = std::make_unique<RecordedRepl>(m_inner, m_recorder, calls, std::move(spec));
    if (const auto started = co_await repl->start(stop); !started)
        co_return std::unexpected(started.error());
    co_return std::unique_ptr<Repl>(std::move(repl));
}

} // namespace burrow
