#pragma once

#include <QByteArray>

#include <nlohmann/json.hpp>

// Compiled once, in json.cpp: otherwise every file that uses them compiles them again.
extern template class nlohmann::basic_json<>;
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace burrow {

enum class JsonForm {
    Utf8, ///< in one line, text as it is
    Ascii, ///< in one line, all else as \u escapes
    Indented, ///< in lines, text as it is
};

/// Bytes that are no UTF-8 become U+FFFD: a text from outside must not stop what writes it.
QByteArray toText(const nlohmann::json& json, JsonForm form = JsonForm::Utf8);
QByteArray toText(const nlohmann::ordered_json& json, JsonForm form = JsonForm::Utf8);

/// `is_discarded()` where @p text is no JSON. Never throws.
nlohmann::json parseJson(QByteArrayView text);

} // namespace burrow
