#include "run.h"

#include "processes.h"

#include <QCoreApplication>
#include <QDir>
#include <QRandomGenerator>

namespace burrow::escapes {

namespace {

using namespace std::chrono_literals;

constexpr auto hang = 60s; ///< until a host counts as hanging
constexpr qint64 mostRemaining = 1000; ///< ms that a process of the guest's may outlive its end

/// Those of @p outcome's guest that are still there.
std::vector<Process> remainsOf(const Outcome& outcome)
{
    std::vector<Process> remains;
    for (const Process& process : allProcesses()) {
        const bool isGuests
            = outcome.processes.contains(process.pid) || outcome.sessions.contains(process.session);
        if (isGuests && process.pid != outcome.victim)
            remains.push_back(process);
    }
    return remains;
}

} // namespace

Run::Run(Plan plan, const Workshop& workshop, QString stage) : m_plan(plan), m_stage(std::move(stage))
{
    QStringList arguments = {QStringLiteral("try"), workshop.parts.folder, m_stage,
        QString::fromUtf8(plan.attempt->id), QString::fromLatin1(nameOf(plan.protection))};
    if (!plan.asRoot && workshop.user != 0)
        arguments << QString::number(workshop.user);
    m_process.setProgram(QCoreApplication::applicationFilePath());
    m_process.setArguments(arguments);
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    connect(
        &m_process, &QProcess::finished, this, [this](int, QProcess::ExitStatus how) { takeOutcome(how); });
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, &m_process, &QProcess::kill);
    connect(&m_polling, &QTimer::timeout, this, &Run::awaitSilence);
}

Run::~Run()
{
    QDir(m_stage).removeRecursively();
}

void Run::start()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), m_stage + QStringLiteral("/home"));
    environment.insert(QStringLiteral("OPENAI_API_KEY"),
        QStringLiteral("secret-%1").arg(QRandomGenerator::global()->generate64(), 16, 16, QLatin1Char('0')));
    environment.insert(QStringLiteral("BURROW_MARK"),
        QStringLiteral("mark%1").arg(
            QRandomGenerator::global()->generate64() >> 16, 12, 16, QLatin1Char('0')));
    m_process.setProcessEnvironment(environment);
    m_process.start();
    m_process.closeWriteChannel();
    m_deadline.start(hang);
}

void Run::takeOutcome(QProcess::ExitStatus how)
{
    const bool hung = !m_deadline.isActive();
    m_deadline.stop();
    Result<Outcome> outcome = Outcome::fromJson(m_process.readLine());
    m_outcome = outcome ? std::move(*outcome) : Outcome{.trouble = outcome.error().message.toUtf8()};
    const bool mayDie = m_plan.attempt->extra == Attempt::Extra::KilledHost;
    if (hung)
        m_outcome.seen << Sighting{"host", "the host hung"};
    else if (how == QProcess::CrashExit && !mayDie)
        m_outcome = Outcome{.status = "gone", .seen = {Sighting{"host", "the host died"}}};
    m_sinceEnd.start();
    m_polling.start(20ms);
    awaitSilence();
}

/// Nothing of a guest may outlive its end by more than a moment.
void Run::awaitSilence()
{
    QList<qint64> ended;
    const std::vector<Process> remains = remainsOf(m_outcome);
    for (const Process& process : remains) {
        if (process.parent == QCoreApplication::applicationPid() && process.state == 'Z')
            ended << process.pid;
    }
    reap(ended);
    if (qsizetype(remains.size()) == ended.size()) {
        finish();
        return;
    }
    if (m_sinceEnd.elapsed() < mostRemaining)
        return;
    if (!std::exchange(m_hasRemains, true))
        m_outcome.seen << Sighting{"processes", "a process of the guest's outlived it"};
    for (const Process& process : remains)
        kill(process.pid);
}

void Run::finish()
{
    m_polling.stop();
    if (m_outcome.victim != 0 && m_plan.attempt->extra == Attempt::Extra::KilledHost) {
        kill(m_outcome.victim);
        reap({m_outcome.victim});
    }
    m_verdict = judge(*m_plan.attempt, m_plan.protection, m_outcome);
    Q_EMIT finished(this);
}

} // namespace burrow::escapes
