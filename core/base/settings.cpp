#include "base/settings.h"

#include <QCoreApplication>
#include <QStandardPaths>

namespace burrow {

namespace {

const QString pythonKey = QStringLiteral("sandbox/python");

} // namespace

QString Settings::defaultPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
        + QStringLiteral("/burrow/burrow.ini");
}

Settings::Settings(const QString& path) : m_file(path, QSettings::IniFormat) { }

QString Settings::python() const
{
    return m_file.value(pythonKey).toString();
}

void Settings::setPython(const QString& path)
{
    if (path.isEmpty())
        m_file.remove(pythonKey);
    else
        m_file.setValue(pythonKey, path);
}

Result<void> Settings::save()
{
    m_file.sync();
    if (m_file.status() == QSettings::NoError)
        return {};
    return fail(ErrorCode::Io,
        QCoreApplication::translate("Settings", "Cannot write the settings to %1: look at its permissions.")
            .arg(m_file.fileName()));
}

} // namespace burrow
