#include "witness.h"

#include <QDir>
#include <QFile>
#include <QMap>

#include <unistd.h>

namespace burrow::escapes {

namespace {

QByteArray fileText(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray linkText(const QString& path)
{
    char text[4096];
    const ssize_t size = readlink(QFile::encodeName(path).constData(), text, sizeof text);
    return {text, std::max<qsizetype>(size, 0)};
}

/// What confines the process @p pid, by name.
QMap<QString, QByteArray> confinementOf(qint64 pid)
{
    const QString folder = QStringLiteral("/proc/%1/").arg(pid);
    QMap<QString, QByteArray> facts;
    for (const QByteArray& line : fileText(folder + QStringLiteral("status")).split('\n')) {
        for (const char* field : {"Uid:", "Gid:", "Groups:", "CapInh:", "CapPrm:", "CapEff:", "CapBnd:",
                 "CapAmb:", "NoNewPrivs:", "Seccomp:", "Cpus_allowed:", "TracerPid:"}) {
            if (line.startsWith(field))
                facts[QString::fromLatin1(field)] = line.simplified();
        }
    }
    for (const char* file : {"limits", "personality", "oom_score_adj", "mountinfo", "coredump_filter"})
        facts[QString::fromLatin1(file)] = fileText(folder + QLatin1StringView(file));
    for (const char* link :
        {"root", "ns/user", "ns/net", "ns/pid", "ns/mnt", "ns/ipc", "ns/uts", "ns/cgroup"})
        facts[QString::fromLatin1(link)] = linkText(folder + QLatin1StringView(link));
    const QByteArray stat = fileText(folder + QStringLiteral("stat"));
    const QByteArrayList fields = stat.sliced(stat.lastIndexOf(')') + 1).simplified().split(' ');
    facts[QStringLiteral("group and session")] = fields.value(2) + ' ' + fields.value(3);
    facts[QStringLiteral("priority")] = fields.value(15) + ' ' + fields.value(16);
    return facts;
}

class GuestWitness final : public Witness {
public:
    explicit GuestWitness(const Stage& stage) : m_stage(stage) { }

    const char* name() const override { return "guest"; }

    void remember(qint64 guest) override
    {
        m_before = confinementOf(guest);
        m_descriptorsBefore = descriptorsOf(guest);
    }

    QStringList look(qint64 guest) override
    {
        QStringList seen;
        if (guest == 0)
            return seen;
        const QMap<QString, QByteArray> after = confinementOf(guest);
        // A process that is just dying loses its memory and its namespaces one after the other.
        if (after[QStringLiteral("coredump_filter")].isEmpty() || after[QStringLiteral("ns/mnt")].isEmpty())
            return seen;
        for (const auto& [fact, text] : after.asKeyValueRange()) {
            if (const QByteArray before = m_before.value(fact); before != text)
                seen << QStringLiteral("the guest's %1 is \"%2\", and was \"%3\"")
                            .arg(
                                fact, QString::fromUtf8(text.left(300)), QString::fromUtf8(before.left(300)));
        }
        for (const QByteArray& opened : descriptorsOf(guest)) {
            if (!m_descriptorsBefore.contains(opened) && !isHarmless(opened))
                seen << QStringLiteral("the guest has %1 open").arg(QString::fromUtf8(opened));
        }
        return seen;
    }

private:
    static QByteArrayList descriptorsOf(qint64 guest)
    {
        QByteArrayList targets;
        const QString folder = QStringLiteral("/proc/%1/fd/").arg(guest);
        for (const QString& fd :
            QDir(folder).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot))
            targets << linkText(folder + fd);
        return targets;
    }

    /// Its scratch files, what it waits with, and Python's own files, which everybody may read.
    static bool isHarmless(const QByteArray& opened)
    {
        for (const char* prefix :
            {"pipe:", "anon_inode:[event", "/scratch", "/python", "/guest", "/dev/null", "/usr/"}) {
            if (opened.startsWith(prefix))
                return true;
        }
        return opened.isEmpty();
    }

    Stage m_stage;
    QMap<QString, QByteArray> m_before;
    QByteArrayList m_descriptorsBefore;
};

} // namespace

std::unique_ptr<Witness> guestWitness(const Stage& stage)
{
    return std::make_unique<GuestWitness>(stage);
}

} // namespace burrow::escapes
