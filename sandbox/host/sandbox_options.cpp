#include "host/sandbox_options.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace burrow {

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
    const QString caches = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
    if (!caches.isEmpty())
        options.cacheFolder = QDir(caches).filePath(QStringLiteral("burrow"));
    return options;
}

} // namespace burrow
