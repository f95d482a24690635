#include "host/python_finder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <qcorotask.h>

using namespace burrow;

namespace {

/// A Python that the test may run, by whatever name.
Result<PythonInstall> anyPython(const QString& cacheFolder = {})
{
    return QCoro::waitFor(findPython({}, cacheFolder));
}

void writeProgram(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

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

    void aStandInIsResolvedToTheRealInterpreter()
    {
        const Result<PythonInstall> python = anyPython();
        QVERIFY(python);
        const QTemporaryDir folder;
        const QString shim = folder.filePath(QStringLiteral("python3.13"));
        writeProgram(shim, "#!/bin/sh\nexec " + python->executable.toUtf8() + " \"$@\"\n");
        const Result<PythonInstall> resolved = QCoro::waitFor(findPython(shim, {}));
        QVERIFY(resolved);
        QCOMPARE(resolved->executable, python->executable);
    }

    void theEnvironmentNamesTheInterpreter()
    {
        qputenv("BURROW_PYTHON", "/no/such/python");
        const Result<PythonInstall> python = anyPython();
        QVERIFY(!python);
        QCOMPARE(python.error().code, ErrorCode::PythonMissing);
        QVERIFY(python.error().message.contains(QStringLiteral("/no/such/python")));
    }

    void aProgramThatIsNoPythonIsNamed()
    {
        const Result<PythonInstall> python = QCoro::waitFor(findPython(QStringLiteral("/bin/false"), {}));
        QVERIFY(!python);
        QCOMPARE(python.error().code, ErrorCode::PythonMissing);
    }

    void withoutAnyPythonTheNextStepIsTold()
    {
        const QByteArray path = qgetenv("PATH");
        const QTemporaryDir empty;
        qputenv("PATH", empty.path().toUtf8());
        const Result<PythonInstall> python = anyPython();
        qputenv("PATH", path);
        QVERIFY(!python);
        QCOMPARE(python.error().code, ErrorCode::PythonMissing);
        QVERIFY(python.error().message.contains(QStringLiteral("BURROW_PYTHON")));
    }
};

QTEST_GUILESS_MAIN(PythonFinderTest)
#include "tst_python_finder.moc"
