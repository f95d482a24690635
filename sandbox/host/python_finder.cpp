#include "host/python_finder.h"

#include "host/bound_process.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>
#include <QSaveFile>
#include <QStandardPaths>
#include <QTimer>
#include <QVersionNumber>

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr auto inspectionTimeout = 20s;

QString tr(const char* sourceText)
{
    return QCoreApplication::translate("Sandbox", sourceText);
}

/// What the answer depends on, as the name of the file that keeps it.
QString cacheName(const QFileInfo& executable)
{
    const QString identity = QStringLiteral("2\n%1\n%2\n%3")
                                 .arg(executable.absoluteFilePath())
                                 .arg(executable.lastModified().toMSecsSinceEpoch())
                                 .arg(executable.size());
    const QByteArray hash = QCryptographicHash::hash(identity.toUtf8(), QCryptographicHash::Sha256);
    return QStringLiteral("python-%1.json").arg(QString::fromLatin1(hash.first(12).toHex()));
}

std::optional<PythonInstall> remembered(const QString& file)
{
    QFile kept(file);
    if (!kept.open(QIODevice::ReadOnly))
        return std::nullopt;
    std::optional<PythonInstall> install = PythonInstall::fromJson(kept.readAll());
    return install && install->isIntact() ? install : std::nullopt;
}

/// A cache that cannot be written costs time at the next start, nothing else.
void remember(const QString& file, const PythonInstall& install)
{
    QDir().mkpath(QFileInfo(file).path());
    QSaveFile kept(file);
    if (kept.open(QIODevice::WriteOnly)) {
        kept.write(install.toJson());
        kept.commit();
    }
}

/// The few variables that version managers and unusual linkers need; the rest may change what Python is.
QProcessEnvironment scrubbedEnvironment()
{
    const QProcessEnvironment present = QProcessEnvironment::systemEnvironment();
    QProcessEnvironment result;
    for (const QString& name : {QStringLiteral("PATH"), QStringLiteral("HOME"), QStringLiteral("PYENV_ROOT"),
             QStringLiteral("PYENV_VERSION"), QStringLiteral("LD_LIBRARY_PATH")}) {
        if (present.contains(name))
            result.insert(name, present.value(name));
    }
    result.insert(QStringLiteral("LANG"), QStringLiteral("C.UTF-8"));
    return result;
}

/// Runs the interpreter, or a version manager's stand-in for one. Nothing where it does not answer.
Task<std::optional<PythonInstall>> inspect(QString executable)
{
    // Deleted later: the coroutine may go on, and end, inside one of the process' signals.
    const std::unique_ptr<QProcess, QScopedPointerDeleteLater> process(new QProcess);
    process->setProcessEnvironment(scrubbedEnvironment());
    process->setStandardErrorFile(QProcess::nullDevice());
    process->setStandardInputFile(QProcess::nullDevice());
    process->setWorkingDirectory(QDir::rootPath());
    bindToThisThread(*process);
    Completion<bool> ended;
    QObject::connect(
        process.get(), &QProcess::finished, process.get(), [ended]() mutable { ended.resolve(true); });
    QObject::connect(
        process.get(), &QProcess::errorOccurred, process.get(), [ended]() mutable { ended.resolve(false); });
    QTimer::singleShot(inspectionTimeout, process.get(), [ended]() mutable { ended.resolve(false); });
    process->start(
        executable, {QStringLiteral("-I"), QStringLiteral("-S"), QStringLiteral("-c"), inspectionScript()});
    if (!co_await ended) {
        process->kill();
        co_return std::nullopt;
    }
    co_return PythonInstall::fromJson(process->readAllStandardOutput());
}

bool isNewEnough(const PythonInstall& install)
{
    return QVersionNumber::fromString(install.version) >= QVersionNumber(3, 9);
}

Task<std::optional<PythonInstall>> installOf(QString executable, QString cacheFolder)
{
    const QFileInfo file(executable);
    const QString kept = cacheFolder.isEmpty() ? QString() : QDir(cacheFolder).filePath(cacheName(file));
    if (!kept.isEmpty()) {
        if (std::optional<PythonInstall> install = remembered(kept))
            co_return install;
    }
    std::optional<PythonInstall> install = co_await inspect(file.absoluteFilePath());
    if (install && !kept.isEmpty())
        remember(kept, *install);
    co_return install;
}

/// Every file on the PATH with one of the usual names, the preferred name first.
QStringList candidates()
{
    QStringList names;
    for (const int minor : {13, 14, 12, 11, 10, 9})
        names << QStringLiteral("python3.%1").arg(minor);
    names << QStringLiteral("python3");
    const QStringList folders
        = QString::fromLocal8Bit(qgetenv("PATH")).split(QDir::listSeparator(), Qt::SkipEmptyParts);
    QStringList found;
    for (const QString& name : std::as_const(names)) {
        for (const QString& folder : folders) {
            const QFileInfo file(QDir(folder), name);
            if (file.isFile() && file.isExecutable())
                found << file.absoluteFilePath();
        }
    }
    return found;
}

Task<Result<PythonInstall>> exactly(QString chosen, QString cacheFolder)
{
    const QString path = chosen.contains(u'/') ? chosen : QStandardPaths::findExecutable(chosen);
    std::optional<PythonInstall> install;
    if (!path.isEmpty())
        install = co_await installOf(path, cacheFolder);
    if (!install)
        co_return fail(
            ErrorCode::PythonMissing, tr("%1 is no Python that runs. Name another one.").arg(chosen));
    if (!isNewEnough(*install))
        co_return fail(ErrorCode::PythonMissing,
            tr("%1 is Python %2; 3.9 or newer is needed. Name another one.").arg(chosen, install->version));
    co_return *install;
}

} // namespace

Task<Result<PythonInstall>> findPython(QString chosen, QString cacheFolder)
{
    if (chosen.isEmpty())
        chosen = qEnvironmentVariable("BURROW_PYTHON");
    if (!chosen.isEmpty())
        co_return co_await exactly(chosen, cacheFolder);
    for (const QString& candidate : candidates()) {
        const std::optional<PythonInstall> install = co_await installOf(candidate, cacheFolder);
        if (install && isNewEnough(*install))
            co_return *install;
    }
    co_return fail(ErrorCode::PythonMissing,
        tr("No Python 3.9 or newer was found on the PATH. Install one (Debian: sudo apt install python3), or "
           "name it "
           "in BURROW_PYTHON."));
}

} // namespace burrow
