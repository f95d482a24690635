// The table of benchmarks: what the product takes, what it may take, and what the machine itself takes.
//
//     burrow-bench [ROW...]     all rows, or those named; `burrow-bench --list` names them
#include "floors.h"
#include "programs.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

#include <unistd.h>

namespace burrow::bench {

namespace {

using Replies = std::vector<std::string>;

constexpr qint64 gigabyte = 1'000'000'000;
constexpr int runs = 3;

struct Figure {
    QString measured, floor;
};

QString seconds(double value)
{
    return value < 0.0995 ? QStringLiteral("%1 ms").arg(value * 1e3, 0, 'f', 2)
                          : QStringLiteral("%1 s").arg(value, 0, 'f', 2);
}

QString megabytes(double value)
{
    return QStringLiteral("%1 MB").arg(value, 0, 'f', 1);
}

/// The middle one of several runs, by @p key.
template <typename Run, typename Key> Measured<Asked> median(Run run, Key key)
{
    std::vector<Asked> all;
    for (int i = 0; i < runs; ++i) {
        const Measured<Asked> asked = run();
        if (!asked)
            return asked;
        all.push_back(*asked);
        QFile::remove(asked->runFile);
    }
    std::ranges::sort(all, {}, key);
    return all[all.size() / 2];
}

QByteArray script(const Replies& root, const Replies& sub = {"ok"})
{
    return QByteArray::fromStdString(nlohmann::json{{"root", root}, {"sub", sub}}.dump());
}

std::string cell(const std::string& code)
{
    return "```repl\n" + code + "\n```";
}

const std::string finish = "answer['content'] = 'done'; answer['ready'] = True";

/// The rows of the table, and the documents that they share.
class Benchmarks {
public:
    explicit Benchmarks(QString folder) : m_folder(std::move(folder)) { }

    Measured<Figure> largeAscii()
    {
        return sample(gigabyte, "ascii").and_then([](const QString& document) -> Measured<Figure> {
            const double floor = plainRead(document);
            const Server server(script({cell("import time; time.sleep(1); " + finish)}));
            const auto asked
                = median([&] { return server.ask(document, {}, Memory::Watch); }, &Asked::firstRequest);
            if (!asked)
                return std::unexpected(asked.error());
            return Figure{
                seconds(asked->firstRequest) + QStringLiteral("; ") + megabytes(asked->peakAnonymousMb),
                QStringLiteral("read: ") + seconds(floor)};
        });
    }

    Measured<Figure> chinese(bool cached)
    {
        return sample(gigabyte, "zh").and_then([&](const QString& document) -> Measured<Figure> {
            const double floor = plainRead(document);
            const Server server(script({cell(finish)}));
            const auto ask = [&]() -> Measured<Asked> {
                if (!cached)
                    forgetCache();
                return server.ask(document);
            };
            if (const auto filled = cached ? ask() : Measured<Asked>{}; !filled)
                return std::unexpected(filled.error());
            const auto asked = median(ask, &Asked::firstRequest);
            if (!asked)
                return std::unexpected(asked.error());
            return Figure{seconds(asked->firstRequest), QStringLiteral("read: ") + seconds(floor)};
        });
    }

    Measured<Figure> turns()
    {
        constexpr int count = 50;
        Replies many;
        for (int i = 0; i < count; ++i)
            many.push_back(cell("print(" + std::to_string(i) + ")"));
        many.push_back(cell(finish));
        const Server lengthy(script(many)), brief(script({cell(finish)}));
        const QStringList options{QStringLiteral("--max-iterations"), QStringLiteral("100")};
        const auto all = median([&] { return lengthy.ask(small(), options); }, &Asked::seconds);
        const auto one = median([&] { return brief.ask(small(), options); }, &Asked::seconds);
        if (!all || !one)
            return std::unexpected(all ? one.error() : all.error());
        return Figure{seconds((all->seconds - one->seconds) / count),
            roundTrip(lengthy, 1000, 1, QStringLiteral("HTTP: "))};
    }

    Measured<Figure> queries() { return calls("for i in range(1000): llm_query(f'q{i}')", 0, 1000, 1); }
    Measured<Figure> batch()
    {
        constexpr int requests = 1000, inFlight = 64, latencyMs = 50;
        const Server busy(
            script({cell("llm_query_batched([f'q{i}' for i in range(1000)])\n" + finish)}), latencyMs);
        const Server idle(script({cell(finish)}), latencyMs);
        const QStringList options{QStringLiteral("--concurrency"), QString::number(inFlight)};
        const auto all = median([&] { return busy.ask(small(), options); }, &Asked::seconds);
        const auto none = median([&] { return idle.ask(small(), options); }, &Asked::seconds);
        if (!all || !none)
            return std::unexpected(all ? none.error() : all.error());
        std::vector<double> bare;
        for (int i = 0; i < runs; ++i)
            bare.push_back(bareCompletions(busy.baseUrl(), requests, inFlight));
        std::ranges::sort(bare);
        const double floor = bare[bare.size() / 2];
        // The root's own turn and the program's start and end are in another row.
        return Figure{QStringLiteral("%1 x; %2 in all")
                          .arg((all->seconds - none->seconds) / floor, 0, 'f', 2)
                          .arg(seconds(all->seconds)),
            QStringLiteral("curl: ") + seconds(floor)};
    }
    Measured<Figure> children()
    {
        return calls("rlm_query_batched([f'q{i}' for i in range(100)])", 50, 100, 64,
            {QStringLiteral("--max-depth"), QStringLiteral("2")});
    }

    Measured<Figure> largePrompts()
    {
        return sample(gigabyte / 10, "ascii").and_then([](const QString& document) -> Measured<Figure> {
            const Server server(script({cell("llm_query_batched([context[i * 490000:i * 490000 + 500000] for "
                                             "i in range(200)]); "
                + finish)}));
            const auto asked = median(
                [&] {
                    return server.ask(
                        document, {QStringLiteral("--window"), QStringLiteral("9000000")}, Memory::Watch);
                },
                &Asked::seconds);
            if (!asked)
                return std::unexpected(asked.error());
            return Figure{seconds(asked->seconds) + QStringLiteral("; ") + megabytes(asked->peakAnonymousMb),
                QStringLiteral("write, sync: ") + seconds(plainWrite(document))};
        });
    }

    Measured<Figure> runFile()
    {
        return sample(gigabyte / 10, "ascii").and_then([](const QString& document) -> Measured<Figure> {
            const std::string look = cell("print(len(context)); print(context[:20000])");
            const Server server(script({look, look, look, look, cell(finish)}));
            const auto asked = server.ask(document);
            if (!asked)
                return std::unexpected(asked.error());
            double bytes = 0;
            for (const char* suffix : {"", "-wal"})
                bytes += double(QFileInfo(asked->runFile + QLatin1String(suffix)).size());
            return Figure{megabytes(bytes / 1e6), megabytes(double(QFileInfo(document).size()) / 1e6)};
        });
    }

    Measured<Figure> smallAsk()
    {
        const Server server(script({cell(finish)}));
        const auto asked = median([&] { return server.ask(small()); }, &Asked::seconds);
        if (!asked)
            return std::unexpected(asked.error());
        return Figure{seconds(asked->seconds), roundTrip(server, 1000, 1, QStringLiteral("HTTP: "))};
    }

    Measured<Figure> fold()
    {
        const auto finished = runBeside(
            QStringLiteral("bench_fold"), {QStringLiteral("1000000"), QStringLiteral("fold-only")});
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

private:
    /// A whole ask whose one cell makes sub-calls, beside a bare client that makes as many.
    Measured<Figure> calls(const std::string& code, int latencyMs, int requests, int inFlight,
        const QStringList& options = {}) const
    {
        // A child RLM reads its reply as a turn: a cell that answers.
        const Server server(script({cell(code + "\n" + finish)}, {cell(finish)}), latencyMs);
        const auto asked = median([&] { return server.ask(small(), options); }, &Asked::seconds);
        if (!asked)
            return std::unexpected(asked.error());
        const double bare = bareCompletions(server.baseUrl(), requests, inFlight);
        return Figure{
            QStringLiteral("%1 (%2 x)").arg(seconds(asked->seconds)).arg(asked->seconds / bare, 0, 'f', 2),
            QStringLiteral("curl: ") + seconds(bare)};
    }

    static QString roundTrip(const Server& server, int requests, int inFlight, const QString& name)
    {
        return name + seconds(bareCompletions(server.baseUrl(), requests, inFlight) / requests);
    }

    Measured<QString> sample(qint64 bytes, const char* kind) const
    {
        const QString path = QStringLiteral("%1/%2-%3.txt").arg(m_folder, QLatin1String(kind)).arg(bytes);
        if (QFile::exists(path))
            return path;
        const auto written = runBeside(QStringLiteral("burrow-cli"),
            {QStringLiteral("sample"), QStringLiteral("--size"), QString::number(bytes),
                QStringLiteral("--kind"), QLatin1String(kind), path});
        if (!written)
            return std::unexpected(written.error());
        ::sync(); // else writing the sample back would be measured with what follows
        return path;
    }

    QString small() const
    {
        const QString path = m_folder + QStringLiteral("/small.txt");
        QFile file(path);
        if (!file.exists() && file.open(QIODevice::WriteOnly))
            file.write("A little text.\n");
        return path;
    }

    static void forgetCache()
    {
        QDir(qEnvironmentVariable("XDG_CACHE_HOME")).removeRecursively();
        ::sync();
    }

    QString m_folder;
};

struct Row {
    const char* name;
    const char* what;
    const char* target;
    std::function<Measured<Figure>(Benchmarks&)> measure;
};

const std::vector<Row>& rows()
{
    static const std::vector<Row> all{
        {"ascii", "1 GB ASCII, warm: first request; memory", "0.30 s; 120 MB", &Benchmarks::largeAscii},
        {"zh", "1 GB Chinese, source warm: first time", "1.50 s", [](auto& b) { return b.chinese(false); }},
        {"zh-cached", "1 GB Chinese: from the cache", "0.30 s", [](auto& b) { return b.chinese(true); }},
        {"turns", "a turn, no latency, recorded, of 50", "0.80 ms", &Benchmarks::turns},
        {"queries", "1000 llm_query in a loop", "1.00 s", &Benchmarks::queries},
        {"batch", "1000 batched, 50 ms, 64 in flight", "1.15 x curl", &Benchmarks::batch},
        {"children", "100 child RLMs of one turn, 50 ms", "2.50 s", &Benchmarks::children},
        {"prompts", "200 batched prompts of 500 KB", "1.00 s; 300 MB", &Benchmarks::largePrompts},
        {"run-file", "run file, 5 turns over 100 MB", "1.0 MB", &Benchmarks::runFile},
        {"small", "whole ask on a small file", "0.15 s", &Benchmarks::smallAsk},
        {"fold", "fold 1,000,000 nodes", "2.00 s; 400 B a node", &Benchmarks::fold},
    };
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
    if (names == QStringList{QStringLiteral("--list")}) {
        for (const Row& row : rows())
            std::printf("%-10s  %s\n", row.name, row.what);
        return 0;
    }
    std::printf("%-40s  %-22s  %-22s  %s\n", "what (median of three)", "measured", "target", "floor");
    Benchmarks benchmarks(folder.path());
    bool complete = true;
    for (const Row& row : rows()) {
        if (!names.isEmpty() && !names.contains(QLatin1String(row.name)))
            continue;
        const auto figure = row.measure(benchmarks);
        complete = complete && figure;
        print(row, figure);
    }
    return complete ? 0 : 1;
}
