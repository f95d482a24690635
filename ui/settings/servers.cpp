#include "settings/servers.h"

#include "lm/price_table.h"

#include <QSettings>

namespace burrow {

using namespace Qt::StringLiterals;

const std::vector<ServerPreset>& serverPresets()
{
    static const std::vector<ServerPreset> presets{
        {u"OpenAI"_s, u"https://api.openai.com/v1"_s, u"OPENAI_API_KEY"_s, u"platform.openai.com/api-keys"_s},
        {u"OpenRouter"_s, u"https://openrouter.ai/api/v1"_s, u"OPENROUTER_API_KEY"_s,
            u"openrouter.ai/keys"_s},
        {u"DeepSeek"_s, u"https://api.deepseek.com/v1"_s, u"DEEPSEEK_API_KEY"_s,
            u"platform.deepseek.com/api_keys"_s},
        {u"Mistral"_s, u"https://api.mistral.ai/v1"_s, u"MISTRAL_API_KEY"_s,
            u"console.mistral.ai/api-keys"_s},
        {u"Groq"_s, u"https://api.groq.com/openai/v1"_s, u"GROQ_API_KEY"_s, u"console.groq.com/keys"_s},
        {u"Ollama"_s, u"http://127.0.0.1:11434/v1"_s, {}, {}},
        {u"llama.cpp"_s, u"http://127.0.0.1:8080/v1"_s, {}, {}},
        {u"LM Studio"_s, u"http://127.0.0.1:1234/v1"_s, {}, {}},
        {u"vLLM"_s, u"http://127.0.0.1:8000/v1"_s, {}, {}},
    };
    return presets;
}

ApiKey keyOfEnvironment(const QString& endpoint)
{
    const auto& presets = serverPresets();
    const auto preset = std::ranges::find(presets, endpoint, &ServerPreset::endpoint);
    if (preset == presets.end() || preset->isLocal())
        return {};
    return ApiKey(qgetenv(preset->keyVariable.toLatin1().constData()));
}

QList<ModelChoice> savedModels(const QSettings& settings)
{
    QList<ModelChoice> models;
    for (const QVariant& entry : settings.value(u"models"_s).toList()) {
        const QStringList fields = entry.toStringList();
        if (fields.size() == 4 && !fields[0].isEmpty() && !fields[1].isEmpty())
            models << ModelChoice{
                fields[0], fields[1], fields[2], isPrice(fields[3]) ? fields[3] : QString()};
    }
    return models;
}

void saveModels(QSettings& settings, const QList<ModelChoice>& models)
{
    QVariantList entries;
    for (const ModelChoice& model : models)
        entries << QVariant(QStringList{model.endpoint, model.model, model.server, model.price});
    settings.setValue(u"models"_s, entries);
}

bool isPrice(const QString& price)
{
    PriceTable table;
    return table.add(u"model="_s + price).has_value();
}

} // namespace burrow
