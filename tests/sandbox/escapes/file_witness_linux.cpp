#include "witness.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QMap>

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace burrow::escapes {

namespace {

constexpr off_t mostHashed = off_t(64) << 20; ///< bytes; a larger file is told from its size

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha1).toHex();
}

/// All that a program can change of the file at @p path, in one line.
QByteArray describe(const QString& path)
{
    const QByteArray name = QFile::encodeName(path);
    struct stat entry{};
    if (lstat(name.constData(), &entry) != 0)
        return "gone";
    char attributes[1024];
    const ssize_t attributeBytes = llistxattr(name.constData(), attributes, sizeof attributes);
    QByteArray text = "mode " + QByteArray::number(entry.st_mode, 8) + " owner "
        + QByteArray::number(entry.st_uid) + ':' + QByteArray::number(entry.st_gid) + " links "
        + QByteArray::number(qulonglong(entry.st_nlink)) + " size " + QByteArray::number(entry.st_size)
        + " modified " + QByteArray::number(qlonglong(entry.st_mtim.tv_sec)) + '.'
        + QByteArray::number(qlonglong(entry.st_mtim.tv_nsec)) + " changed "
        + QByteArray::number(qlonglong(entry.st_ctim.tv_sec)) + '.'
        + QByteArray::number(qlonglong(entry.st_ctim.tv_nsec)) + " attributes "
        + QByteArray(attributes, std::max<qsizetype>(attributeBytes, 0)).replace('\0', ' ');
    if (S_ISREG(entry.st_mode) && entry.st_size < mostHashed)
        text += " content " + contentOf(path);
    return text;
}

QMap<QString, QByteArray> describeAll(const QString& folder)
{
    QMap<QString, QByteArray> all = {{folder, describe(folder)}};
    QDirIterator entries(folder, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
        QDirIterator::Subdirectories);
    while (entries.hasNext())
        all.insert(entries.next(), describe(entries.filePath()));
    return all;
}

/// Takes every kind of lock on @p path and lets go of it. Returns the kind that somebody else holds.
QByteArray lockOn(const QString& path)
{
    const int fd = open(QFile::encodeName(path).constData(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno == EWOULDBLOCK ? "a lease" : "";
    struct flock whole{};
    whole.l_type = F_WRLCK;
    QByteArray held;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        held = "a flock";
    else if (fcntl(fd, F_OFD_SETLK, &whole) != 0)
        held = "a record lock";
    close(fd);
    return held;
}

/// Where every user may leave something behind.
QStringList markedIn(const QByteArray& mark)
{
    QStringList found;
    for (const QString& folder : {QStringLiteral("/tmp"), QStringLiteral("/var/tmp"),
             QStringLiteral("/dev/shm"), QStringLiteral("/dev/mqueue"), QStringLiteral("/")}) {
        const QStringList names = QDir(folder).entryList(
            {u'*' + QString::fromUtf8(mark) + u'*'}, QDir::AllEntries | QDir::System);
        for (const QString& name : names)
            found << folder + u'/' + name;
    }
    return found;
}

class FileWitness final : public Witness {
public:
    explicit FileWitness(const Stage& stage) : m_stage(stage) { }

    const char* name() const override { return "files"; }
    void remember(qint64) override { m_before = describeAll(m_stage.home()); }

    QStringList look(qint64) override
    {
        QStringList seen;
        const QMap<QString, QByteArray> after = describeAll(m_stage.home());
        for (const auto& [path, text] : after.asKeyValueRange()) {
            if (const QByteArray before = m_before.value(path); before != text)
                seen << QStringLiteral("%1 is now %2, and was %3")
                            .arg(path, QString::fromUtf8(text), QString::fromUtf8(before));
        }
        for (const QString& path : m_before.keys()) {
            if (!after.contains(path))
                seen << path + QStringLiteral(" is gone");
        }
        if (const QByteArray lock = lockOn(m_stage.document()); !lock.isEmpty())
            seen << QString::fromUtf8(lock) + QStringLiteral(" on the document");
        for (const QString& path : markedIn(m_stage.mark)) {
            seen << path + QStringLiteral(" was left behind");
            if (!QFile::remove(path))
                QDir(path).removeRecursively();
        }
        return seen;
    }

private:
    Stage m_stage;
    QMap<QString, QByteArray> m_before;
};

} // namespace

std::unique_ptr<Witness> fileWitness(const Stage& stage)
{
    return std::make_unique<FileWitness>(stage);
}

} // namespace burrow::escapes
