#include "text/code_view.h"
#include "watched_application.h"
#include "window_fixture.h"

#include <QLabel>

#include <csignal>
#include <sys/resource.h>

using namespace burrow;
using namespace burrow::test;
using Phase = RunController::Phase;

namespace {

/// As long as it lives, no file grows beyond a length: what a full disk looks like to who writes.
class FullDisk {
public:
    explicit FullDisk(qint64 bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{rlim_t(bytes), m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &m_before); }
    Q_DISABLE_COPY_MOVE(FullDisk)

private:
    rlimit m_before{};
};

} // namespace

/// What becomes of the window when the ground under a run gives way.
class FaultsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<ScriptedServer>(lookThenAnswer);
        m_program = std::make_unique<ProgramInWindow>();
        // Stands before the second request: what comes then meets the fault.
        m_program->window().stops().add({.point = StopPoint::BeforeRequest, .at = NodePath::root().turn(2)});
        m_program->ask(*m_server);
        QTRY_VERIFY_WITH_TIMEOUT(m_program->window().stops().here(), patience);
    }
    void cleanup()
    {
        m_program.reset();
        m_server.reset();
    }

    void aFullDiskEndsTheRunAndIsNamed()
    {
        const int asked = m_server->requestCount();
        {
            const FullDisk full(1);
            m_program->action(QStringLiteral("Resume"))->trigger();
            QTRY_COMPARE_WITH_TIMEOUT(m_program->engine().phase(), Phase::Idle, patience);
        }
        const QString said = m_program->window().messages().text();
        QVERIFY2(said.contains(QStringLiteral("the disk is full")), qPrintable(said));
        QVERIFY(!m_program->window().run().isFollowing());
        QCOMPARE(m_server->requestCount(), asked); // nothing is asked that cannot be recorded
        // There is room again: the run goes on from what was recorded.
        m_program->action(QStringLiteral("Go On"))->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(m_program->window().stops().here(), patience);
        m_program->action(QStringLiteral("Resume"))->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(m_program->state(), RunState::Answered, patience);
        QCOMPARE(m_server->requestCount(), asked + 1);
    }

    void aRunFileThatIsDeletedIsNamed()
    {
        const QString file = path();
        for (const char* const part : {"", "-wal", "-shm"})
            QFile::remove(file + QString::fromLatin1(part));
        m_program->action(QStringLiteral("Resume"))->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(m_program->engine().phase(), Phase::Idle, patience);
        const QString said = m_program->window().messages().text();
        QVERIFY2(said.contains(QStringLiteral("is gone")), qPrintable(said));
        // What the window knows it still shows.
        QVERIFY(!m_program->window().run().isEmpty());
        m_program->window().playhead().moveTo(1);
        QTRY_VERIFY(m_program->window().messages().text().contains(QStringLiteral("There is no")));
    }

private:
    QString path() const { return m_program->window().run().path(); }

    std::unique_ptr<ScriptedServer> m_server;
    std::unique_ptr<ProgramInWindow> m_program;
};

BURROW_GUI_TEST_MAIN(FaultsTest)
#include "tst_faults.moc"
