#include "trial.h"

#include "processes.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QThread>

namespace burrow::escapes {

namespace {

using namespace std::chrono_literals;

// Small, so that an attempt to pass them is quick.
constexpr qint64 memoryLimit = qint64(256) << 20;
constexpr qint64 scratchLimit = qint64(16) << 20;

// What an attempt may take before it counts as an escape: the limits, and what it takes to enforce them.
constexpr qint64 mostMemory = memoryLimit + (qint64(128) << 20);
constexpr qsizetype mostTasks = 520;
constexpr qint64 mostHostMemory = qint64(64) << 20;

const char* nameOf(CellStatus status)
{
    switch (status) {
    case CellStatus::Ok:
        return "ok";
    case CellStatus::Raised:
        return "raised";
    case CellStatus::Interrupted:
        return "interrupted";
    case CellStatus::TimedOut:
        return "timed out";
    case CellStatus::Killed:
        return "killed";
    case CellStatus::Crashed:
        return "crashed";
    case CellStatus::OutOfMemory:
        return "out of memory";
    case CellStatus::Violation:
        return "violation";
    }
    return "?";
}

QByteArray lastLine(const QByteArray& text)
{
    const QByteArray trimmed = text.trimmed();
    return trimmed.sliced(trimmed.lastIndexOf('\n') + 1);
}

/// Short where an attempt is about time; else long, since the machine may be busy.
std::chrono::seconds timeLimit(const Attempt& attempt)
{
    return attempt.containedWhen.contains("timed out") ? 2s : 20s;
}

std::chrono::seconds mostTime(const Attempt& attempt)
{
    return timeLimit(attempt) + 4s;
}

/// The first line of the list of users, which a guest must not see either.
QByteArray firstUser()
{
    QFile file(QStringLiteral("/etc/passwd"));
    return file.open(QIODevice::ReadOnly) ? file.readLine().trimmed() : QByteArray("root:");
}

} // namespace

Trial::Trial(Attempt attempt, Protection protection, Parts parts, Stage stage, QByteArray prelude)
    : m_attempt(std::move(attempt))
    , m_protection(protection)
    , m_parts(std::move(parts))
    , m_stage(std::move(stage))
    , m_prelude(std::move(prelude))
    , m_factory(options())
    , m_ownMemory(peakMemory())
{
    adoptOrphans();
    for (const auto make : {networkWitness, victimWitness, machineWitness, fileWitness, guestWitness})
        m_witnesses.push_back(make(m_stage));
    QObject::connect(&m_sampling, &QTimer::timeout, &m_sampling, [this] { sample(); });
}

Trial::~Trial() = default;

Outcome Trial::run(std::function<void(const Outcome&)> beforeTheEnd)
{
    if (m_attempt.extra == Attempt::Extra::Neighbour)
        startNeighbour();
    std::unique_ptr<Repl> repl = startGuest();
    if (!repl)
        return m_outcome;
    m_sampling.start(100ms);
    if (m_attempt.extra == Attempt::Extra::KilledHost) {
        QTimer::singleShot(300ms, &m_sampling, [this, beforeTheEnd] {
            noteProcesses();
            m_outcome.status = "killed";
            beforeTheEnd(m_outcome);
            killSelf();
        });
    }
    attempt(static_cast<GuestRepl&>(*repl));
    goOn(*repl);
    m_sampling.stop();
    noteProcesses();
    repl.reset();
    m_neighbour.reset();
    QElapsedTimer waited;
    waited.start();
    // The launchers are children of this process, and tell of their guests' memory when they have ended. What
    // was much takes a while to give back.
    while (waited.elapsed() < 3000 && descendantsOf(QCoreApplication::applicationPid()).size() > 1) {
        QThread::msleep(5);
        QCoreApplication::processEvents();
    }
    if (const qint64 peak = peakMemoryOfChildren(); peak > mostMemory)
        note("resources", QStringLiteral("the guest held %1 MiB").arg(peak >> 20));
    return m_outcome;
}

Task<QueryOutcome> Trial::query(NodePath, QueryBatch batch, StopToken)
{
    std::vector<QueryResult> results;
    for (const SubQuery& item : batch.items) {
        if (m_heard.size() < (1 << 20))
            m_heard += item.prompt.left(1 << 16);
        results.push_back({true, item.prompt.toUpper()});
    }
    co_return results;
}

SandboxOptions Trial::options() const
{
    SandboxOptions options;
    options.launcher = m_parts.launcher(m_protection);
    options.driverFolder
        = m_attempt.extra == Attempt::Extra::BoundHome ? m_stage.path("guest") : m_parts.path("guest");
    options.cacheFolder = m_parts.path(isRoot() ? "cache-of-root" : "cache");
    options.minimumLevel = SandboxLevel::None; // what is reached is compared with what should be
    if (m_protection == Protection::Strong)
        options.removedProtections << QStringLiteral("--no-namespaces");
    if (m_protection == Protection::None && m_attempt.control == Attempt::Control::OwnNamespaces)
        options.removedProtections << QStringLiteral("--own-namespaces");
    return options;
}

ReplSpec Trial::spec(const QByteArray& text) const
{
    ReplSpec spec;
    spec.path = NodePath::root();
    spec.seed = 1;
    if (text.isEmpty()) {
        spec.context.spans = {{m_stage.document(), {}, {documentBytes / 22 * 22}}};
        spec.context.names = {"document"};
    } else {
        spec.context.value = ContextValue{ContextValue::Kind::Text, 0, text};
    }
    const bool isControl = m_protection == Protection::None;
    spec.limits.memoryBytes = isControl ? memoryLimit * 64 : memoryLimit;
    if (isControl)
        spec.limits.threads *= 64; // else the host may end it before a witness saw it
    spec.limits.scratchBytes = scratchLimit;
    spec.limits.cellTimeout = isControl ? mostTime(m_attempt) + 1s : timeLimit(m_attempt);
    return spec;
}

std::unique_ptr<Repl> Trial::start(ReplSpec spec)
{
    Result<std::unique_ptr<Repl>> repl = QCoro::waitFor(m_factory.start(std::move(spec), this, {}));
    if (repl)
        return std::move(*repl);
    m_outcome.error = repl.error().message.toUtf8();
    const bool mayBeRefused
        = m_attempt.extra == Attempt::Extra::BoundHome && repl.error().code == ErrorCode::SandboxUnavailable;
    if (mayBeRefused)
        m_outcome.status = "refused";
    else
        m_outcome.trouble = m_outcome.error;
    return nullptr;
}

void Trial::startNeighbour()
{
    m_neighbour = start(spec(m_stage.secret));
    if (m_neighbour)
        m_neighbourPid = static_cast<GuestRepl&>(*m_neighbour).pid();
}

std::unique_ptr<Repl> Trial::startGuest()
{
    std::unique_ptr<Repl> repl = start(spec({}));
    if (!repl)
        return nullptr;
    const QByteArray level = nameOf(m_factory.report()->level);
    if (level != nameOf(m_protection))
        m_outcome.trouble = "the sandbox reached level " + level;
    QByteArray constants = m_stage.constants() + "neighbour = " + QByteArray::number(m_neighbourPid) + '\n';
    for (const auto& witness : m_witnesses)
        constants += witness->constants();
    const CellOutput ready = runCell(*repl, constants + m_prelude);
    if (ready.status != CellStatus::Ok)
        m_outcome.trouble = "the prelude did not run: " + lastLine(ready.err.head);
    return m_outcome.trouble.isEmpty() ? std::move(repl) : nullptr;
}

void Trial::attempt(GuestRepl& repl)
{
    m_guest = repl.pid();
    for (const auto& witness : m_witnesses)
        witness->remember(m_guest);
    const bool hasOwnCode = m_protection == Protection::None && !m_attempt.controlCode.isEmpty();
    QElapsedTimer timer;
    timer.start();
    const CellOutput output = runCell(repl, hasOwnCode ? m_attempt.controlCode : m_attempt.code);
    if (timer.durationElapsed() > mostTime(m_attempt))
        note("resources", QStringLiteral("the cell ran for %1 ms").arg(timer.elapsed()));
    m_outcome.status = nameOf(output.status);
    m_outcome.error = lastLine(output.err.head + output.err.tail);
    sample();
    for (const auto& witness : m_witnesses) {
        for (const QString& what : witness->look(repl.pid() == m_guest ? m_guest : 0))
            note(witness->name(), what);
    }
    listenTo(output);
    if (m_mostTasks > mostTasks)
        note("resources", QStringLiteral("there were %1 processes or threads").arg(m_mostTasks));
#ifndef __SANITIZE_ADDRESS__
    if (const qint64 grown = peakMemory() - m_ownMemory; grown > mostHostMemory)
        note("host", QStringLiteral("the host's memory grew by %1 MiB").arg(grown >> 20));
#endif
}

CellOutput Trial::runCell(Repl& repl, const QByteArray& code)
{
    const Result<CellOutput> output
        = QCoro::waitFor(repl.execute({NodePath::root().turn(1).cell(1), code}, {}));
    if (!output)
        note("host", QStringLiteral("the REPL did not go on: ") + output.error().message);
    return output.value_or(CellOutput());
}

/// Whatever an attempt did, its REPL and the others take further cells.
void Trial::goOn(Repl& repl)
{
    runCell(repl, "1");
    if (!m_neighbour)
        return;
    const CellOutput output = runCell(*m_neighbour, "print(len(context))");
    const bool isTheSame = static_cast<GuestRepl&>(*m_neighbour).pid() == m_neighbourPid;
    if (!isTheSame || output.out.head.trimmed() != QByteArray::number(m_stage.secret.size()))
        note("victim", QStringLiteral("the neighbour no longer works"));
}

void Trial::listenTo(const CellOutput& output)
{
    for (const CapturedText* const text : {&output.out, &output.err, &output.value})
        m_heard += text->head + text->tail;
    m_heard += output.answer.value_or(QByteArray()) + output.answerDraft;
    for (const QByteArray& secret : {m_stage.secret, firstUser()}) {
        if (m_heard.contains(secret))
            note("secret", QStringLiteral("the guest knows \"%1\"").arg(QString::fromUtf8(secret)));
    }
}

void Trial::sample()
{
    m_mostTasks = std::max({m_mostTasks, threadsOf(m_guest),
        qsizetype(descendantsOf(QCoreApplication::applicationPid()).size())});
}

void Trial::note(const char* witness, const QString& what)
{
    m_outcome.seen << Sighting{witness, what.toUtf8()};
}

void Trial::noteProcesses()
{
    for (const auto& witness : m_witnesses)
        m_outcome.victim = std::max(m_outcome.victim, witness->process());
    for (const Process& process : descendantsOf(QCoreApplication::applicationPid())) {
        if (process.pid == m_outcome.victim)
            continue;
        m_outcome.processes << process.pid;
        if (!m_outcome.sessions.contains(process.session))
            m_outcome.sessions << process.session;
    }
}

} // namespace burrow::escapes
