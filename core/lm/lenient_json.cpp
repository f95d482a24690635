#include "lm/lenient_json.h"

#include <QString>

#include <cmath>

namespace burrow {

namespace {

bool isHighSurrogate(uint unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}
bool isLowSurrogate(uint unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

/// The code unit of `\uXXXX` at @p at; 0 where there is none.
uint escapedUnit(QByteArrayView text, qsizetype at)
{
    if (text.size() - at < 6 || text[at] != '\\' || text[at + 1] != 'u')
        return 0;
    return text.sliced(at + 2, 4).toUInt(nullptr, 16);
}

/// @p text with each escaped surrogate that lacks its other half as U+FFFD.
QByteArray withoutLoneSurrogates(QByteArray text)
{
    for (qsizetype at = 0; (at = text.indexOf('\\', at)) >= 0;) {
        const uint unit = escapedUnit(text, at);
        if (isHighSurrogate(unit) && isLowSurrogate(escapedUnit(text, at + 6))) {
            at += 12;
        } else {
            if (isHighSurrogate(unit) || isLowSurrogate(unit))
                text.replace(at, 6, "\\ufffd");
            at += 2; // the escaped character, which may be a backslash, is no beginning
        }
    }
    return text;
}

/// Whether @p text nests deeper than any honest reply. Parsing takes eighty times the bytes of brackets, and
/// what walks a document recursively would run out of stack.
bool isDeep(QByteArrayView text)
{
    constexpr int deepest = 64;
    int depth = 0;
    bool insideString = false;
    for (auto at = text.begin(); at != text.end(); ++at) {
        if (*at == '"')
            insideString = !insideString;
        else if (insideString && *at == '\\' && at + 1 != text.end())
            ++at;
        else if (!insideString && (*at == '[' || *at == '{') && ++depth > deepest)
            return true;
        else if (!insideString && (*at == ']' || *at == '}'))
            --depth;
    }
    return false;
}

} // namespace

nlohmann::json parseLeniently(const QByteArray& text)
{
    if (isDeep(text))
        return nlohmann::json(nlohmann::json::value_t::discarded);
    nlohmann::json json = parseJson(text);
    if (!json.is_discarded())
        return json;
    const QByteArray repaired = withoutLoneSurrogates(QString::fromUtf8(text).toUtf8());
    return parseJson(repaired);
}

const nlohmann::json& member(const nlohmann::json& object, const char* key)
{
    static const nlohmann::json null;
    if (!object.is_object())
        return null;
    const auto found = object.find(key);
    return found == object.end() ? null : *found;
}

QByteArray textOf(const nlohmann::json& value)
{
    const auto* text = value.get_ptr<const std::string*>();
    return text ? QByteArray(text->data(), qsizetype(text->size())) : QByteArray();
}

std::optional<qint64> countOf(const nlohmann::json& value)
{
    constexpr double most = 1e12;
    if (!value.is_number())
        return std::nullopt;
    const double number = value.get<double>();
    if (!(number >= 0 && number <= most))
        return std::nullopt;
    return qint64(number);
}

} // namespace burrow
