#include "bound_home.h"

#include <QDir>
#include <QFile>
#include <QProcess>

#include <sched.h>
#include <sys/mount.h>

namespace burrow::escapes {

bool bindHome(const Stage& stage, const QString& guest)
{
    const QString at = stage.path("guest/mounted");
    return QProcess::execute(QStringLiteral("cp"), {QStringLiteral("-r"), guest, stage.path("guest")}) == 0
        && QDir().mkpath(at) && unshare(CLONE_NEWNS) == 0
        && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
        && mount(QFile::encodeName(stage.home()).constData(), QFile::encodeName(at).constData(), nullptr,
               MS_BIND, nullptr)
        == 0;
}

} // namespace burrow::escapes
