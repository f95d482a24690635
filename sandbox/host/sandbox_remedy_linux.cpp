#include "host/sandbox_report.h"

#include <QCoreApplication>
#include <QFile>

namespace burrow {

namespace {

/// Empty where the kernel has no such setting.
QByteArray setting(const char* path)
{
    QFile file(QString::fromLatin1(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

QString tr(const char* sourceText)
{
    return QCoreApplication::translate("Sandbox", sourceText);
}

} // namespace

QString namespaceRemedy()
{
    if (setting("/proc/sys/kernel/unprivileged_userns_clone") == "0")
        return tr("To allow it: sudo sysctl kernel.unprivileged_userns_clone=1.");
    if (setting("/proc/sys/user/max_user_namespaces") == "0")
        return tr("To allow it: sudo sysctl user.max_user_namespaces=10000.");
    if (setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1")
        return tr(
            "To allow it: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or give burrow-sandbox "
            "an AppArmor profile that allows userns.");
    return tr("In a container, allow it with the container's seccomp setting.");
}

} // namespace burrow
