#include "sandbox_fixture.h"

#include <QDir>
#include <QTemporaryDir>

#include <csignal>

#include <sys/prctl.h>
#include <sys/wait.h>

using namespace burrow;
using namespace burrow::sandbox_test;

namespace {

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

void signalAllBelow(qint64 pid, int signal)
{
    for (const pid_t child : childrenOf(pid)) {
        signalAllBelow(child, signal);
        ::kill(child, signal);
    }
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
};

QTEST_GUILESS_MAIN(KilledHostTest)
#include "tst_killed_host_linux.moc"
