#include "asked_settings.h"

#include "base/words.h"
#include "lm/endpoint.h"

#include <QFileInfo>

namespace burrow {

namespace {

using words::tr;

Result<QString> endpointFor(const AskOptions& options)
{
    if (!options.baseUrl.isEmpty()) {
        const Result<Endpoint> endpoint = Endpoint::parse(options.baseUrl);
        if (!endpoint)
            return std::unexpected(endpoint.error());
        return QString::fromUtf8(endpoint->identity());
    }
    if (options.model == QLatin1String("offline"))
        return QStringLiteral("offline");
    return fail(ErrorCode::InvalidArgument,
        tr("There is no server for the model '%1': name its OpenAI-compatible address with --base-url URL, "
           "or use --model offline.")
            .arg(options.model));
}

} // namespace

Result<RunSettings> settingsFor(const AskOptions& options)
{
    RunSettings settings;
    const Result<QString> endpoint = endpointFor(options);
    if (!endpoint)
        return std::unexpected(endpoint.error());
    settings.endpoint = *endpoint;
    for (const QString& path : options.paths)
        settings.paths << QFileInfo(path).absoluteFilePath();
    settings.encoding = options.encoding;
    settings.prices = options.prices;
    settings.models.root = options.model.toUtf8();
    settings.models.sub = options.subModel.isEmpty() ? settings.models.root : options.subModel.toUtf8();
    settings.models.allowed = {settings.models.root, settings.models.sub};
    for (const QString& name : options.allowedModels)
        settings.models.allowed.insert(name.toUtf8());
    if (options.window) {
        settings.models.rootWindow = settings.models.subWindow = *options.window;
        settings.windowsKnown = true;
    }
    options.limits.applyTo(settings.limits);
    settings.told = settings.limits;
    return settings;
}

} // namespace burrow
