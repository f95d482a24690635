#include "sandbox_fixture.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <csignal>

using namespace burrow;
using namespace burrow::sandbox_test;
using namespace std::chrono_literals;

namespace {

bool write(const QString& path, const QByteArray& text, QFile::Permissions permissions)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size()
        && file.setPermissions(permissions);
}

constexpr QFile::Permissions readable = QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther;
constexpr QFile::Permissions runnable = readable | QFile::ExeOwner | QFile::ExeGroup | QFile::ExeOther;

/// A launcher in sh that tells the host what it was not asked to; without documents its status descriptor
/// is 5.
QByteArray says(const QByteArray& line)
{
    return "#!/bin/sh\ncat >&5 <<'END'\n" + line + "\nEND\n";
}

/// Becomes Python without any protection.
const QByteArray unprotected
    = "while [ $# -gt 0 ]; do\n"
      "    case $1 in --executable) python=$2 ;; --driver-folder) driver=$2 ;; esac\n"
      "    shift\n"
      "done\n"
      "exec \"$python\" -s -S \"$driver/driver.py\"";

std::vector<pid_t> ownChildren()
{
    std::vector<pid_t> children;
    QFile file(QStringLiteral("/proc/self/task/%1/children").arg(getpid()));
    if (file.open(QIODevice::ReadOnly)) {
        for (const QByteArray& word : file.readAll().simplified().split(' '))
            if (!word.isEmpty())
                children.push_back(pid_t(word.toInt()));
    }
    return children;
}

} // namespace

/// The host against launchers and interpreters that do not do their work: an error that says so, never a
/// hang, and never a guest whose protection nobody vouched for.
class LauncherFaultsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { QTRY_VERIFY(ownChildren().empty()); }

    void aLauncherThatDoesNotDoItsWorkIsAnError_data()
    {
        QTest::addColumn<QByteArray>("program");
        QTest::addColumn<ErrorCode>("code");
        const auto unavailable = ErrorCode::SandboxUnavailable;
        QTest::newRow("is no program") << QByteArray("neither ELF nor script") << unavailable;
        QTest::newRow("is empty") << QByteArray() << unavailable;
        QTest::newRow("ends at once") << QByteArray("#!/bin/sh\n") << unavailable;
        QTest::newRow("crashes") << QByteArray("#!/bin/sh\nkill -SEGV $$\n") << unavailable;
        QTest::newRow("complains") << QByteArray("#!/bin/sh\necho no luck >&2\nexit 2\n") << unavailable;
        QTest::newRow("reports a failure") << says(R"({"error":"no luck"})") << unavailable;
        QTest::newRow("writes garbage") << says("\x01\xff {[") << unavailable;
        QTest::newRow("writes zeros")
            << QByteArray("#!/bin/sh\nhead -c 100000 /dev/zero >&5\nsleep 100\n") << unavailable;
        QTest::newRow("writes without end")
            << QByteArray("#!/bin/sh\nyes '{\"level\":' | tr -d '\\n' >&5\n") << unavailable;
        QTest::newRow("has a text for a number") << says(R"({"level":"full","pid":"1"})") << unavailable;
        QTest::newRow("has a number for a flag")
            << says(R"({"level":"full","pid":1,"refused":7})") << unavailable;
        QTest::newRow("has an odd list")
            << says(R"({"level":"full","pid":1,"missing":{"a":1},"landlock":"x"})") << unavailable;
        QTest::newRow("has an odd error") << says(R"({"error":[1]})") << unavailable;
        QTest::newRow("has an odd end") << says(R"({"exited":"no"})") << unavailable;
        QTest::newRow("knows another level") << says(R"({"level":"perfect","pid":1})") << unavailable;
        QTest::newRow("ends after its report")
            << says(R"({"level":"full","pid":1})") << ErrorCode::GuestFailed;
        QTest::newRow("refuses") << says(R"({"level":"limited","pid":1,"refused":true})")
                                 << ErrorCode::SandboxTooWeak;
        QTest::newRow("starts Python below the minimum")
            << says(R"({"level":"limited","pid":1,"refused":false})") + unprotected
            << ErrorCode::SandboxTooWeak;
        QTest::newRow("starts Python without a report")
            << "#!/bin/sh\nexec 5>&-\n" + unprotected << unavailable;
        QTest::newRow("starts Python and keeps its report to itself")
            << "#!/bin/sh\n" + unprotected << ErrorCode::GuestFailed;
        QTest::newRow("does nothing") << QByteArray("#!/bin/sh\nexec sleep 100\n") << ErrorCode::GuestFailed;
        QTest::newRow("does nothing and cannot be asked to end")
            << QByteArray("#!/bin/sh\ntrap '' TERM\nexec sleep 100\n") << ErrorCode::GuestFailed;
    }

    void aLauncherThatDoesNotDoItsWorkIsAnError()
    {
        QFETCH(const QByteArray, program);
        QFETCH(const ErrorCode, code);
        const QTemporaryDir folder;
        SandboxOptions options = realGuest();
        options.startTimeout = 500ms;
        options.launcher = folder.filePath(QStringLiteral("launcher"));
        QVERIFY(write(options.launcher, program, runnable));
        const Bench bench(options);
        QVERIFY(!bench.started);
        QVERIFY2(bench.started.error().code == code, qPrintable(bench.started.error().message));
    }

    void whatALauncherComplainsOfIsPassedOn()
    {
        const QTemporaryDir folder;
        SandboxOptions options = realGuest();
        options.launcher = folder.filePath(QStringLiteral("launcher"));
        QVERIFY(write(options.launcher, "#!/bin/sh\necho no luck >&2\nexit 2\n", runnable));
        const Bench bench(options);
        QVERIFY2(
            bench.started.error().message.contains(u"no luck"), qPrintable(bench.started.error().message));
    }

    void aLauncherThatMayNotBeRunIsNamed()
    {
        const QTemporaryDir folder;
        SandboxOptions options = realGuest();
        options.launcher = folder.filePath(QStringLiteral("launcher"));
        QVERIFY(write(options.launcher, "#!/bin/sh\n", readable));
        const Bench bench(options);
        QCOMPARE(bench.started.error().code, ErrorCode::SandboxUnavailable);
        QVERIFY(bench.started.error().message.contains(options.launcher));
    }

    void aStartThatIsBrokenOffAtAnyMomentIsAnError_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("killed") << SIGKILL;
        QTest::newRow("crashed") << SIGSEGV;
        QTest::newRow("stopped") << SIGSTOP;
    }

    /// Or the guest is ready just before, and its first cell tells.
    void aStartThatIsBrokenOffAtAnyMomentIsAnError()
    {
        QFETCH(const int, signal);
        SandboxOptions options = realGuest();
        options.startTimeout = 300ms;
        ReplSpec spec = textSpec();
        spec.limits.cellTimeout = 100ms;
        for (int i = 0; i < 8; ++i) {
            const auto moment = std::chrono::microseconds(QRandomGenerator::global()->bounded(40'000));
            QTimer::singleShot(moment, this, [signal] {
                for (const pid_t launcher : ownChildren())
                    ::kill(launcher, signal);
            });
            Bench bench(options, spec);
            if (bench.started)
                QVERIFY(bench.run("while True: pass").status >= CellStatus::TimedOut);
            else
                QVERIFY(bench.started.error().code == ErrorCode::SandboxUnavailable
                    || bench.started.error().code == ErrorCode::GuestFailed);
        }
    }

    void aPythonThatDoesNotComeToBeIsAnError_data()
    {
        QTest::addColumn<QByteArray>("driver");
        const auto sends = [](const QByteArray& bytes) {
            return "import os, time\nos.write(4, bytes.fromhex('" + bytes.toHex() + "')); time.sleep(100)";
        };
        QTest::newRow("is no Python") << QByteArray("}{");
        QTest::newRow("raises") << QByteArray("raise SystemError");
        QTest::newRow("exits") << QByteArray("import os; os._exit(0)");
        QTest::newRow("crashes") << QByteArray("import os; os.abort()");
        QTest::newRow("is silent") << QByteArray("import time; time.sleep(100)");
        QTest::newRow("closes its pipes")
            << QByteArray("import os, time; os.close(3); os.close(4); time.sleep(100)");
        QTest::newRow("sends half a frame") << sends(QByteArray("\x20\0\0\0\0\0\0\0{\"op\"", 13));
        QTest::newRow("sends a length of 0xFFFFFFFF") << sends(QByteArray(8, '\xff'));
        QTest::newRow("sends no JSON") << sends(QByteArray("\x02\0\0\0\0\0\0\0{]", 10));
        QTest::newRow("sends without end")
            << QByteArray("import os\nwhile True: os.write(4, b'\\xff' * 65536)");
        QTest::newRow("complains without end")
            << QByteArray("import os\nwhile True: os.write(2, b'no ' * 9999)");
    }

    void aPythonThatDoesNotComeToBeIsAnError()
    {
        QFETCH(const QByteArray, driver);
        const QTemporaryDir folder;
        QVERIFY(QFile::setPermissions(folder.path(), runnable | QFile::WriteOwner));
        QVERIFY(write(folder.filePath(QStringLiteral("driver.py")), driver, readable));
        SandboxOptions options = realGuest();
        options.startTimeout = 500ms;
        options.driverFolder = folder.path();
        const Bench bench(options);
        QVERIFY(!bench.started);
        QVERIFY2(
            bench.started.error().code == ErrorCode::GuestFailed, qPrintable(bench.started.error().message));
    }
};

QTEST_GUILESS_MAIN(LauncherFaultsTest)
#include "tst_launcher_faults.moc"
