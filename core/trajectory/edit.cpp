#include "trajectory/edit.h"

#include "base/json.h"

#include <limits>
#include <ranges>

namespace burrow {

namespace {

struct Step {
    QByteArray name;
    int ordinal;
};

std::vector<Step> stepsOf(const NodePath& path)
{
    std::vector<Step> steps;
    for (NodePath at = path; !at.isEmpty(); at = at.parent())
        steps.push_back({at.name().toByteArray(), at.ordinal()});
    std::ranges::reverse(steps);
    return steps;
}

/// A summary is asked for between two turns, which of them its path does not say; a final answer comes last.
int rankOf(const QByteArray& name)
{
    return name == "final" ? 1 : 0;
}

void apply(const Parameters& parameters, ChatRequest& request)
{
    if (parameters.maxOutputTokens)
        request.maxOutputTokens = *parameters.maxOutputTokens;
    if (parameters.temperature || parameters.serversTemperature)
        request.temperature = parameters.temperature;
}

bool reaches(const Edit& edit, const NodePath& path, const QByteArray& model)
{
    switch (edit.reach) {
    case Edit::Reach::Node:
        return path == edit.at;
    case Edit::Reach::FromHere:
        return model == edit.instead && isFromHere(path, edit.at);
    case Edit::Reach::All:
        return model == edit.instead;
    }
    return false;
}

} // namespace

QByteArray encodeParameters(const Parameters& parameters)
{
    nlohmann::json json = nlohmann::json::object();
    if (parameters.maxOutputTokens)
        json["max_output_tokens"] = *parameters.maxOutputTokens;
    if (parameters.serversTemperature)
        json["temperature"] = nullptr;
    else if (parameters.temperature)
        json["temperature"] = *parameters.temperature;
    return toText(json);
}

std::optional<Parameters> decodeParameters(const QByteArray& text)
{
    constexpr double hottest = 2; // no server takes more
    const auto json = parseJson(text);
    if (!json.is_object())
        return std::nullopt;
    Parameters parameters;
    if (const auto tokens = json.find("max_output_tokens"); tokens != json.end()) {
        constexpr qint64 most = std::numeric_limits<int>::max();
        if (!tokens->is_number_integer() || *tokens < 1 || *tokens > most)
            return std::nullopt;
        parameters.maxOutputTokens = tokens->get<int>();
    }
    if (const auto temperature = json.find("temperature"); temperature != json.end()) {
        parameters.serversTemperature = temperature->is_null();
        if (temperature->is_number() && *temperature >= 0 && *temperature <= hottest)
            parameters.temperature = temperature->get<double>();
        else if (!temperature->is_null())
            return std::nullopt;
    }
    return parameters == Parameters() ? std::nullopt : std::optional(parameters);
}

QByteArray encodeEdit(const Edit& edit)
{
    const nlohmann::json json{{"at", edit.at.text().toStdString()}, {"kind", int(edit.kind)},
        {"reach", int(edit.reach)}, {"instead", edit.instead.toStdString()}};
    return toText(json);
}

std::optional<Edit> decodeEdit(const QByteArray& text, const QByteArray& said)
{
    // The file may come from anybody, so every access may throw; it ends here.
    try {
        const auto json = parseJson(text);
        const auto at = NodePath::parse(QByteArray::fromStdString(json.at("at").get<std::string>()));
        const int kind = json.at("kind").get<int>(), reach = json.at("reach").get<int>();
        if (!at || kind < 0 || kind > int(Edit::Kind::Parameters) || reach < 0
            || reach > int(Edit::Reach::All))
            return std::nullopt;
        return Edit{*at, Edit::Kind(kind), Edit::Reach(reach), said,
            QByteArray::fromStdString(json.at("instead").get<std::string>())};
    } catch (const nlohmann::json::exception&) {
        return std::nullopt;
    }
}

bool changesRequest(const Edit& edit, const NodePath& path, const QByteArray& model)
{
    switch (edit.kind) {
    case Edit::Kind::Model:
    case Edit::Kind::Parameters:
        return reaches(edit, path, model);
    case Edit::Kind::Prompt:
    case Edit::Kind::Sample:
        return path == edit.at;
    case Edit::Kind::Nothing:
    case Edit::Kind::Reply:
        break;
    }
    return false;
}

bool isFromHere(const NodePath& path, const NodePath& from)
{
    const std::vector<Step> steps = stepsOf(path), start = stepsOf(from);
    for (size_t i = 0; i < std::min(steps.size(), start.size()); ++i) {
        const auto a = std::pair(rankOf(steps[i].name), steps[i].ordinal);
        const auto b = std::pair(rankOf(start[i].name), start[i].ordinal);
        if (a != b)
            return a > b;
    }
    return steps.size() >= start.size();
}

ChatRequest Edits::applyTo(ChatRequest request) const
{
    if (isEmpty())
        return request;
    if (const QByteArray* const text = prompt(request.path); text && !request.messages.empty())
        request.messages.back().text = *text;
    for (const Edit& edit : m_edits) {
        if (edit.kind == Edit::Kind::Model && reaches(edit, request.path, request.model))
            request.model = edit.text;
        if (edit.kind == Edit::Kind::Sample && request.path == edit.at)
            request.sampleOrdinal = edit.text.toInt();
        if (edit.kind == Edit::Kind::Parameters && reaches(edit, request.path, request.model))
            apply(decodeParameters(edit.text).value_or(Parameters()), request);
    }
    return request;
}

std::optional<Edit::Kind> Edits::kindAt(const NodePath& path) const
{
    const auto found = std::ranges::find(m_edits, path, &Edit::at);
    return found == m_edits.end() ? std::nullopt : std::optional(found->kind);
}

const QByteArray* Edits::textOf(const NodePath& path, Edit::Kind kind) const
{
    for (const Edit& edit : m_edits | std::views::reverse)
        if (edit.kind == kind && edit.at == path)
            return &edit.text;
    return nullptr;
}

} // namespace burrow
