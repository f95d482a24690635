#include "outcome.h"

#include <nlohmann/json.hpp>

namespace burrow::escapes {

namespace {

using Json = nlohmann::json;

/// A guest can print anything, which need not be text.
std::string text(const QByteArray& bytes)
{
    return QString::fromUtf8(bytes).toStdString();
}

QByteArray bytes(const Json& json)
{
    return QByteArray::fromStdString(json.get<std::string>());
}

} // namespace

const char* nameOf(Protection protection)
{
    switch (protection) {
    case Protection::Full:
        return "full";
    case Protection::Strong:
        return "strong";
    case Protection::None:
        break;
    }
    return "none";
}

QByteArray Outcome::toJson() const
{
    Json sightings = Json::array();
    for (const Sighting& sighting : seen)
        sightings.push_back({text(sighting.witness), text(sighting.what)});
    const Json json = {{"trouble", text(trouble)}, {"status", text(status)}, {"error", text(error)},
        {"seen", sightings}, {"processes", std::vector<qint64>(processes.begin(), processes.end())},
        {"sessions", std::vector<qint64>(sessions.begin(), sessions.end())}, {"victim", victim}};
    return QByteArray::fromStdString(json.dump()) + '\n';
}

Result<Outcome> Outcome::fromJson(const QByteArray& line)
{
    const Json json = Json::parse(line.cbegin(), line.cend(), nullptr, false);
    if (!json.is_object())
        return fail(ErrorCode::GuestFailed, QStringLiteral("The host of the attempt said nothing."));
    Outcome outcome{.trouble = bytes(json["trouble"]),
        .status = bytes(json["status"]),
        .error = bytes(json["error"]),
        .victim = json["victim"].get<qint64>()};
    for (const Json& sighting : json["seen"])
        outcome.seen << Sighting{bytes(sighting[0]), bytes(sighting[1])};
    for (const Json& pid : json["processes"])
        outcome.processes << pid.get<qint64>();
    for (const Json& pid : json["sessions"])
        outcome.sessions << pid.get<qint64>();
    return outcome;
}

} // namespace burrow::escapes
