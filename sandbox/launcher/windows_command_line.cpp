#include "windows_command_line.h"

namespace burrow::launcher {

namespace {

/// Backslashes mean themselves, except before a quotation mark.
std::string asArgument(const std::string& argument)
{
    std::string result = "\"";
    std::size_t backslashes = 0;
    for (const char c : argument) {
        if (c == '"')
            result.append(backslashes + 1, '\\');
        backslashes = c == '\\' ? backslashes + 1 : 0;
        result += c;
    }
    return result.append(backslashes, '\\') + '"';
}

} // namespace

std::string windowsCommandLine(const std::vector<std::string>& arguments)
{
    std::string line;
    for (const std::string& argument : arguments)
        line += (line.empty() ? "" : " ") + asArgument(argument);
    return line;
}

} // namespace burrow::launcher
