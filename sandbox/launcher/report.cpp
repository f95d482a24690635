#include "report.h"

#include <cstdio>
#include <vector>

namespace burrow::launcher {

namespace {

std::string quoted(const std::string& text)
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

const char* json(bool value)
{
    return value ? "true" : "false";
}

} // namespace

Level Report::level() const
{
    if (landlockAbi > 0 && seccomp && limits && ownUser)
        return namespaces ? Level::Full : Level::Strong;
    return namespaces || landlockAbi > 0 || seccomp ? Level::Limited : Level::None;
}

std::string Report::toJson(Level minimum) const
{
    std::string missing;
    const auto name = [&missing](bool present, const char* protection) {
        if (!present)
            missing += (missing.empty() ? "\"" : ",\"") + std::string(protection) + '"';
    };
    name(namespaces, "namespaces");
    name(landlockAbi > 0, "landlock");
    name(seccomp, "seccomp");
    name(limits, "limits");
    name(ownUser, "own user");
    return "{\"pid\":" + std::to_string(pid) + ",\"level\":\"" + nameOf(level())
        + "\",\"refused\":" + json(refused(minimum)) + ",\"namespaces\":" + json(namespaces)
        + ",\"landlock\":" + std::to_string(landlockAbi) + ",\"seccomp\":" + json(seccomp)
        + ",\"limits\":" + json(limits) + ",\"own_user\":" + json(ownUser) + ",\"missing\":[" + missing
        + "],\"reason\":" + quoted(reason) + "}\n";
}

std::string errorLine(const std::string& message)
{
    return "{\"error\":" + quoted(message) + "}\n";
}

} // namespace burrow::launcher
