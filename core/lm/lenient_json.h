#pragma once

#include "base/json.h"

namespace burrow {

/// Parses what a server sent: invalid UTF-8 and lone surrogates become U+FFFD, where strict JSON would lose a
/// whole reply for one cut character. `is_discarded()` where it is no JSON or nests over 64 deep. Never
/// throws.
nlohmann::json parseLeniently(const QByteArray& text);

/// The member @p key of @p object, or null where it is absent or @p object is none.
const nlohmann::json& member(const nlohmann::json& object, const char* key);
/// The text of a string, empty for anything else.
QByteArray textOf(const nlohmann::json& value);
/// A count that is whole, not negative and believable (up to 10^12).
std::optional<qint64> countOf(const nlohmann::json& value);

} // namespace burrow
