#include "rows.h"

#include <QFileInfo>
#include <QRegularExpression>

namespace burrow::bench {

namespace {

Measured<Figure> size(const QString& document)
{
    const std::string look = cell("print(len(context)); print(context[:20000])");
    const Server server(script({look, look, look, look, cell(finish)}));
    const auto asked = server.ask(document);
    if (!asked)
        return std::unexpected(asked.error());
    double bytes = 0;
    for (const char* suffix : {"", "-wal"})
        bytes += double(QFileInfo(asked->runFile + QLatin1String(suffix)).size());
    return Figure{megabytes(bytes / 1e6), megabytes(double(QFileInfo(document).size()) / 1e6)};
}

Measured<Figure> fold()
{
    const auto finished
        = runBeside(QStringLiteral("bench_fold"), {QStringLiteral("1000000"), QStringLiteral("fold-only")});
    if (!finished)
        return std::unexpected(finished.error());
    static const QRegularExpression line(
        QStringLiteral("nodes: ([\\d.]+) s \\(cpu ([\\d.]+) s\\), (\\d+) bytes"));
    const auto match = line.match(QString::fromUtf8(finished->output));
    if (!match.hasMatch())
        return std::unexpected(QString::fromUtf8(finished->output));
    return Figure{QStringLiteral("%1 s; %2 B a node").arg(match.captured(1), match.captured(3)),
        QStringLiteral("cpu: %1 s").arg(match.captured(2))};
}

} // namespace

std::vector<Row> runFileRows(const Workspace& workspace)
{
    const auto sizeOfRun = [&] { return workspace.sample(gigabyte / 10, "ascii").and_then(size); };
    return {
        {"run-file", "run file, 5 turns over 100 MB", "1.0 MB", sizeOfRun},
        {"fold", "fold 1,000,000 nodes", "2.00 s; 400 B a node", fold},
    };
}

} // namespace burrow::bench
