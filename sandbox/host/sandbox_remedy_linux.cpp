#include "host/sandbox_report.h"

#include "base/words.h"

#include <QFile>
#include <QFileInfo>

namespace burrow {

namespace {

using words::tr;

/// The settings of a kernel. Empty where it has no such setting.
class Kernel {
public:
    explicit Kernel(const QString& folder) : m_folder(folder) { }

    bool has(const char* setting, QByteArrayView value) const
    {
        QFile file(m_folder + u'/' + QString::fromLatin1(setting).replace(u'.', u'/'));
        return file.open(QIODevice::ReadOnly) && file.readAll().trimmed() == value;
    }

private:
    QString m_folder;
};

void setSysctl(SandboxReport& report, const char* assignment)
{
    report.remedy = tr("This system keeps programs from making namespaces: allow it with sudo sysctl %1.")
                        .arg(QLatin1StringView(assignment));
    report.commands
        = QStringLiteral("sudo sysctl %1\n"
                         "echo %1 | sudo tee /etc/sysctl.d/60-burrow.conf   # also after a restart\n")
              .arg(QLatin1StringView(assignment));
}

/// AppArmor takes some characters of a path for a pattern.
QString asPattern(const QString& path)
{
    QString pattern;
    for (const QChar c : path) {
        if (QStringLiteral("\\\"*?[]{}^").contains(c))
            pattern += u'\\';
        pattern += c;
    }
    return u'"' + pattern + u'"';
}

void giveProfile(SandboxReport& report, const QString& launcher)
{
    const QFileInfo file(launcher);
    const QString path = file.exists() ? file.canonicalFilePath() : launcher;
    report.remedy
        = tr("AppArmor keeps programs from making namespaces here: give burrow-sandbox a profile that "
             "allows it.");
    report.commands = QStringLiteral("sudo tee /etc/apparmor.d/burrow-sandbox <<'END'\n"
                                     "abi <abi/4.0>,\n"
                                     "include <tunables/global>\n"
                                     "\n"
                                     "profile burrow-sandbox %1 flags=(unconfined) {\n"
                                     "  userns,\n"
                                     "}\n"
                                     "END\n"
                                     "sudo apparmor_parser -r /etc/apparmor.d/burrow-sandbox\n")
                          .arg(asPattern(path));
}

void explainContainer(SandboxReport& report)
{
    report.remedy
        = tr("A container or another sandbox around the program keeps it from making namespaces. "
             "Docker and Podman allow it when the container is started with other security options.");
    report.commands = QStringLiteral("docker run --security-opt seccomp=unconfined --security-opt "
                                     "apparmor=unconfined …\n");
}

void addNamespaceRemedy(SandboxReport& report, const QString& launcher, const Kernel& kernel)
{
    if (kernel.has("user.max_user_namespaces", "0"))
        setSysctl(report, "user.max_user_namespaces=10000");
    else if (kernel.has("kernel.unprivileged_userns_clone", "0"))
        setSysctl(report, "kernel.unprivileged_userns_clone=1");
    else if (kernel.has("kernel.apparmor_restrict_unprivileged_userns", "1"))
        giveProfile(report, launcher);
    else
        explainContainer(report);
}

} // namespace

void addRemedy(SandboxReport& report, const QString& launcher, const QString& systemSettings)
{
    const auto lacks = [&report](const char* protection) {
        return report.missing.contains(QLatin1StringView(protection));
    };
    // What leaves the most open first.
    if (lacks("landlock"))
        report.remedy
            = tr("Landlock needs Linux 5.13 or newer with `landlock` in the kernel's list of security "
                 "modules (/sys/kernel/security/lsm).");
    else if (lacks("seccomp"))
        report.remedy = tr("System call filters need a kernel with CONFIG_SECCOMP_FILTER.");
    else if (lacks("own user"))
        report.remedy = tr("Root may not become another user here: start the program as an ordinary user.");
    else if (lacks("limits"))
        report.remedy
            = tr("The limits on resources could not be set: look at those that the program was started "
                 "with (ulimit -a).");
    else if (lacks("namespaces"))
        addNamespaceRemedy(report, launcher, Kernel(systemSettings));
}

} // namespace burrow
