#include "engine/run_settings.h"

#include "base/json.h"
#include "base/words.h"
#include "lm/price_table.h"

#include <limits>

namespace burrow {

namespace {

using Json = nlohmann::json;

using words::tr;

std::vector<std::string> toJsonList(const QStringList& list)
{
    std::vector<std::string> out;
    for (const QString& text : list)
        out.push_back(text.toStdString());
    return out;
}

/// Puts the member @p name of @p json into @p target where it is there and of the right type.
template <typename T> void take(const Json& json, const char* name, T& target)
{
    const auto found = json.find(name);
    if (found == json.end())
        return;
    if constexpr (std::is_same_v<T, QString>) {
        if (found->is_string())
            target = QString::fromStdString(found->get<std::string>());
    } else if constexpr (std::is_same_v<T, QByteArray>) {
        if (found->is_string())
            target = QByteArray::fromStdString(found->get<std::string>());
    } else if constexpr (std::is_same_v<T, QStringList>) {
        for (const Json& entry : *found) {
            if (entry.is_string())
                target << QString::fromStdString(entry.get<std::string>());
        }
    } else if constexpr (std::is_same_v<T, bool>) {
        if (found->is_boolean())
            target = found->get<bool>();
    } else {
        // The file may come from anybody: whatever is added to such a number must not overflow.
        constexpr quint64 most = sizeof(T) < sizeof(qint64) ? std::numeric_limits<int>::max() : 1e15;
        if (found->is_number_unsigned() && found->get<quint64>() <= most)
            target = T(found->get<qint64>());
    }
}

template <typename T> void takeLimit(const Json& json, const char* name, std::optional<T>& target)
{
    qint64 value = -1;
    take(json, name, value);
    if (value >= 0)
        target = T{value};
}

Json limitsToJson(const RunLimits& limits)
{
    Json json{{"max_iterations", limits.maxIterations}, {"max_depth", limits.maxDepth},
        {"max_concurrent_calls", limits.maxConcurrentCalls},
        {"max_concurrent_children", limits.maxConcurrentChildren},
        {"max_consecutive_errors", limits.maxConsecutiveErrors},
        {"max_output_tokens", limits.maxOutputTokens}, {"cell_timeout_ms", limits.repl.cellTimeout.count()},
        {"cell_cpu_ms", limits.repl.cellCpu.count()}, {"cell_memory_bytes", limits.repl.memoryBytes},
        {"cell_scratch_bytes", limits.repl.scratchBytes}, {"cell_scratch_files", limits.repl.scratchFiles},
        {"cell_open_files", limits.repl.openFiles}, {"cell_threads", limits.repl.threads},
        {"max_memory_bytes", limits.repl.runMemoryBytes}};
    if (limits.maxCost)
        json["max_cost_micro_usd"] = limits.maxCost->value;
    if (limits.maxTokens)
        json["max_tokens"] = *limits.maxTokens;
    if (limits.maxCalls)
        json["max_calls"] = *limits.maxCalls;
    if (limits.maxTime)
        json["max_time_ms"] = limits.maxTime->count();
    return json;
}

RunLimits limitsFromJson(const Json& json)
{
    RunLimits limits;
    take(json, "max_iterations", limits.maxIterations);
    take(json, "max_depth", limits.maxDepth);
    take(json, "max_concurrent_calls", limits.maxConcurrentCalls);
    take(json, "max_concurrent_children", limits.maxConcurrentChildren);
    take(json, "max_consecutive_errors", limits.maxConsecutiveErrors);
    take(json, "max_output_tokens", limits.maxOutputTokens);
    take(json, "cell_timeout_ms", limits.repl.cellTimeout);
    take(json, "cell_cpu_ms", limits.repl.cellCpu);
    take(json, "cell_memory_bytes", limits.repl.memoryBytes);
    take(json, "cell_scratch_bytes", limits.repl.scratchBytes);
    take(json, "cell_scratch_files", limits.repl.scratchFiles);
    take(json, "cell_open_files", limits.repl.openFiles);
    take(json, "cell_threads", limits.repl.threads);
    take(json, "max_memory_bytes", limits.repl.runMemoryBytes);
    takeLimit(json, "max_cost_micro_usd", limits.maxCost);
    takeLimit(json, "max_tokens", limits.maxTokens);
    takeLimit(json, "max_calls", limits.maxCalls);
    takeLimit(json, "max_time_ms", limits.maxTime);
    // With none of these nothing would ever start.
    for (int* const number : {&limits.maxIterations, &limits.maxConcurrentCalls,
             &limits.maxConcurrentChildren, &limits.maxConsecutiveErrors, &limits.maxOutputTokens})
        *number = std::max(*number, 1);
    for (qint64* const bytes : {&limits.repl.memoryBytes, &limits.repl.runMemoryBytes})
        *bytes = std::max(*bytes, leastReplMemory);
    for (qint64* const number : {&limits.repl.openFiles, &limits.repl.threads})
        *number = std::max<qint64>(*number, 16);
    return limits;
}

} // namespace

QByteArray RunSettings::toJson() const
{
    Json allowed = Json::array();
    for (const QByteArray& name : models.allowed)
        allowed.push_back(name.toStdString());
    const Json json{{"paths", toJsonList(paths)}, {"encoding", encoding.toStdString()},
        {"endpoint", endpoint.toStdString()}, {"model", models.root.toStdString()},
        {"sub_model", models.sub.toStdString()}, {"allowed_models", allowed},
        {"root_window", models.rootWindow}, {"sub_window", models.subWindow}, {"windows_known", windowsKnown},
        {"prices", toJsonList(prices)}, {"limits", limitsToJson(limits)}};
    return toText(json, JsonForm::Ascii);
}

RunSettings RunSettings::fromJson(const QByteArray& text)
{
    RunSettings settings;
    const Json json = parseJson(text);
    if (!json.is_object())
        return settings;
    take(json, "paths", settings.paths);
    take(json, "encoding", settings.encoding);
    take(json, "endpoint", settings.endpoint);
    take(json, "model", settings.models.root);
    take(json, "sub_model", settings.models.sub);
    take(json, "root_window", settings.models.rootWindow);
    take(json, "sub_window", settings.models.subWindow);
    take(json, "windows_known", settings.windowsKnown);
    take(json, "prices", settings.prices);
    QStringList allowed;
    take(json, "allowed_models", allowed);
    for (const QString& name : allowed)
        settings.models.allowed.insert(name.toUtf8());
    if (const auto limits = json.find("limits"); limits != json.end() && limits->is_object())
        settings.limits = settings.told = limitsFromJson(*limits);
    return settings;
}

Result<void> checkPrices(const RunSettings& settings)
{
    const Result<PriceTable> table = PriceTable::from(settings.prices);
    if (!table)
        return std::unexpected(table.error());
    if (!settings.limits.maxCost || settings.endpoint == QLatin1String("offline"))
        return {};
    for (const QByteArray& model : settings.models.allowed) {
        if (!table->price(model))
            return fail(ErrorCode::PriceUnknown,
                tr("The limit on money cannot be kept: the price of the model %1 is not known. Say with the "
                   "model what a million tokens cost in $, or run without that limit.")
                    .arg(QString::fromUtf8(model)));
    }
    return {};
}

} // namespace burrow
