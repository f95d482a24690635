#include "host/python_finder.h"

#include "base/settings.h"
#include "base/words.h"
#include "host/bound_process.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>
#include <QSaveFile>
#include <QStandardPaths>
#include <QTimer>

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr auto inspectionTimeout = 10s;

using words::tr;

/// What the answer depends on, as the name of the file that keeps it.
QString cacheName(const QFileInfo& executable)
{
    const QString identity = QStringLiteral("3\n%1\n%2\n%3")
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
    process->start(executable,
        {QStringLiteral("-E"), QStringLiteral("-s"), QStringLiteral("-S"), QStringLiteral("-c"),
            inspectionScript()});
    if (!co_await ended) {
        endWithGroup(*process);
        co_return std::nullopt;
    }
    co_return PythonInstall::fromJson(process->readAllStandardOutput());
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
    // What a version manager's stand-in leads to may change while its file does not.
    if (install && !kept.isEmpty() && install->executable == file.canonicalFilePath())
        remember(kept, *install);
    co_return install;
}

/// A version manager's stand-in is a script: slow to ask, and asked each time.
bool isScript(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.read(2) == "#!";
}

/// Every file on the PATH with one of the usual names, the preferred name first; scripts last.
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
    std::ranges::stable_partition(found, [](const QString& path) { return !isScript(path); });
    return found;
}

/// Why @p install cannot be used; empty where it can.
QString whyNot(const std::optional<PythonInstall>& install, const std::vector<RefusedPython>& refused)
{
    if (!install)
        return tr("it is no Python that runs");
    const auto found = std::ranges::find(refused, install->executable, &RefusedPython::executable);
    return found == refused.end() ? install->unfitness() : found->reason;
}

/// The one interpreter at @p path, or why it cannot be used; @p next is what to do then.
Task<Result<PythonInstall>> exactly(
    QString path, QString cacheFolder, QString next, std::vector<RefusedPython> refused)
{
    const QString file = path.contains(u'/') ? path : QStandardPaths::findExecutable(path);
    std::optional<PythonInstall> install;
    if (!file.isEmpty())
        install = co_await installOf(file, cacheFolder);
    const QString unfit = whyNot(install, refused);
    if (!unfit.isEmpty())
        co_return fail(ErrorCode::PythonMissing, tr("%1 cannot run cells: %2. %3").arg(path, unfit, next));
    co_return *install;
}

Task<Result<PythonInstall>> onPath(QString cacheFolder, std::vector<RefusedPython> refused)
{
    QStringList reasons;
    for (const QString& candidate : candidates()) {
        const std::optional<PythonInstall> install = co_await installOf(candidate, cacheFolder);
        const QString unfit = whyNot(install, refused);
        if (unfit.isEmpty())
            co_return *install;
        reasons << tr("%1: %2").arg(candidate, unfit);
    }
    const QString known
        = reasons.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(reasons.join(QStringLiteral("; ")));
    co_return fail(ErrorCode::PythonMissing,
        tr("No Python 3.9 to 3.14 that can run cells was found on the PATH%1. Install one (Debian: sudo apt "
           "install python3), or name one in BURROW_PYTHON.")
            .arg(known));
}

} // namespace

Task<Result<PythonInstall>> findPython(SandboxOptions options, std::vector<RefusedPython> refused)
{
    const QString asked = options.python.isEmpty() ? qEnvironmentVariable("BURROW_PYTHON") : options.python;
    if (!asked.isEmpty())
        co_return co_await exactly(asked, options.cacheFolder, tr("Name another one."), std::move(refused));
    if (!options.bundledPython.isEmpty())
        co_return co_await exactly(options.bundledPython, options.cacheFolder,
            tr("It came with the program: install that again, or name another one in BURROW_PYTHON."),
            std::move(refused));
    if (!options.preferredPython.isEmpty())
        co_return co_await exactly(options.preferredPython, options.cacheFolder,
            tr("Your settings name it (%1): name another one there.").arg(Settings::defaultPath()),
            std::move(refused));
    co_return co_await onPath(options.cacheFolder, std::move(refused));
}

} // namespace burrow
