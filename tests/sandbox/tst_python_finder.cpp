#include "base/settings.h"
#include "host/python_finder.h"
#include "host/sandboxed_repl_factory.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <qcorotask.h>

using namespace burrow;

namespace {

Result<PythonInstall> find(const SandboxOptions& options)
{
    return QCoro::waitFor(findPython(options));
}

/// A Python that the test may run, by whatever name.
Result<PythonInstall> anyPython(const QString& cacheFolder = {})
{
    return find({.cacheFolder = cacheFolder});
}

void writeProgram(const QString& path, const QByteArray& text)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

/// A program that passes for an interpreter of which the facts, JSON with other quotes, say what it is.
QByteArray pretender(QByteArray facts)
{
    return "#!/bin/sh\nprintf '%s' '" + facts.replace('`', '"') + "'\n";
}

/// A stand-in for @p python, as a version manager puts one on the PATH.
QByteArray shimFor(const PythonInstall& python)
{
    return "#!/bin/sh\nexec " + python.executable.toUtf8() + " \"$@\"\n";
}

/// Restores the PATH.
class PathOf {
public:
    explicit PathOf(const QString& folder) { qputenv("PATH", folder.toUtf8()); }
    ~PathOf() { qputenv("PATH", m_before); }
    PathOf(const PathOf&) = delete;

private:
    QByteArray m_before = qgetenv("PATH");
};

} // namespace

class PythonFinderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { qunsetenv("BURROW_PYTHON"); }

    void whatAnInterpreterNeedsIsFound()
    {
        const Result<PythonInstall> python = anyPython();
        QVERIFY(python);
        QVERIFY(python->isIntact());
        QCOMPARE(python->unfitness(), QString());
        QVERIFY(!QFileInfo(python->executable).isSymLink());
        QVERIFY(QFileInfo::exists(python->stdlib + QStringLiteral("/os.py")));
        QVERIFY(python->stdlibAt.contains(QStringLiteral("python3.")));
        QVERIFY(!python->libraries.empty());
    }

    void theAnswerIsKept()
    {
        const QTemporaryDir cache;
        const Result<PythonInstall> python = anyPython(cache.path());
        QVERIFY(python);
        // A copy that differs shows that the second answer comes from the cache.
        const QStringList kept = QDir(cache.path()).entryList(QDir::Files);
        QVERIFY(!kept.isEmpty());
        for (const QString& name : kept) {
            QFile file(cache.filePath(name));
            QVERIFY(file.open(QIODevice::ReadWrite));
            const QByteArray changed = file.readAll().replace(python->version.toUtf8(), "3.9.99");
            file.resize(0);
            file.seek(0);
            file.write(changed);
        }
        const Result<PythonInstall> again = anyPython(cache.path());
        QVERIFY(again);
        QCOMPARE(again->version, QStringLiteral("3.9.99"));
    }

    void aKeptAnswerWhoseFilesAreGoneIsNotUsed()
    {
        const QTemporaryDir cache;
        const Result<PythonInstall> python = anyPython(cache.path());
        QVERIFY(python);
        for (const QString& name : QDir(cache.path()).entryList(QDir::Files)) {
            QFile file(cache.filePath(name));
            QVERIFY(file.open(QIODevice::ReadWrite));
            const QByteArray changed = file.readAll().replace("/libc.so", "/gone/libc.so");
            file.resize(0);
            file.seek(0);
            file.write(changed);
        }
        const Result<PythonInstall> again = anyPython(cache.path());
        QVERIFY(again);
        QVERIFY(again->isIntact());
    }

    void whatAStandInLeadsToIsAskedAnew()
    {
        const Result<PythonInstall> python = anyPython();
        QVERIFY(python);
        const QTemporaryDir folder, cache;
        const QString shim = folder.filePath(QStringLiteral("python3.13"));
        writeProgram(shim, shimFor(*python));
        const Result<PythonInstall> resolved = find({.python = shim, .cacheFolder = cache.path()});
        QVERIFY(resolved);
        QCOMPARE(resolved->executable, python->executable);
        QVERIFY(QDir(cache.path()).isEmpty());
    }

    void aVirtualEnvironmentLendsItsInterpreterAlone_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("links") << QStringList();
        QTest::newRow("copies") << QStringList{QStringLiteral("--copies")};
    }

    // In a folder that its owner alone can enter, as a home is; the guest is another user.
    void aVirtualEnvironmentLendsItsInterpreterAlone()
    {
        QFETCH(const QStringList, options);
        const Result<PythonInstall> python = anyPython();
        QVERIFY(python);
        const QTemporaryDir home;
        const QString folder = home.filePath(QStringLiteral("checkout/.venv"));
        QStringList arguments
            = {QStringLiteral("-m"), QStringLiteral("venv"), QStringLiteral("--without-pip")};
        if (QProcess::execute(python->executable, arguments + options + QStringList(folder)) != 0)
            QSKIP("this Python makes no virtual environments");
        writeProgram(folder
                + QStringLiteral("/lib/python%1/site-packages/private_module.py")
                    .arg(python->version.section(u'.', 0, 1)),
            "x = 1\n");
        QVERIFY(QFile::setPermissions(home.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));

        SandboxOptions sandbox = SandboxOptions::defaults();
        sandbox.python = folder + QStringLiteral("/bin/python");
        const Result<PythonInstall> lent = find(sandbox);
        QVERIFY2(lent, lent ? "" : qPrintable(lent.error().message));
        QCOMPARE(lent->executable, python->executable);
        QCOMPARE(lent->stdlib, python->stdlib);
        expectToRunCells(sandbox);
    }

    void aVersionManagersStandInLendsItsInterpreterAlone()
    {
        const Result<PythonInstall> python = anyPython();
        QVERIFY(python);
        const QTemporaryDir home;
        const QString shim = home.filePath(QStringLiteral(".pyenv/shims/python3"));
        writeProgram(shim, shimFor(*python));
        SandboxOptions sandbox = SandboxOptions::defaults();
        sandbox.python = shim;
        expectToRunCells(sandbox);
    }

    void theOrderIsAskedForBundledPreferredOnThePath()
    {
        const Result<PythonInstall> python = anyPython();
        QVERIFY(python);
        const QTemporaryDir folder;
        const auto named = [&](const char* name) { return folder.filePath(QLatin1StringView(name)); };
        for (const char* name : {"asked", "environment", "bundled", "preferred", "path/python3.9"})
            writeProgram(named(name),
                pretender("{`executable`:`" + QByteArray(name)
                    + "`,`version`:`3.9.1`,`implementation`:`cpython`,`bits`:64,`stdlib`:`/"
                      "l`,`stdlib_at`:`l`}"));
        const PathOf path(named("path"));
        SandboxOptions options{.python = named("asked"),
            .bundledPython = named("bundled"),
            .preferredPython = named("preferred")};
        qputenv("BURROW_PYTHON", named("environment").toUtf8());
        QCOMPARE(find(options)->executable, QStringLiteral("asked"));
        options.python.clear();
        QCOMPARE(find(options)->executable, QStringLiteral("environment"));
        qunsetenv("BURROW_PYTHON");
        QCOMPARE(find(options)->executable, QStringLiteral("bundled"));
        options.bundledPython.clear();
        QCOMPARE(find(options)->executable, QStringLiteral("preferred"));
        options.preferredPython.clear();
        QCOMPARE(find(options)->executable, QStringLiteral("path/python3.9"));
    }

    void whatCannotRunCellsIsRefusedWithTheReason_data()
    {
        QTest::addColumn<QByteArray>("facts");
        QTest::addColumn<QString>("reason");
        const auto row
            = [](const char* name, const QByteArray& version, const QByteArray& more, const char* reason) {
                  QTest::newRow(name) << "{`executable`:`/p`,`version`:`" + version + "`," + more
                          + "`stdlib`:`/l`,`stdlib_at`:`l`}"
                                      << QString::fromLatin1(reason);
              };
        const QByteArray usual = "`implementation`:`cpython`,`bits`:64,";
        row("too old", "3.8.20", usual, "Python 3.8.20");
        row("too new", "3.15.0", usual, "3.9 to 3.14");
        row("PyPy", "3.10.14", "`implementation`:`pypy`,`bits`:64,", "pypy");
        row("32 bits", "3.12.1", "`implementation`:`cpython`,`bits`:32,", "32-bit");
        row("debug build", "3.12.1", usual + "`debug`:true,", "debug build");
        row("free-threaded", "3.13.1", usual + "`free_threaded`:true,", "free-threaded");
        QTest::newRow("no Python") << QByteArray("hello") << QStringLiteral("no Python that runs");
    }

    void whatCannotRunCellsIsRefusedWithTheReason()
    {
        QFETCH(const QByteArray, facts);
        QFETCH(const QString, reason);
        const QTemporaryDir folder;
        const QString program = folder.filePath(QStringLiteral("python3"));
        writeProgram(program, pretender(facts));
        const PathOf path(folder.path());
        for (const SandboxOptions& options : {SandboxOptions{.python = program},
                 SandboxOptions{.bundledPython = program}, SandboxOptions{.preferredPython = program}}) {
            const Result<PythonInstall> python = find(options);
            QVERIFY(!python);
            QCOMPARE(python.error().code, ErrorCode::PythonMissing);
            QVERIFY2(python.error().message.contains(program) && python.error().message.contains(reason),
                qPrintable(python.error().message));
        }
        if (facts != "hello") {
            const Result<PythonInstall> python = anyPython();
            QVERIFY(!python);
            QVERIFY2(python.error().message.contains(reason), qPrintable(python.error().message));
        }
    }

    void whatIsUnfitOnThePathIsPassedOver()
    {
        const Result<PythonInstall> python = anyPython();
        QVERIFY(python);
        const QTemporaryDir folder;
        writeProgram(folder.filePath(QStringLiteral("python3.13")),
            pretender("{`executable`:`/p`,`version`:`3.13.0`,`implementation`:`pypy`,`bits`:64}"));
        writeProgram(folder.filePath(QStringLiteral("python3")), shimFor(*python));
        const PathOf path(folder.path());
        QCOMPARE(anyPython()->executable, python->executable);
    }

    // The guest of root is another user, and without namespaces nothing is bound for it.
    void whatTheGuestCannotReachIsPassedOverUnlessItIsNamed()
    {
        const Result<PythonInstall> python = anyPython();
        QVERIFY(python);
        const QTemporaryDir home, others;
        const QString hidden = home.filePath(QStringLiteral("python3.13"));
        QVERIFY(QFile::copy(python->executable, hidden));
        QVERIFY(QFile::setPermissions(home.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        if (QFileInfo(home.path()).ownerId() != 0)
            QSKIP("only root's guest is another user");
        writeProgram(others.filePath(QStringLiteral("python3")), shimFor(*python));
        const PathOf path(home.path() + QDir::listSeparator() + others.path());
        SandboxOptions sandbox = SandboxOptions::defaults();
        sandbox.cacheFolder.clear();
        sandbox.removedProtections << QStringLiteral("--no-namespaces");
        SandboxedReplFactory factory(sandbox);
        const Result<SandboxReport> report = QCoro::waitFor(factory.probe());
        QVERIFY2(report, report ? "" : qPrintable(report.error().message));
        QCOMPARE(report->level, SandboxLevel::Strong);
        QCOMPARE(QCoro::waitFor(factory.python())->executable, python->executable);
        const QString said = report->details.join(u'\n');
        QVERIFY2(said.contains(hidden + QStringLiteral(" cannot run cells: ")), qPrintable(said));

        for (QString SandboxOptions::* const by :
            {&SandboxOptions::python, &SandboxOptions::bundledPython, &SandboxOptions::preferredPython}) {
            SandboxOptions named = sandbox;
            named.*by = hidden;
            SandboxedReplFactory strict(named);
            const auto refused = QCoro::waitFor(strict.probe());
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::PythonMissing);
            QVERIFY2(refused.error().message.contains(QStringLiteral("cannot read ") + hidden),
                qPrintable(refused.error().message));
        }
    }

    void aStandInThatHangsIsEndedWithWhatItStarted()
    {
        const QTemporaryDir folder;
        const QString child = folder.filePath(QStringLiteral("child"));
        const QString standIn = folder.filePath(QStringLiteral("python3"));
        writeProgram(standIn, "#!/bin/sh\nsleep 100 &\necho $! > " + child.toUtf8() + "\nwait\n");
        QVERIFY(!find({.python = standIn}));
        QFile file(child);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString process
            = QStringLiteral("/proc/%1/exe").arg(QString::fromUtf8(file.readAll().trimmed()));
        QTRY_VERIFY(QFile::symLinkTarget(process).isEmpty());
    }

    void theEnvironmentNamesTheInterpreter()
    {
        qputenv("BURROW_PYTHON", "/no/such/python");
        const Result<PythonInstall> python = anyPython();
        QVERIFY(!python);
        QCOMPARE(python.error().code, ErrorCode::PythonMissing);
        QVERIFY(python.error().message.contains(QStringLiteral("/no/such/python")));
    }

    void withoutAnyPythonTheNextStepIsTold()
    {
        const QTemporaryDir empty;
        const PathOf path(empty.path());
        const Result<PythonInstall> python = anyPython();
        QVERIFY(!python);
        QCOMPARE(python.error().code, ErrorCode::PythonMissing);
        for (const char* word : {"BURROW_PYTHON", "apt install"})
            QVERIFY(python.error().message.contains(QLatin1StringView(word)));
    }

    void settingsNameAnInterpreter()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("burrow/burrow.ini"));
        Settings settings(path);
        QCOMPARE(settings.python(), QString());
        settings.setPython(QStringLiteral("/opt/my python/bin/python3"));
        QVERIFY(settings.save());
        QCOMPARE(Settings(path).python(), QStringLiteral("/opt/my python/bin/python3"));
        settings.setPython({});
        QVERIFY(settings.save());
        QCOMPARE(Settings(path).python(), QString());
    }

private:
    static void expectToRunCells(const SandboxOptions& sandbox)
    {
        class NoCalls final : public HostCalls {
            Task<QueryOutcome> query(NodePath, QueryBatch, StopToken) override { co_return {}; }
        };
        NoCalls calls;
        SandboxedReplFactory factory(sandbox);
        ReplSpec spec;
        spec.path = NodePath::root();
        spec.context.value = ContextValue{ContextValue::Kind::Text, 0, "text"};
        auto repl = QCoro::waitFor(factory.start(spec, &calls, {}));
        QVERIFY2(repl, repl ? "" : qPrintable(repl.error().message));
        const auto output
            = QCoro::waitFor((*repl)->execute({NodePath::root().turn(1).cell(1),
                                                  "import sys\n"
                                                  "try: import private_module; print('seen')\n"
                                                  "except ImportError: print('hidden', sys.prefix)"},
                {}));
        QVERIFY(output);
        QCOMPARE(output->out.head, QByteArray("hidden /python\n"));
    }
};

QTEST_GUILESS_MAIN(PythonFinderTest)
#include "tst_python_finder.moc"
