#include "witness.h"

#include <QFile>

#include <csignal>

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace burrow::escapes {

namespace {

QByteArray fileText(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A process that sleeps, in a group of its own, with the secret in its environment and in a file that it has
/// open. It blocks every signal, so that those it is sent stay visible as pending.
pid_t startVictim(const Stage& stage)
{
    QByteArray secret = "SECRET=" + stage.secret;
    char name[] = "sleep";
    char time[] = "600";
    char* arguments[] = {name, time, nullptr};
    char* environment[] = {secret.data(), nullptr};
    sigset_t every;
    sigfillset(&every);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setsigmask(&attributes, &every);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(
        &actions, 0, QFile::encodeName(stage.secretFile()).constData(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    pid_t pid = 0;
    posix_spawnp(&pid, name, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return pid;
}

class VictimWitness final : public Witness {
public:
    explicit VictimWitness(const Stage& stage) : m_victim(startVictim(stage)) { }
    ~VictimWitness() override
    {
        kill(m_victim, SIGKILL);
        waitpid(m_victim, nullptr, 0);
    }

    const char* name() const override { return "victim"; }
    QByteArray constants() const override
    {
        return "victim = " + QByteArray::number(m_victim) + "\nhost = " + QByteArray::number(getpid()) + '\n';
    }
    qint64 process() const override { return m_victim; }
    void remember(qint64) override { m_before = describe(); }

    QStringList look(qint64) override
    {
        QStringList seen;
        const QByteArrayList after = describe();
        for (qsizetype i = 0; i < m_before.size(); ++i) {
            if (after.value(i) != m_before[i])
                seen << QStringLiteral("the victim has \"%1\", and had \"%2\"")
                            .arg(QString::fromUtf8(after.value(i)), QString::fromUtf8(m_before[i]));
        }
        return seen;
    }

private:
    QByteArrayList describe() const
    {
        const QString folder = QStringLiteral("/proc/%1/").arg(m_victim);
        QByteArrayList lines;
        for (const QByteArray& line : fileText(folder + QStringLiteral("status")).split('\n')) {
            for (const char* field :
                {"State:", "TracerPid:", "SigPnd:", "ShdPnd:", "Uid:", "Cpus_allowed:", "Seccomp:"}) {
                if (line.startsWith(field))
                    lines << line.simplified();
            }
        }
        lines << fileText(folder + QStringLiteral("limits"))
              << fileText(folder + QStringLiteral("oom_score_adj"))
              << fileText(folder + QStringLiteral("comm"))
              << "niceness " + QByteArray::number(getpriority(PRIO_PROCESS, static_cast<id_t>(m_victim)))
              << "policy " + QByteArray::number(sched_getscheduler(m_victim))
              << "priority of input and output "
                + QByteArray::number(qlonglong(syscall(SYS_ioprio_get, 1, m_victim)))
              << "group " + QByteArray::number(getpgid(m_victim));
        return lines;
    }

    pid_t m_victim;
    QByteArrayList m_before;
};

} // namespace

std::unique_ptr<Witness> victimWitness(const Stage& stage)
{
    return std::make_unique<VictimWitness>(stage);
}

} // namespace burrow::escapes
