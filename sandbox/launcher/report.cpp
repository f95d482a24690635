#include "report.h"

#include <cstdio>

namespace burrow::launcher {

namespace {

std::string inJson(const std::string& text)
{
    std::string result = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (code < 0x20) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(code));
            result += escape;
        } else {
            result += c;
        }
    }
    return result + '"';
}

std::string list(const std::vector<std::string>& texts)
{
    std::string result;
    for (const std::string& text : texts)
        result += (result.empty() ? "" : ",") + inJson(text);
    return '[' + result + ']';
}

} // namespace

std::string Report::toJson(Level minimum) const
{
    return "{\"pid\":" + std::to_string(pid) + ",\"level\":" + inJson(nameOf(level))
        + ",\"refused\":" + (refused(minimum) ? "true" : "false") + ",\"missing\":" + list(missing)
        + ",\"details\":" + list(details) + ",\"reason\":" + inJson(reason) + "}\n";
}

std::string errorLine(const std::string& message)
{
    return "{\"error\":" + inJson(message) + "}\n";
}

std::string unfitLine(const std::string& reason)
{
    return "{\"unfit\":" + inJson(reason) + "}\n";
}

} // namespace burrow::launcher
