#pragma once

#include "host/guest.h"
#include "host/python_finder.h"

namespace burrow {

/// Starts each REPL as a Python process in a sandbox of its own.
class SandboxedReplFactory final : public ReplFactory {
public:
    explicit SandboxedReplFactory(SandboxOptions options);

    Task<Result<std::unique_ptr<Repl>>> start(ReplSpec spec, HostCalls* calls, StopToken stop) override;

    /// Starts a guest without documents, whatever its level, and says what it reached: for `doctor`, and
    /// before a run to say what it will get. Errors: SandboxUnavailable, PythonMissing, GuestFailed.
    Task<Result<SandboxReport>> probe();

    /// Starts the REPL that start() will next be asked for with the same @p spec, and says what it reached:
    /// a run knows what it will get before it begins. Errors: as start().
    Task<Result<SandboxReport>> prepare(ReplSpec spec, StopToken stop);

    /// The Python that runs cells; after a guest has started, its Python. Errors: PythonMissing.
    Task<Result<PythonInstall>> python();

    /// Lets the cells that run now stand still where @p which says so of their paths: their processes are
    /// stopped, and no time of theirs passes until letCellsGo().
    void stopCells(const CellFilter& which);
    void letCellsGo(const CellFilter& which);

    /// What the last guest reached; nothing before the first.
    const std::optional<SandboxReport>& report() const { return m_report; }

private:
    struct Prepared {
        GuestPlan plan;
        std::unique_ptr<Guest> guest;
    };

    Task<Result<Prepared>> startGuest(ReplSpec spec, StopToken stop);
    Task<Result<Prepared>> startWithPython(SandboxOptions options, ReplSpec spec, StopToken stop);

    SandboxOptions m_options;
    std::shared_ptr<UsageWatch> m_watch;
    Semaphore m_search{1};
    std::optional<PythonInstall> m_python;
    std::vector<RefusedPython> m_refused;
    std::optional<SandboxReport> m_report;
    std::optional<Prepared> m_prepared;
};

} // namespace burrow
