#include "ordinary_user.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>

#include <pwd.h>
#include <unistd.h>

namespace burrow::escapes {

std::expected<std::unique_ptr<OrdinaryUser>, QString> OrdinaryUser::create()
{
    const QString name = QStringLiteral("burrow-escapes-%1").arg(QCoreApplication::applicationPid());
    QProcess useradd;
    useradd.start(QStringLiteral("useradd"),
        {QStringLiteral("--no-create-home"), QStringLiteral("--home-dir"), QStringLiteral("/nonexistent"),
            QStringLiteral("--shell"), QStringLiteral("/bin/false"), name});
    const bool ran = useradd.waitForFinished() && useradd.exitCode() == 0;
    const passwd* const entry = getpwnam(name.toUtf8().constData());
    if (!ran || !entry)
        return std::unexpected(QStringLiteral("Cannot add the user %1: %2%3")
                .arg(name, useradd.errorString(), QString::fromLocal8Bit(useradd.readAllStandardError())));
    return std::unique_ptr<OrdinaryUser>(new OrdinaryUser(name, entry->pw_uid));
}

OrdinaryUser::~OrdinaryUser()
{
    QProcess::execute(QStringLiteral("userdel"), {m_name});
}

bool OrdinaryUser::own(const QString& path) const
{
    return chown(QFile::encodeName(path).constData(), m_id, m_id) == 0;
}

} // namespace burrow::escapes
