#include "host/sandbox_options.h"

#include "base/settings.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace burrow {

namespace {

QString pythonBeside(const QDir& programs)
{
#ifdef Q_OS_WIN
    const QString program = QStringLiteral("python/python.exe");
#else
    const QString program = QStringLiteral("python/bin/python3");
#endif
    for (const QString& folder : {QStringLiteral("."), QStringLiteral("../lib/burrow")}) {
        const QString path = QDir::cleanPath(programs.filePath(folder + u'/' + program));
        if (QFileInfo::exists(path))
            return path;
    }
    return {};
}

} // namespace

SandboxOptions SandboxOptions::defaults()
{
    const QDir programs(QCoreApplication::applicationDirPath());
    const QString name = QStringLiteral("burrow-sandbox");
    const bool besideProgram = QFileInfo::exists(programs.filePath(name));
    const QDir parts(
        besideProgram ? programs.path() : programs.filePath(QStringLiteral("../libexec/burrow")));

    SandboxOptions options;
    options.launcher = QDir::cleanPath(parts.filePath(name));
    options.driverFolder = QDir::cleanPath(parts.filePath(QStringLiteral("guest")));
    options.bundledPython = pythonBeside(programs);
    options.preferredPython = Settings().python();
    const QString caches = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
    if (!caches.isEmpty())
        options.cacheFolder = QDir(caches).filePath(QStringLiteral("burrow"));
    return options;
}

} // namespace burrow
