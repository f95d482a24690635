#include "sandbox_fixture.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <csignal>

#include <sys/prctl.h>
#include <sys/wait.h>

using namespace burrow;
using namespace burrow::sandbox_test;

namespace {

constexpr int kills = 5; // for each kind of host, at random moments
constexpr int lastMomentMs = 500; // by then guests have started, run and died many times

/// Those of @p pid, zombies included.
std::vector<pid_t> childrenOf(qint64 pid)
{
    std::vector<pid_t> children;
    const QString tasks = QStringLiteral("/proc/%1/task").arg(pid);
    for (const QString& task : QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(QStringLiteral("%1/%2/children").arg(tasks, task));
        if (file.open(QIODevice::ReadOnly)) {
            for (const QByteArray& word : file.readAll().simplified().split(' '))
                if (!word.isEmpty())
                    children.push_back(pid_t(word.toInt()));
        }
    }
    return children;
}

/// Whatever a dead host leaves behind becomes this process' child: see initTestCase().
bool nothingIsLeft()
{
    for (const pid_t child : childrenOf(getpid()))
        waitpid(child, nullptr, WNOHANG);
    return childrenOf(getpid()).empty();
}

QString whatIsLeft()
{
    QStringList lines;
    for (const pid_t child : childrenOf(getpid())) {
        QFile file(QStringLiteral("/proc/%1/cmdline").arg(child));
        if (file.open(QIODevice::ReadOnly))
            lines << QString::fromUtf8(file.readAll().left(200).replace('\0', ' '));
    }
    return lines.join(QStringLiteral("; "));
}

void signalAllBelow(qint64 pid, int signal)
{
    for (const pid_t child : childrenOf(pid)) {
        signalAllBelow(child, signal);
        ::kill(child, signal);
    }
}

QStringList mounts()
{
    QFile file(QStringLiteral("/proc/self/mounts"));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).split(u'\n') : QStringList();
}

} // namespace

/// A host that is killed takes its guests with it.
class KilledHostTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QCOMPARE(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
        copySandbox(m_folder.path());
        m_mounts = mounts();
    }

    void noProcessOutlivesItsHostWheneverThatIsKilled_data() { kindsOfHost(); }

    void noProcessOutlivesItsHostWheneverThatIsKilled()
    {
        QFETCH(const QString, user);
        QFETCH(const QString, level);
        for (int i = 0; i < kills; ++i) {
            const int moment = QRandomGenerator::global()->bounded(lastMomentMs);
            QProcess host;
            start(host, QStringLiteral("live"), user, level);
            QTest::qWait(moment);
            QCOMPARE(host.state(), QProcess::Running);
            host.kill();
            QVERIFY(host.waitForFinished());
            const bool clean = QTest::qWaitFor(nothingIsLeft, 1000);
            QVERIFY2(
                clean, qPrintable(QStringLiteral("killed after %1 ms: %2").arg(moment).arg(whatIsLeft())));
        }
        QCOMPARE(mounts(), m_mounts);
    }

    void noStoppedProcessOutlivesItsHost_data() { kindsOfHost(); }

    void noStoppedProcessOutlivesItsHost()
    {
        QFETCH(const QString, user);
        QFETCH(const QString, level);
        QProcess host;
        start(host, QStringLiteral("compute"), user, level);
        QVERIFY(QTest::qWaitFor([&host] { return host.canReadLine(); }, 20'000));
        signalAllBelow(host.processId(), SIGSTOP);
        ::kill(pid_t(host.processId()), SIGSTOP);
        host.kill();
        QVERIFY(host.waitForFinished());
        QTRY_VERIFY_WITH_TIMEOUT(nothingIsLeft(), 1000);
    }

private:
    static void kindsOfHost()
    {
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("level");
        for (const char* user : {"self", "user"})
            for (const char* level : {"full", "strong"})
                QTest::addRow("%s, %s", user, level)
                    << QString::fromLatin1(user) << QString::fromLatin1(level);
    }

    void start(QProcess& host, const QString& mode, const QString& user, const QString& level)
    {
        host.start(QCoreApplication::applicationDirPath() + QStringLiteral("/guest_helper"),
            {mode, m_folder.path(), user, level});
        QVERIFY(host.waitForStarted());
    }

    QTemporaryDir m_folder;
    QStringList m_mounts;
};

QTEST_GUILESS_MAIN(KilledHostTest)
#include "tst_killed_host_linux.moc"
