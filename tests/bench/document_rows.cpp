#include "floors.h"
#include "rows.h"

#include <QDir>

#include <unistd.h>

namespace burrow::bench {

namespace {

void forgetCache()
{
    QDir(qEnvironmentVariable("XDG_CACHE_HOME")).removeRecursively();
    ::sync();
}

Measured<Figure> largeAscii(const QString& document)
{
    const double floor = plainRead(document);
    const Server server(script({cell("import time; time.sleep(1); " + finish)}));
    const auto asked = median([&] { return server.ask(document, {}, Memory::Watch); }, &Asked::firstRequest);
    if (!asked)
        return std::unexpected(asked.error());
    return Figure{seconds(asked->firstRequest) + QStringLiteral("; ") + megabytes(asked->peakAnonymousMb),
        QStringLiteral("read: ") + seconds(floor)};
}

enum class Cache { Empty, Filled };

Measured<Figure> chinese(const QString& document, Cache cache)
{
    const double floor = plainRead(document);
    const Server server(script({cell(finish)}));
    const auto ask = [&]() -> Measured<Asked> {
        if (cache == Cache::Empty)
            forgetCache();
        return server.ask(document);
    };
    if (const auto filled = cache == Cache::Filled ? ask() : Measured<Asked>{}; !filled)
        return std::unexpected(filled.error());
    const auto asked = median(ask, &Asked::firstRequest);
    if (!asked)
        return std::unexpected(asked.error());
    return Figure{seconds(asked->firstRequest), QStringLiteral("read: ") + seconds(floor)};
}

} // namespace

std::vector<Row> documentRows(const Workspace& workspace)
{
    const auto ascii = [&] { return workspace.sample(gigabyte, "ascii").and_then(largeAscii); };
    const auto zh = [&](Cache cache) {
        return workspace.sample(gigabyte, "zh").and_then([cache](const QString& document) {
            return chinese(document, cache);
        });
    };
    return {
        {"ascii", "1 GB ASCII, warm: first request; memory", "0.30 s; 120 MB", ascii},
        {"zh", "1 GB Chinese, source warm: first time", "1.50 s", [=] { return zh(Cache::Empty); }},
        {"zh-cached", "1 GB Chinese: from the cache", "0.30 s", [=] { return zh(Cache::Filled); }},
    };
}

} // namespace burrow::bench
