#include "witness.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QFile>

#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

namespace burrow::escapes {

namespace {

/// Tables that the kernel keeps for everybody. Others change them as well, so only the mark counts.
constexpr const char* tables[] = {"/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname",
    "/proc/sys/kernel/domainname", "/proc/swaps", "/proc/self/mountinfo", "/proc/keys", "/proc/modules",
    "/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg", "/proc/net/unix"};

/// What the clock shows beyond the time that has passed, in milliseconds.
qint64 clockOffset(const QElapsedTimer& since)
{
    return QDateTime::currentMSecsSinceEpoch() - since.elapsed();
}

/// What lives on when its maker has ended.
void removeShared(key_t key)
{
    if (const int id = shmget(key, 0, 0); id >= 0)
        shmctl(id, IPC_RMID, nullptr);
    if (const int id = semget(key, 0, 0); id >= 0)
        semctl(id, 0, IPC_RMID);
    if (const int id = msgget(key, 0); id >= 0)
        msgctl(id, IPC_RMID, nullptr);
}

class MachineWitness final : public Witness {
public:
    explicit MachineWitness(const Stage& stage)
        : m_mark(stage.mark), m_key(QByteArray::number(stage.mark.last(6).toInt(nullptr, 16)))
    {
        m_since.start();
    }

    const char* name() const override { return "machine"; }
    QByteArray constants() const override { return "ipc_key = " + m_key + '\n'; }
    void remember(qint64) override { m_clock = clockOffset(m_since); }

    QStringList look(qint64) override
    {
        QStringList seen;
        for (const char* table : tables) {
            QFile file(QString::fromLatin1(table));
            if (!file.open(QIODevice::ReadOnly))
                continue;
            const QByteArray text = file.readAll();
            const bool isIpc = QByteArrayView(table).contains("sysvipc");
            // The abstract listener of the network's witness has the mark for its name.
            const bool isSockets = QByteArrayView(table).endsWith("unix");
            if (isIpc ? text.contains(' ' + m_key + ' ')
                      : text.contains(m_mark + (isSockets ? "-bound" : "")))
                seen << QStringLiteral("%1 has the mark").arg(QString::fromLatin1(table));
        }
        removeShared(m_key.toInt());
        if (std::abs(clockOffset(m_since) - m_clock) > 2000)
            seen << QStringLiteral("the clock was set");
        return seen;
    }

private:
    QByteArray m_mark;
    QByteArray m_key; ///< the mark as System V's calls can carry it
    QElapsedTimer m_since;
    qint64 m_clock = 0;
};

} // namespace

std::unique_ptr<Witness> machineWitness(const Stage& stage)
{
    return std::make_unique<MachineWitness>(stage);
}

} // namespace burrow::escapes
