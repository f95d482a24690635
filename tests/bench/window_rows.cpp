#include "floors.h"
#include "rows.h"

#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>

namespace burrow::bench {

namespace {

constexpr int patienceMs = 60'000;
constexpr int starts = 5;

/// What a program that stands beside this one printed: the figure, and the floor where it knows one.
Measured<Figure> figureOf(const QString& program, const QStringList& arguments)
{
    return runBeside(program, arguments).transform([](const Finished& finished) {
        const QStringList lines = QString::fromUtf8(finished.output).split(QLatin1Char('\n'));
        return Figure{lines.value(0), lines.value(1)};
    });
}

Measured<Figure> windowFigure(const QStringList& arguments)
{
    return figureOf(QStringLiteral("bench_window"), arguments);
}

Measured<Figure> documentFigure(const QStringList& arguments)
{
    return figureOf(QStringLiteral("bench_document"), arguments);
}

double medianOf(std::vector<double> all)
{
    std::ranges::sort(all);
    return all[all.size() / 2];
}

/// From the start of the process until it says that it has painted, and that it waits for a person.
Measured<Figure> start()
{
    std::vector<double> painted, ready;
    for (int i = 0; i <= starts; ++i) {
        QProcess process;
        QElapsedTimer clock;
        clock.start();
        process.start(besideThis(QStringLiteral("burrow")), {QStringLiteral("--bench-start")});
        for (std::vector<double>* const all : {&painted, &ready}) {
            while (!process.canReadLine() && process.waitForReadyRead(patienceMs)) { }
            if (process.readLine().isEmpty())
                return std::unexpected(QStringLiteral("burrow does not start"));
            all->push_back(double(clock.nsecsElapsed()) / 1e9);
        }
        process.waitForFinished(patienceMs);
    }
    // The first one brings the program into memory.
    painted.erase(painted.begin());
    ready.erase(ready.begin());
    return Figure{seconds(medianOf(painted)) + QStringLiteral("; ") + seconds(medianOf(ready)), QString()};
}

/// As large a document as fits the memory that is free beside it, up to 10 GB: it is measured warm.
qint64 largestWarm()
{
    QFile file(QStringLiteral("/proc/meminfo"));
    if (!file.open(QIODevice::ReadOnly))
        return gigabyte;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("MemAvailable:"))
            return std::clamp(
                line.simplified().split(' ').at(1).toLongLong() * 1024 / 3, gigabyte, 10 * gigabyte);
    }
    return gigabyte;
}

/// What it prints is not for our table.
void countWith(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.setStandardOutputFile(QProcess::nullDevice());
    process.start(program, arguments);
    process.waitForFinished(-1);
}

/// Our search of @p document beside that of ripgrep, warm, one after the other.
Measured<Figure> search(const QString& document, const QString& syntax, const QString& pattern)
{
    const QString rg = QStandardPaths::findExecutable(QStringLiteral("rg"));
    std::vector<double> ours, theirs;
    QString matches;
    for (int i = 0; i < runs; ++i) {
        const auto found = documentFigure({QStringLiteral("search"), document, syntax, pattern});
        if (!found)
            return std::unexpected(found.error());
        ours.push_back(found->measured.toDouble());
        matches = found->floor;
        QStringList arguments{QStringLiteral("--count"), pattern, document};
        if (syntax == QLatin1String("literal"))
            arguments.prepend(QStringLiteral("--fixed-strings"));
        // What only PCRE2 can do, ripgrep leaves to it, too.
        if (pattern.contains(QLatin1String("\\1")))
            arguments.prepend(QStringLiteral("--pcre2"));
        QElapsedTimer clock;
        clock.start();
        if (!rg.isEmpty())
            countWith(rg, arguments);
        theirs.push_back(double(clock.nsecsElapsed()) / 1e9);
    }
    const double own = medianOf(ours), other = medianOf(theirs);
    if (rg.isEmpty())
        return Figure{seconds(own), QStringLiteral("ripgrep is not installed")};
    return Figure{QStringLiteral("%1 x; %2, %3 found").arg(other / own, 0, 'f', 2).arg(seconds(own), matches),
        QStringLiteral("ripgrep: ") + seconds(other)};
}

} // namespace

std::vector<Row> windowRows(const Workspace& workspace)
{
    const auto onRun = [&](int nodes, auto measure) {
        return [&workspace, nodes, measure] { return workspace.run(nodes).and_then(measure); };
    };
    const auto onDocument = [&](auto measure) {
        return [&workspace, measure] { return workspace.sample(largestWarm(), "ascii").and_then(measure); };
    };
    const auto searched = [&](const char* syntax, const char* pattern) {
        return onDocument([syntax, pattern](const QString& document) {
            return search(document, QLatin1String(syntax), QLatin1String(pattern));
        });
    };
    return {
        {"start", "window: first paint; ready", "0.30 s; 0.60 s", start},
        {"run-open", "open a run of 1,000,000 nodes", "2.00 s; 400 B a node",
            onRun(1'000'000,
                [](const QString& run) {
                    return figureOf(QStringLiteral("burrow"), {QStringLiteral("--bench-open"), run});
                })},
        {"live", "1,000 events a second, 100,000 nodes", "16 ms; 50 ms; 40 %",
            onRun(130'000,
                [](const QString& run) {
                    return windowFigure({QStringLiteral("live"), run, QStringLiteral("60")});
                })},
        {"filter", "filter 1,000,000 nodes: first; all", "100 ms; 1,000 ms",
            onRun(
                1'000'000, [](const QString& run) { return windowFigure({QStringLiteral("filter"), run}); })},
        {"playhead", "1,000,000 nodes: a step back; a jump", "100 ms; 1,000 ms",
            onRun(1'000'000,
                [](const QString& run) { return windowFigure({QStringLiteral("playhead"), run}); })},
        {"document", "up to 10 GB: paint; index; a line", "100 ms; 1 GB/s; 2 B",
            onDocument([](const QString& path) { return documentFigure({QStringLiteral("open"), path}); })},
        {"scroll", "scrolling it", "99 % 16 ms",
            onDocument([](const QString& path) { return documentFigure({QStringLiteral("scroll"), path}); })},
        {"passages", "what 1,000 texts of 20 kB have of it", "0.1 GB/s", onDocument([](const QString& path) {
             return documentFigure({QStringLiteral("passages"), path});
         })},
        {"search", "search: literal", "0.8 x ripgrep", searched("literal", "The access code of")},
        {"search-regex", "search: regex with a literal", "0.8 x ripgrep",
            searched("regex", "access code of the \\w+ at \\w+ is [A-Z]\\d{4}[A-Z]\\d\\d")},
        {"search-plain", "search: regex without a literal", "0.8 x ripgrep",
            searched("regex", "\\b[A-Z]{3}[0-9]{6}[a-z]\\b")},
        {"search-pcre", "search: what only PCRE2 can do", "0.4 x ripgrep",
            searched("regex", "\\b(\\w{7,}) \\1\\b")},
    };
}

} // namespace burrow::bench
