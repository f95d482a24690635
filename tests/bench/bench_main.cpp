// The table of benchmarks: what the product takes, what it may take, and what the machine itself takes.
//
//     burrow-bench [ROW...]     all rows, or those named; `burrow-bench --list` names them
#include "rows.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <cstdio>

namespace burrow::bench {

namespace {

std::vector<Row> allRows(const Workspace& workspace)
{
    std::vector<Row> all;
    for (const auto topic :
        {documentRows, callRows, guestRows, checkpointRows, replayRows, runFileRows, windowRows})
        std::ranges::move(topic(workspace), std::back_inserter(all));
    return all;
}

void print(const Row& row, const Measured<Figure>& figure)
{
    const QByteArray measured = (figure ? figure->measured : figure.error()).toUtf8();
    const QByteArray floor = (figure ? figure->floor : QString()).toUtf8();
    std::printf("%-40s  %-22s  %-22s  %s\n", row.what, measured.constData(), row.target, floor.constData());
    std::fflush(stdout);
}

} // namespace

} // namespace burrow::bench

int main(int argc, char** argv)
{
    using namespace burrow::bench;
    const QCoreApplication application(argc, argv);
    const QStringList names = QCoreApplication::arguments().mid(1);
    const QTemporaryDir folder;
    qputenv("XDG_DATA_HOME", folder.path().toUtf8());
    qputenv("XDG_CACHE_HOME", folder.filePath(QStringLiteral("cache")).toUtf8());
    // Without a display, unless one is named: `QT_QPA_PLATFORM=xcb xvfb-run ./dev bench`.
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const Workspace workspace(folder.path());
    const std::vector<Row> rows = allRows(workspace);
    if (names == QStringList{QStringLiteral("--list")}) {
        for (const Row& row : rows)
            std::printf("%-12s  %s\n", row.name, row.what);
        return 0;
    }
    std::printf("%-40s  %-22s  %-22s  %s\n", "what (median of three)", "measured", "target", "floor");
    bool complete = true;
    for (const Row& row : rows) {
        if (!names.isEmpty() && !names.contains(QLatin1String(row.name)))
            continue;
        const auto figure = row.measure();
        complete = complete && figure;
        print(row, figure);
    }
    return complete ? 0 : 1;
}
