#include "host/proc_linux.h"

#include <algorithm>
#include <array>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace burrow::proc {

namespace {

QByteArray pathOf(qint64 pid, const QByteArray& name)
{
    return "/proc/" + QByteArray::number(pid) + '/' + name;
}

} // namespace

QByteArrayList threadsOf(qint64 pid)
{
    QByteArrayList ids;
    if (DIR* const folder = opendir(pathOf(pid, "task").constData())) {
        while (const dirent* const entry = readdir(folder)) {
            if (entry->d_name[0] != '.')
                ids << entry->d_name;
        }
        closedir(folder);
    }
    return ids;
}

QByteArray contentsOf(qint64 pid, const QByteArray& name, qsizetype most)
{
    const int fd = open(pathOf(pid, name).constData(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return {};
    QByteArray contents;
    std::array<char, 16384> buffer;
    ssize_t count = 0;
    while (contents.size() < most && (count = read(fd, buffer.data(), buffer.size())) > 0)
        contents.append(buffer.data(), std::min(qsizetype(count), most - contents.size()));
    close(fd);
    return contents;
}

qint64 valueOf(const QByteArray& lines, const char* name)
{
    // A line is `RssAnon:      1234 kB`.
    const qsizetype start = lines.indexOf(name);
    if (start < 0)
        return 0;
    const qsizetype value = start + qsizetype(qstrlen(name));
    QByteArray text = lines.sliced(value, lines.indexOf('\n', value) - value).trimmed();
    const bool isInKilobytes = text.endsWith(" kB");
    if (isInKilobytes)
        text.chop(3);
    return text.toLongLong() * (isInKilobytes ? 1024 : 1);
}

QList<qint64> childrenOf(qint64 pid, qint64 threads)
{
    const QByteArrayList ids = threads > 1 ? threadsOf(pid) : QByteArrayList{QByteArray::number(pid)};
    QList<qint64> children;
    for (const QByteArray& id : ids) {
        for (const QByteArray& child : contentsOf(pid, "task/" + id + "/children").split(' ')) {
            if (const qint64 number = child.trimmed().toLongLong(); number > 0)
                children << number;
        }
    }
    return children;
}

} // namespace burrow::proc
