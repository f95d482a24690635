#include "engine/watched_repls.h"

namespace burrow {

namespace {

class WatchedRepl final : public Repl {
public:
    WatchedRepl(std::unique_ptr<Repl> inner, WatchedRepls::Check check)
        : m_inner(std::move(inner)), m_check(std::move(check))
    {
    }

    Task<Result<CellOutput>> execute(Cell cell, StopToken stop) override
    {
        if (auto unchanged = co_await m_check(stop); !unchanged)
            co_return std::unexpected(std::move(unchanged.error()));
        auto output = co_await m_inner->execute(std::move(cell), stop);
        // Also where the cell failed: reading past the end of a file that shrank kills the guest.
        if (auto unchanged = co_await m_check(stop); !unchanged)
            co_return std::unexpected(std::move(unchanged.error()));
        co_return output;
    }

    Task<Result<CheckpointId>> checkpoint(StopToken stop) override { return m_inner->checkpoint(stop); }
    Task<Result<void>> restore(CheckpointId id, StopToken stop) override
    {
        return m_inner->restore(id, stop);
    }
    void drop(CheckpointId id) override { m_inner->drop(id); }
    QByteArray draftOfStopped() const override { return m_inner->draftOfStopped(); }
    Task<std::vector<Checkpoint>> checkpoints(StopToken stop) const override
    {
        return m_inner->checkpoints(stop);
    }

private:
    std::unique_ptr<Repl> m_inner;
    WatchedRepls::Check m_check;
};

} // namespace

WatchedRepls::WatchedRepls(ReplFactory& inner, Watch watch) : m_inner(inner), m_watch(std::move(watch)) { }

Task<Result<std::unique_ptr<Repl>>> WatchedRepls::start(ReplSpec spec, HostCalls* calls, StopToken stop)
{
    Check check = m_watch(spec.context);
    if (auto unchanged = co_await check(stop); !unchanged)
        co_return std::unexpected(std::move(unchanged.error()));
    auto started = co_await m_inner.start(std::move(spec), calls, stop);
    if (!started) {
        // A file that shrank in the meantime keeps the guest from starting.
        const auto unchanged = co_await check(stop);
        co_return std::unexpected(unchanged ? std::move(started.error()) : unchanged.error());
    }
    co_return std::make_unique<WatchedRepl>(std::move(*started), std::move(check));
}

} // namespace burrow
