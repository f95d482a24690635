#include "floors.h"
#include "rows.h"

namespace burrow::bench {

namespace {

QString roundTrip(const Server& server)
{
    constexpr int requests = 1000;
    return QStringLiteral("HTTP: ") + seconds(bareCompletions(server.baseUrl(), requests, 1) / requests);
}

/// A whole ask whose one cell makes sub-calls, beside a bare client that makes as many.
Measured<Figure> calls(const Workspace& workspace, const std::string& code, int latencyMs, int requests,
    int inFlight, const QStringList& options = {})
{
    // A child RLM reads its reply as a turn: a cell that answers.
    const Server server(script({cell(code + "\n" + finish)}, {cell(finish)}), latencyMs);
    const auto asked = median([&] { return server.ask(workspace.small(), options); }, &Asked::seconds);
    if (!asked)
        return std::unexpected(asked.error());
    const double bare = bareCompletions(server.baseUrl(), requests, inFlight);
    return Figure{
        QStringLiteral("%1 (%2 x)").arg(seconds(asked->seconds)).arg(asked->seconds / bare, 0, 'f', 2),
        QStringLiteral("curl: ") + seconds(bare)};
}

Measured<Figure> turns(const Workspace& workspace)
{
    constexpr int count = 50;
    Replies many;
    for (int i = 0; i < count; ++i)
        many.push_back(cell("print(" + std::to_string(i) + ")"));
    many.push_back(cell(finish));
    const Server lengthy(script(many)), brief(script({cell(finish)}));
    const QStringList options{QStringLiteral("--max-iterations"), QStringLiteral("100")};
    const auto all = median([&] { return lengthy.ask(workspace.small(), options); }, &Asked::seconds);
    const auto one = median([&] { return brief.ask(workspace.small(), options); }, &Asked::seconds);
    if (!all || !one)
        return std::unexpected(all ? one.error() : all.error());
    return Figure{seconds((all->seconds - one->seconds) / count), roundTrip(lengthy)};
}

Measured<Figure> batch(const Workspace& workspace)
{
    constexpr int requests = 1000, inFlight = 64, latencyMs = 50;
    const Server busy(
        script({cell("llm_query_batched([f'q{i}' for i in range(1000)])\n" + finish)}), latencyMs);
    const Server idle(script({cell(finish)}), latencyMs);
    const QStringList options{QStringLiteral("--concurrency"), QString::number(inFlight)};
    const auto all = median([&] { return busy.ask(workspace.small(), options); }, &Asked::seconds);
    const auto none = median([&] { return idle.ask(workspace.small(), options); }, &Asked::seconds);
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

Measured<Figure> largePrompts(const QString& document)
{
    const Server server(script({cell("llm_query_batched([context[i * 490000:i * 490000 + 500000] for "
                                     "i in range(200)]); "
        + finish)}));
    const QStringList options{QStringLiteral("--window"), QStringLiteral("9000000")};
    const auto asked = median([&] { return server.ask(document, options, Memory::Watch); }, &Asked::seconds);
    if (!asked)
        return std::unexpected(asked.error());
    return Figure{seconds(asked->seconds) + QStringLiteral("; ") + megabytes(asked->peakAnonymousMb),
        QStringLiteral("write, sync: ") + seconds(plainWrite(document))};
}

Measured<Figure> smallAsk(const Workspace& workspace)
{
    const Server server(script({cell(finish)}));
    const auto asked = median([&] { return server.ask(workspace.small()); }, &Asked::seconds);
    if (!asked)
        return std::unexpected(asked.error());
    return Figure{seconds(asked->seconds), roundTrip(server)};
}

} // namespace

std::vector<Row> callRows(const Workspace& workspace)
{
    const auto queries
        = [&] { return calls(workspace, "for i in range(1000): llm_query(f'q{i}')", 0, 1000, 1); };
    const auto children = [&](int latencyMs) {
        return calls(workspace, "rlm_query_batched([f'q{i}' for i in range(100)])", latencyMs, 100, 64,
            {QStringLiteral("--max-depth"), QStringLiteral("2")});
    };
    const auto prompts = [&] { return workspace.sample(gigabyte / 10, "ascii").and_then(largePrompts); };
    return {
        {"turns", "a turn, no latency, recorded, of 50", "0.80 ms", [&] { return turns(workspace); }},
        {"queries", "1000 llm_query in a loop", "1.00 s", queries},
        {"batch", "1000 batched, 50 ms, 64 in flight", "1.15 x curl", [&] { return batch(workspace); }},
        {"children", "100 child RLMs of one turn, 50 ms", "2.50 s", [=] { return children(50); }},
        {"children-0", "100 child RLMs of one turn, no latency", "1.00 s", [=] { return children(0); }},
        {"prompts", "200 batched prompts of 500 KB", "1.00 s; 300 MB", prompts},
        {"small", "whole ask on a small file", "0.15 s", [&] { return smallAsk(workspace); }},
    };
}

} // namespace burrow::bench
