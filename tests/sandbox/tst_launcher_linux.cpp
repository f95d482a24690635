#include "sandbox_fixture.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>

using namespace burrow;
using namespace burrow::sandbox_test;

namespace {

SandboxOptions without(std::initializer_list<const char*> protections, SandboxLevel minimum)
{
    SandboxOptions options = realGuest();
    for (const char* protection : protections)
        options.removedProtections << QLatin1StringView(protection);
    options.minimumLevel = minimum;
    return options;
}

} // namespace

class LauncherTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void levelFullIsReached()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        QCOMPARE(bench.factory.report()->level, SandboxLevel::Full);
        QVERIFY(bench.factory.report()->missing.isEmpty());
        QCOMPARE(bench.print(containmentCell), QByteArray());
    }

    void levelFullIsReachedAsAnOrdinaryUser()
    {
        const QTemporaryDir folder;
        copySandbox(folder.path());
        QProcess helper;
        helper.start(QCoreApplication::applicationDirPath() + QStringLiteral("/guest_helper"),
            {QStringLiteral("as-user"), folder.path()});
        QVERIFY(helper.waitForFinished());
        QCOMPARE(helper.readAllStandardOutput(), QByteArray("full\n"));
        QCOMPARE(helper.exitCode(), 0);
    }

    void aCellSeesOnlyItsOwnRoot()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        QCOMPARE(
            bench.print(
                "import os\n"
                "print(sorted(os.listdir('/')), os.listdir('/dev'), os.listdir('/scratch'), os.getpid())\n"
                "print(os.listdir('/python'), os.uname().nodename, os.getcwd())\n"),
            QByteArray("['dev', 'guest', 'lib', 'lib64', 'python', 'scratch', 'usr'] ['null'] [] 2\n"
                       "['lib', 'bin'] sandbox /scratch\n"));
    }

    void theEnvironmentIsExact()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        QCOMPARE(bench.print("import os\nprint(sorted(os.environ.items()))"),
            QByteArray("[('HOME', '/scratch'), ('LANG', 'C.UTF-8'), ('MALLOC_ARENA_MAX', '2'), ('PATH', "
                       "'/usr/bin'), "
                       "('PYTHONHASHSEED', '0'), ('TMPDIR', '/scratch')]\n"));
    }

    void addressesAndHashesAreTheSameInEveryRun()
    {
        const QByteArray code = "print(id(object), hash('text'))";
        Bench first(realGuest());
        Bench second(realGuest());
        QVERIFY(first.isReady() && second.isReady());
        QCOMPARE(first.print(code), second.print(code));
    }

    void scratchCanBeUsed()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        QCOMPARE(bench.print("import os, shutil, sqlite3, tempfile\n"
                             "open('a.txt', 'w').write('text')\nshutil.copy('a.txt', "
                             "'b.txt')\nos.rename('b.txt', 'c.txt')\n"
                             "os.mkdir('d'); os.rmdir('d')\n"
                             "with tempfile.TemporaryFile() as f: f.write(b'x')\n"
                             "print(open('c.txt').read(), sorted(os.listdir('.')))"),
            QByteArray("text ['a.txt', 'c.txt']\n"));
    }

    void scratchIsBounded()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        const CellOutput output = bench.run("with open('/scratch/big', 'wb') as f:\n"
                                            "    for i in range(100): f.write(b'x' * (1 << 20))");
        QCOMPARE(output.status, CellStatus::Raised);
        QVERIFY(output.err.head.contains("OSError"));
    }

    void noDescriptorIsOpenButTheOwn()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        QCOMPARE(bench.print("import os\nopen_ones = []\n"
                             "for fd in range(1000):\n"
                             "    try: os.fstat(fd); open_ones.append(fd)\n"
                             "    except OSError: pass\n"
                             "print(open_ones)"),
            QByteArray("[0, 1, 2, 3, 4]\n"));
    }

    void manyThreadsCanRun()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        QCOMPARE(bench.print("import threading\nbarrier = threading.Barrier(65)\n"
                             "for i in range(64): threading.Thread(target=barrier.wait).start()\n"
                             "barrier.wait()\nprint('all')"),
            QByteArray("all\n"));
        const CellOutput output
            = bench.run("stop = threading.Event()\n"
                        "for i in range(10_000): threading.Thread(target=stop.wait).start()");
        QCOMPARE(output.status, CellStatus::Raised);
        QCOMPARE(bench.print("stop.set(); print('on')"), QByteArray("on\n"));
    }

    void withoutNamespacesTheLevelIsStrong()
    {
        Bench bench(without({"--no-namespaces"}, SandboxLevel::Strong));
        QVERIFY(bench.isReady());
        QCOMPARE(bench.factory.report()->level, SandboxLevel::Strong);
        QCOMPARE(bench.factory.report()->missing, QStringList{QStringLiteral("namespaces")});
        QVERIFY(!bench.factory.report()->reason.isEmpty());
        QCOMPARE(bench.print(containmentCell), QByteArray());
        QCOMPARE(bench.print("print(llm_query('a'))"), QByteArray("A\n"));
    }

    void everyMissingProtectionIsNamed_data()
    {
        QTest::addColumn<QStringList>("removed");
        QTest::addColumn<SandboxLevel>("level");
        QTest::addColumn<QStringList>("missing");
        const QString namespaces = QStringLiteral("namespaces");
        const QString landlock = QStringLiteral("landlock");
        const QString seccomp = QStringLiteral("seccomp");
        const QString no = QStringLiteral("--no-");
        QTest::newRow("landlock") << QStringList{no + landlock} << SandboxLevel::Limited
                                  << QStringList{landlock};
        QTest::newRow("seccomp") << QStringList{no + seccomp} << SandboxLevel::Limited
                                 << QStringList{seccomp};
        QTest::newRow("two") << QStringList{no + namespaces, no + seccomp} << SandboxLevel::Limited
                             << QStringList{namespaces, seccomp};
        QTest::newRow("all") << QStringList{no + namespaces, no + landlock, no + seccomp}
                             << SandboxLevel::None << QStringList{namespaces, landlock, seccomp};
    }

    void everyMissingProtectionIsNamed()
    {
        QFETCH(const QStringList, removed);
        QFETCH(const SandboxLevel, level);
        QFETCH(const QStringList, missing);
        SandboxOptions options = realGuest();
        options.removedProtections = removed;
        const Bench refused(options);
        QVERIFY(!refused.started);
        QCOMPARE(refused.started.error().code, ErrorCode::SandboxTooWeak);
        QVERIFY(refused.started.error().message.contains(missing.last()));

        options.minimumLevel = SandboxLevel::None;
        Bench allowed(options);
        QVERIFY(allowed.isReady());
        QCOMPARE(allowed.factory.report()->level, level);
        QCOMPARE(allowed.factory.report()->missing, missing);
    }

    void aLevelBelowTheOneAskedForIsRefused()
    {
        const Bench bench(without({"--no-namespaces"}, SandboxLevel::Full));
        QVERIFY(!bench.started);
        QCOMPARE(bench.started.error().code, ErrorCode::SandboxTooWeak);
    }

    void aProbeReportsWithoutRefusing()
    {
        SandboxedReplFactory factory(without({"--no-namespaces", "--no-seccomp"}, SandboxLevel::Full));
        const Result<SandboxReport> report = QCoro::waitFor(factory.probe());
        QVERIFY(report);
        QCOMPARE(report->level, SandboxLevel::Limited);
        QVERIFY(report->details.join(u' ').contains(QStringLiteral("Python 3.")));
    }

    void aFolderThatHoldsAHomeIsRefused()
    {
        SandboxOptions options = realGuest();
        const QTemporaryDir home;
        const QByteArray before = qgetenv("HOME");
        copySandbox(home.path());
        qputenv("HOME", home.path().toUtf8() + "/guest");
        options.driverFolder = home.filePath(QStringLiteral("guest"));
        const Bench bench(options);
        qputenv("HOME", before);
        QVERIFY(!bench.started);
        QCOMPARE(bench.started.error().code, ErrorCode::SandboxUnavailable);
        QVERIFY(bench.started.error().message.contains(QStringLiteral("home")));
    }
};

QTEST_GUILESS_MAIN(LauncherTest)
#include "tst_launcher_linux.moc"
