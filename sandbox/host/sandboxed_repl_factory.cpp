#include "host/sandboxed_repl_factory.h"

#include "host/guest_repl.h"
#include "host/python_finder.h"

namespace burrow {

SandboxedReplFactory::SandboxedReplFactory(SandboxOptions options) : m_options(std::move(options))
{
    raiseFileLimit();
}

Task<Result<std::unique_ptr<Repl>>> SandboxedReplFactory::start(
    ReplSpec spec, HostCalls* calls, StopToken stop)
{
    if (!m_prepared || m_prepared->plan.spec != spec || m_prepared->guest->isDead()) {
        auto started = co_await startGuest(std::move(spec), stop);
        if (!started)
            co_return std::unexpected(started.error());
        co_return std::make_unique<GuestRepl>(std::move(started->plan), calls, std::move(started->guest));
    }
    Prepared prepared = *std::exchange(m_prepared, std::nullopt);
    co_return std::make_unique<GuestRepl>(std::move(prepared.plan), calls, std::move(prepared.guest));
}

Task<Result<SandboxReport>> SandboxedReplFactory::prepare(ReplSpec spec, StopToken stop)
{
    auto started = co_await startGuest(std::move(spec), stop);
    if (!started)
        co_return std::unexpected(started.error());
    m_prepared = std::move(*started);
    co_return Result<SandboxReport>(*m_report);
}

Task<Result<SandboxedReplFactory::Prepared>> SandboxedReplFactory::startGuest(ReplSpec spec, StopToken stop)
{
    const Result<PythonInstall> install = co_await python();
    if (!install)
        co_return std::unexpected(install.error());
    GuestPlan plan{m_options, *install, std::move(spec)};
    auto guest = co_await Guest::start(plan, stop);
    if (!guest)
        co_return std::unexpected(guest.error());
    m_report = (*guest)->report();
    co_return Prepared{std::move(plan), std::move(*guest)};
}

Task<Result<SandboxReport>> SandboxedReplFactory::probe()
{
    const Result<PythonInstall> install = co_await python();
    if (!install)
        co_return std::unexpected(install.error());
    GuestPlan plan{m_options, *install, {}};
    plan.options.minimumLevel = SandboxLevel::None; // no cell runs in it
    plan.spec.path = NodePath::root();
    plan.spec.context.value = ContextValue{ContextValue::Kind::Text, 0, {}};
    const auto guest = co_await Guest::start(plan, {});
    if (!guest)
        co_return std::unexpected(guest.error());
    SandboxReport report = (*guest)->report();
    report.details << QStringLiteral("Python %1, %2").arg(install->version, install->executable);
    co_return report;
}

/// Several REPLs may be started at once; the interpreter is looked for once.
Task<Result<PythonInstall>> SandboxedReplFactory::python()
{
    const Semaphore::Slot slot = co_await m_search.acquire({});
    if (!m_python) {
        Result<PythonInstall> install = co_await findPython(m_options.python, m_options.cacheFolder);
        if (!install)
            co_return install;
        m_python = std::move(*install);
    }
    // By value: QCoro would move from the member.
    co_return Result<PythonInstall>(*m_python);
}

} // namespace burrow
