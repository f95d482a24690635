#include "host/sandboxed_repl_factory.h"

#include "host/guest_repl.h"
#include "host/usage_watch.h"

#include <QCoreApplication>

namespace burrow {

namespace {

Error weakerThanBegun(const SandboxReport& first, const Error& now)
{
    return {now.code,
        QCoreApplication::translate("Sandbox",
            "This run began at level %1, and a further Python process would reach less. Resume the run to go "
            "on at "
            "that level. (%2)")
            .arg(QString::fromUtf8(nameOf(first.level)), now.message)};
}

} // namespace

SandboxedReplFactory::SandboxedReplFactory(SandboxOptions options)
    : m_options(std::move(options)), m_watch(std::make_shared<UsageWatch>())
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
    auto started = co_await startWithPython(m_options, std::move(spec), stop);
    if (!started && started.error().code == ErrorCode::SandboxTooWeak && m_report)
        co_return std::unexpected(weakerThanBegun(*m_report, started.error()));
    if (!started)
        co_return std::unexpected(started.error());
    m_report = started->guest->report();
    // What was said of the first guest holds for all: a later one that reaches less does not start.
    m_options.minimumLevel = std::max(m_options.minimumLevel, m_report->level);
    started->plan.options.minimumLevel = m_options.minimumLevel;
    co_return std::move(*started);
}

/// What a Python needs of the machine shows when it starts. A run that has begun with one keeps it.
Task<Result<SandboxedReplFactory::Prepared>> SandboxedReplFactory::startWithPython(
    SandboxOptions options, ReplSpec spec, StopToken stop)
{
    for (;;) {
        const Result<PythonInstall> install = co_await python();
        if (!install)
            co_return std::unexpected(install.error());
        GuestPlan plan{options, *install, spec, m_watch};
        auto guest = co_await Guest::start(plan, stop);
        if (guest)
            co_return Prepared{std::move(plan), std::move(*guest)};
        if (guest.error().code != ErrorCode::PythonMissing || m_report)
            co_return std::unexpected(guest.error());
        m_refused.push_back({install->executable, guest.error().message});
        m_python.reset();
    }
}

void SandboxedReplFactory::stopCells(const CellFilter& which)
{
    for (const Guest* const guest : m_watch->guests())
        if (guest->listener())
            guest->listener()->stopCell(which);
}

void SandboxedReplFactory::letCellsGo(const CellFilter& which)
{
    for (const Guest* const guest : m_watch->guests())
        if (guest->listener())
            guest->listener()->letCellGo(which);
}

Task<Result<SandboxReport>> SandboxedReplFactory::probe()
{
    SandboxOptions options = m_options;
    options.minimumLevel = SandboxLevel::None; // no cell runs in it
    ReplSpec spec;
    spec.path = NodePath::root();
    spec.context.value = ContextValue{ContextValue::Kind::Text, 0, {}};
    const auto started = co_await startWithPython(std::move(options), std::move(spec), {});
    if (!started)
        co_return std::unexpected(started.error());
    SandboxReport report = started->guest->report();
    const PythonInstall& install = started->plan.python;
    report.details << QStringLiteral("Python %1, %2").arg(install.version, install.executable);
    for (const RefusedPython& refused : m_refused)
        report.details << QCoreApplication::translate("Sandbox", "%1 cannot run cells: %2")
                              .arg(refused.executable, refused.reason);
    co_return report;
}

/// Several REPLs may be started at once; the interpreter is looked for once.
Task<Result<PythonInstall>> SandboxedReplFactory::python()
{
    const Semaphore::Slot slot = co_await m_search.acquire({});
    if (!m_python) {
        Result<PythonInstall> install = co_await findPython(m_options, m_refused);
        if (!install)
            co_return install;
        m_python = std::move(*install);
    }
    // By value: QCoro would move from the member.
    co_return Result<PythonInstall>(*m_python);
}

} // namespace burrow
