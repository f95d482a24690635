#include "host/guest.h"

#include "base/json.h"
#include "base/thread_pool.h"
#include "host/process_usage.h"
#include "host/usage_watch.h"

#include <QPointer>

namespace burrow {

namespace {

// Longer than a model without latency takes for a turn.
constexpr std::chrono::milliseconds beforeRest(20);

GuestDeath deathFrom(const ProcessEnd& end)
{
    switch (end.kind) {
    case ProcessEnd::Kind::Exited:
        return {CellStatus::Crashed,
            "The Python process exited with status " + QByteArray::number(end.status) + '.'};
    case ProcessEnd::Kind::Crashed:
        return {CellStatus::Crashed, "The Python process was ended by " + end.signal + '.'};
    case ProcessEnd::Kind::Violated:
        return {CellStatus::Violation, "The Python process was ended by its sandbox."};
    case ProcessEnd::Kind::Killed:
    case ProcessEnd::Kind::Lost:
        break;
    }
    return {CellStatus::Killed, "The Python process was killed from outside."};
}

/// The last line of a traceback or of the dynamic linker's complaint says what is wrong.
QString lastLine(const QByteArray& text)
{
    const QByteArray trimmed = text.trimmed();
    return QString::fromUtf8(trimmed.sliced(trimmed.lastIndexOf('\n') + 1));
}

std::vector<QByteArray> resultFrame(quint64 query, const std::vector<QueryResult>& results)
{
    nlohmann::json ok = nlohmann::json::array();
    std::vector<QByteArray> texts;
    texts.reserve(results.size() + 1); // the frame's front joins them
    for (const QueryResult& result : results) {
        ok.push_back(result.ok);
        texts.push_back(result.text);
    }
    return encodeFrame({{"op", "result"}, {"id", query}, {"ok", std::move(ok)}}, std::move(texts));
}

} // namespace

Task<Result<std::unique_ptr<Guest>>> Guest::start(GuestPlan plan, StopToken stop)
{
    Result<DocumentFiles> documents;
    if (!plan.spec.context.value)
        documents = DocumentFiles::open(plan.spec.context.spans);
    if (!documents)
        co_return std::unexpected(documents.error());
    auto process = GuestProcess::start(
        plan.options.launcher, launcherArguments(plan, *documents), documents->descriptors());
    if (!process)
        co_return std::unexpected(process.error());
    std::unique_ptr<Guest> guest(new Guest(std::move(*process), plan));
    guest->m_channel->send(startFrame(plan.spec, *documents));
    const qint64 documentBytes = documents->bytes();
    documents = {}; // the process has its own; ours need not stay open while it starts
    const Result<void> ready = co_await guest->awaitReady(plan.options.startTimeout, stop);
    if (!ready)
        co_return std::unexpected(ready.error());
    if (!guest->m_ready.zeroCopy)
        guest->m_copiedDocuments = documentBytes;
    if (guest->m_watch)
        guest->m_watch->add(guest.get());
    co_return guest;
}

Guest::Guest(std::unique_ptr<GuestProcess> process, const GuestPlan& plan)
    : m_process(std::move(process))
    , m_channel(std::make_unique<Channel>(m_process->takeReadEnd(), m_process->takeWriteEnd(), partsLimit))
    , m_checkpoints(m_process.get(), m_channel.get())
    , m_minimum(plan.options.minimumLevel)
    , m_launcher(plan.options.launcher)
    , m_limits(plan.spec.limits)
    , m_watch(plan.watch)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(beforeRest);
    connect(&m_rest, &QTimer::timeout, this, &Guest::stop);
    connect(m_channel.get(), &Channel::arrived, this, &Guest::takeFrame);
    connect(m_channel.get(), &Channel::broken, this,
        [this](const Error& error) { end({CellStatus::Crashed, error.message.toUtf8()}); });
    connect(m_process.get(), &GuestProcess::reported, this, &Guest::takeReport);
    connect(m_process.get(), &GuestProcess::ended, this, &Guest::takeEnd);
    connect(m_process.get(), &GuestProcess::failed, this, [this](const QString& reason) {
        failStart(ErrorCode::SandboxUnavailable, tr("The sandbox could not be set up: %1.").arg(reason));
    });
    connect(m_process.get(), &GuestProcess::unfit, this,
        [this](const QString& reason) { failStart(ErrorCode::PythonMissing, reason); });
}

Guest::~Guest()
{
    if (m_watch)
        m_watch->remove(this);
}

Task<Result<void>> Guest::awaitReady(std::chrono::milliseconds timeout, StopToken stop)
{
    QTimer timer;
    timer.setSingleShot(true);
    connect(&timer, &QTimer::timeout, this, [this, timeout] {
        failStart(ErrorCode::GuestFailed,
            tr("The Python process was not ready within %1 s. Raise the limit or look at the machine's load.")
                .arg(std::chrono::duration<double>(timeout).count()));
    });
    timer.start(timeout);
    const std::stop_callback onStop(stop,
        [this] { failStart(ErrorCode::Cancelled, tr("Stopped while the Python process was starting.")); });
    co_return co_await m_started;
}

void Guest::run(quint64 id, const Cell& cell)
{
    const quint64 number = cell.number > 0 ? quint64(cell.number) : id;
    m_channel->send(encodeFrame({{"op", "cell"}, {"id", id}, {"path", cell.path.text().toStdString()},
                                    {"file", "<cell " + std::to_string(number) + ">"}},
        {cell.code}));
}

void Guest::answer(quint64 query, const QueryOutcome& outcome)
{
    if (!outcome)
        refuse(query, outcome.error());
    else if (!m_isDead)
        m_channel->send(resultFrame(query, *outcome));
}

void Guest::refuse(quint64 query, const QueryRefusal& refusal)
{
    if (m_isDead)
        return;
    m_channel->send(
        encodeFrame({{"op", "refused"}, {"id", query}, {"exception", refusal.exception.toStdString()}},
            {refusal.message}));
}

void Guest::end(const GuestDeath& death)
{
    if (m_isDead)
        return;
    m_isDead = true;
    const QPointer<Guest> self(this);
    if (m_watch)
        m_watch->remove(this);
    if (m_checkpoints.isEmpty())
        m_process->kill();
    else
        m_process->endGuest();
    // Before anybody hears of it, who may begin to restore one. Each of these may delete this.
    m_checkpoints.giveUp(QString::fromUtf8(death.how));
    if (!self)
        return;
    if (!m_started.isResolved())
        failStart(ErrorCode::GuestFailed,
            tr("The Python process did not start: %1").arg(QString::fromUtf8(death.how)));
    else if (m_listener)
        m_listener->guestDied(death);
}

void Guest::takeReport(const LauncherReport& report)
{
    m_report = report.sandbox;
    addRemedy(m_report, m_launcher);
    m_isReported = true;
    // The launcher refuses by itself; that nothing runs below the minimum does not rest on that alone.
    if (report.refused || m_report.level < m_minimum)
        m_started.resolve(std::unexpected(tooWeak(m_report)));
    else
        startWhenKnown();
}

/// The launcher's report and the guest's own word come by different pipes, in any order. Without the first,
/// nobody knows what the guest is contained by.
void Guest::startWhenKnown()
{
    if (m_isReported && m_isReady)
        m_started.resolve({});
}

void Guest::takeFrame(const Frame& frame)
{
    Result<GuestMessage> message = parseMessage(frame);
    if (message && std::holds_alternative<RestoredMessage>(*message)) {
        if (!m_checkpoints.receive(std::get<RestoredMessage>(*message)))
            crash("a frame is out of order");
        return;
    }
    if (m_isDead)
        return;
    if (!message) {
        end({CellStatus::Crashed, message.error().message.toUtf8()});
        return;
    }
    if (std::holds_alternative<UnknownMessage>(*message) && !m_isReady)
        return;
    auto* const ready = std::get_if<ReadyMessage>(&*message);
    const auto* const kept = std::get_if<KeptMessage>(&*message);
    if ((ready != nullptr) == m_isReady) {
        crash("a frame is out of order");
    } else if (kept) {
        // Who waited for the copy goes on inside, and may delete this.
        if (!m_checkpoints.receive(*kept))
            crash("a frame is out of order");
    } else if (ready) {
        m_isReady = true;
        m_ready = std::move(*ready);
        startWhenKnown();
    } else if (m_listener) {
        m_listener->guestSaid(std::move(*message));
    }
}

void Guest::crash(const char* what)
{
    end({CellStatus::Crashed, QByteArray("The Python process broke the protocol: ") + what + '.'});
}

void Guest::stop()
{
    m_rest.stop();
    m_standsStill = true;
    m_process->stop();
}

void Guest::go()
{
    m_rest.stop();
    if (std::exchange(m_standsStill, false) && !m_isHeld)
        m_process->go();
}

void Guest::interrupt()
{
    release(); // else it would not notice
    m_process->interrupt();
}

void Guest::hold()
{
    if (std::exchange(m_isHeld, true) || m_standsStill)
        return;
    m_process->stop();
}

void Guest::release()
{
    if (std::exchange(m_isHeld, false) && !m_standsStill)
        m_process->go();
}

Task<Result<void>> Guest::checkpoint(CheckpointId id, StopToken stop)
{
    if (m_report.level != SandboxLevel::Full)
        co_return fail(ErrorCode::CheckpointUnavailable,
            tr("There is no checkpoint: at level %1 of the sandbox, no process may be copied. "
               "Run the cells again instead.")
                .arg(QString::fromUtf8(nameOf(m_report.level))));
    go();
    Result<void> taken = co_await m_checkpoints.take(id, stop);
    rest();
    if (!taken && taken.error().code == ErrorCode::GuestFailed)
        end({CellStatus::Crashed, taken.error().message.toUtf8()});
    co_return taken;
}

Task<Result<void>> Guest::restore(CheckpointId id, StopToken stop)
{
    m_isDead = true; // nothing that still comes of it counts
    m_rest.stop(); // else it would lay to rest what takes its place
    if (m_watch)
        m_watch->remove(this);
    Result<void> restored = co_await m_checkpoints.restore(id, stop);
    m_isDead = !restored;
    m_standsStill = m_isHeld = false;
    rest();
    if (m_isDead)
        m_process->kill();
    else if (m_watch)
        m_watch->add(this);
    co_return restored;
}

void Guest::takeEnd(const ProcessEnd& processEnd)
{
    if (!m_isReported) {
        const QString reason = lastLine(m_process->bareErrors());
        m_isDead = true;
        failStart(ErrorCode::SandboxUnavailable,
            tr("The sandbox could not be set up: %1. Install Burrow again.")
                .arg(reason.isEmpty() ? tr("its launcher ended without a word") : reason));
        return; // whoever waited may have deleted this
    }
    // Its end may be heard of before the last that it said.
    const QPointer<Guest> self(this);
    m_channel->readRest();
    if (!self || m_isDead)
        return;
    GuestDeath death = deathFrom(processEnd);
    if (!m_isReady && !m_process->bareErrors().isEmpty())
        death.how = lastLine(m_process->bareErrors()).toUtf8();
    end(death);
}

void Guest::endBeyond(CellLimit limit)
{
    const bool memory = limit == CellLimit::Memory || limit == CellLimit::RunMemory;
    const bool time = limit == CellLimit::WallTime || limit == CellLimit::CpuTime;
    end({memory    ? CellStatus::OutOfMemory
            : time ? CellStatus::TimedOut
                   : CellStatus::Killed,
        "The Python process was ended.", limit});
}

void Guest::stopCpuClock()
{
    m_countsCpu = false;
    m_cpuBefore.reset();
}

Task<bool> Guest::isIdle() const
{
    if (m_isHeld)
        co_return false;
    co_return co_await runInPool(
        [pid = m_process->pid()](const StopToken&) { return burrow::isIdle(pid); }, {}, startLook);
}

bool Guest::staysWithin(const ProcessUsage& usage)
{
    if (usage.threads > m_limits.threads) {
        endBeyond(CellLimit::Threads);
        return false;
    }
    if (!m_countsCpu || !m_listener)
        return true;
    m_cpuBefore = m_cpuBefore.value_or(usage.cpu);
    if (usage.cpu - *m_cpuBefore <= m_limits.cellCpu)
        return true;
    stopCpuClock();
    m_listener->cpuUsedUp();
    return false;
}

/// Only the first failure counts: what follows is its consequence.
void Guest::failStart(ErrorCode code, const QString& message)
{
    m_started.resolve(fail(code, message));
}

} // namespace burrow
