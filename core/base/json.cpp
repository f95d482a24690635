#include "base/json.h"

template class nlohmann::basic_json<>;
template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace burrow {

namespace {

template <typename Json> QByteArray textOf(const Json& json, JsonForm form)
{
    const int indent = form == JsonForm::Indented ? 2 : -1;
    return QByteArray::fromStdString(
        json.dump(indent, ' ', form == JsonForm::Ascii, Json::error_handler_t::replace));
}

} // namespace

QByteArray toText(const nlohmann::json& json, JsonForm form)
{
    return textOf(json, form);
}

QByteArray toText(const nlohmann::ordered_json& json, JsonForm form)
{
    return textOf(json, form);
}

nlohmann::json parseJson(QByteArrayView text)
{
    return nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
}

} // namespace burrow
