#include "settings/saved_limits.h"

#include <QSettings>

namespace burrow {

namespace {

QString key(const char* name)
{
    return QStringLiteral("limits/") + QString::fromLatin1(name);
}

std::optional<qint64> countOf(const QSettings& settings, const char* name)
{
    const qint64 count = settings.value(key(name)).toLongLong();
    return count > 0 ? std::optional(count) : std::nullopt;
}

} // namespace

RunLimits savedLimits(const QSettings& settings)
{
    RunLimits limits;
    if (const auto cost = countOf(settings, "cost"))
        limits.maxCost = MicroUsd{*cost};
    if (const auto time = countOf(settings, "time"))
        limits.maxTime = std::chrono::milliseconds(*time);
    limits.maxCalls = countOf(settings, "calls");
    limits.maxTokens = countOf(settings, "tokens");
    limits.maxDepth = qBound(0, settings.value(key("depth"), limits.maxDepth).toInt(), 5);
    limits.maxIterations = qBound(1, settings.value(key("turns"), limits.maxIterations).toInt(), 1000);
    return limits;
}

void saveLimits(QSettings& settings, const RunLimits& limits)
{
    settings.setValue(key("cost"), limits.maxCost.value_or(MicroUsd()).value);
    settings.setValue(key("time"), qint64(limits.maxTime.value_or(std::chrono::milliseconds(0)).count()));
    settings.setValue(key("calls"), limits.maxCalls.value_or(0));
    settings.setValue(key("tokens"), limits.maxTokens.value_or(0));
    settings.setValue(key("depth"), limits.maxDepth);
    settings.setValue(key("turns"), limits.maxIterations);
}

} // namespace burrow
