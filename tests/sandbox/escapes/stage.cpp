#include "stage.h"

#include <QDir>
#include <QFile>

namespace burrow::escapes {

namespace {

bool makeFolder(const QString& path)
{
    return QDir().mkpath(path) && QFile::setPermissions(path, QFile::Permissions(0x7777));
}

bool makeFile(const QString& path, const QByteArray& content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size()
        && file.setPermissions(QFile::Permissions(0x6666));
}

QByteArray assign(const char* name, const QByteArray& text)
{
    return name + (" = '" + text) + "'\n";
}

} // namespace

QByteArray Stage::constants() const
{
    return assign("stage", folder.toUtf8()) + assign("home", home().toUtf8())
        + assign("secret_file", secretFile().toUtf8()) + assign("document", document().toUtf8())
        + assign("mark", mark);
}

bool Stage::build() const
{
    return makeFolder(folder) && makeFolder(home()) && makeFolder(path("home/.ssh"))
        && makeFolder(path("home/folder")) && makeFile(secretFile(), "key " + secret + '\n')
        && makeFile(path("home/notes.txt"), "The person's notes.\n")
        && makeFile(document(), QByteArray("All work and no play. ").repeated(documentBytes / 22))
        && makeFile(path("home/folder/") + QString::fromUtf8(secret), {})
        && QFile::link(QString::fromUtf8(secret), path("home/link"));
}

} // namespace burrow::escapes
