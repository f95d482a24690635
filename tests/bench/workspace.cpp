#include "workspace.h"

#include <nlohmann/json.hpp>

#include <QFile>

#include <unistd.h>

namespace burrow::bench {

Measured<QString> Workspace::sample(qint64 bytes, const char* kind) const
{
    const QString path = QStringLiteral("%1/%2-%3.txt").arg(m_folder, QLatin1String(kind)).arg(bytes);
    if (QFile::exists(path))
        return path;
    const auto written = runBeside(QStringLiteral("burrow-cli"),
        {QStringLiteral("sample"), QStringLiteral("--size"), QString::number(bytes), QStringLiteral("--kind"),
            QLatin1String(kind), path});
    if (!written)
        return std::unexpected(written.error());
    ::sync(); // else writing the sample back would be measured with what follows
    return path;
}

Measured<QString> Workspace::run(int nodes) const
{
    const QString path = QStringLiteral("%1/%2.burrow").arg(m_folder).arg(nodes);
    if (QFile::exists(path))
        return path;
    const auto written
        = runBeside(QStringLiteral("bench_window"), {QStringLiteral("write"), path, QString::number(nodes)});
    if (!written)
        return std::unexpected(written.error());
    return path;
}

QString Workspace::small() const
{
    const QString path = m_folder + QStringLiteral("/small.txt");
    QFile file(path);
    if (!file.exists() && file.open(QIODevice::WriteOnly))
        file.write("A little text.\n");
    return path;
}

QByteArray script(const Replies& root, const Replies& sub)
{
    return QByteArray::fromStdString(nlohmann::json{{"root", root}, {"sub", sub}}.dump());
}

std::string cell(const std::string& code)
{
    return "```repl\n" + code + "\n```";
}

} // namespace burrow::bench
