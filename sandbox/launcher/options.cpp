#include "options.h"

#include <charconv>
#include <map>
#include <optional>
#include <variant>

namespace burrow::launcher {

namespace {

using Target = std::variant<int*, long*, std::uint64_t*, std::string*>;

template <typename Number> bool readNumber(const std::string& text, Number* number)
{
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, *number);
    return error == std::errc() && stop == end && *number >= 0;
}

bool assign(const Target& target, const std::string& text)
{
    if (auto* const* value = std::get_if<std::string*>(&target)) {
        **value = text;
        return true;
    }
    if (auto* const* value = std::get_if<int*>(&target))
        return readNumber(text, *value);
    if (auto* const* value = std::get_if<long*>(&target))
        return readNumber(text, *value);
    return readNumber(text, std::get<std::uint64_t*>(target));
}

std::optional<Level> levelNamed(const std::string& name)
{
    for (const Level level : {Level::None, Level::Limited, Level::Strong, Level::Full}) {
        if (name == nameOf(level))
            return level;
    }
    return std::nullopt;
}

/// `PATH:NAME:NAME`; a library whose path holds a colon cannot be found by the dynamic linker either.
Library libraryFrom(const std::string& text)
{
    Library library;
    std::size_t start = text.find(':');
    library.path = text.substr(0, start);
    while (start != std::string::npos) {
        const std::size_t next = text.find(':', start + 1);
        const std::string name = text.substr(start + 1, next == std::string::npos ? next : next - start - 1);
        if (!name.empty() && name.find('/') == std::string::npos)
            library.names.push_back(name);
        start = next;
    }
    return library;
}

bool isAbsolute(const std::string& path)
{
    return path.starts_with('/') || path.find(":\\") == 1;
}

bool isComplete(const Options& options)
{
    return options.statusFd > 2 && options.parent > 0 && isAbsolute(options.executable)
        && isAbsolute(options.stdlib) && !options.stdlibAt.empty() && isAbsolute(options.driverFolder)
        && options.addressSpace > 0;
}

} // namespace

const char* nameOf(Level level)
{
    switch (level) {
    case Level::None:
        return "none";
    case Level::Limited:
        return "limited";
    case Level::Strong:
        return "strong";
    case Level::Full:
        return "full";
    }
    return "none";
}

std::expected<Options, std::string> parseOptions(const std::vector<std::string>& arguments)
{
    Options options;
    const std::map<std::string, Target> valued = {{"--status", &options.statusFd},
        {"--control", &options.controlFd}, {"--keep-below", &options.keepBelow},
        {"--parent", &options.parent}, {"--executable", &options.executable}, {"--loader", &options.loader},
        {"--stdlib", &options.stdlib}, {"--stdlib-at", &options.stdlibAt}, {"--dynload", &options.dynload},
        {"--dynload-at", &options.dynloadAt}, {"--driver-folder", &options.driverFolder},
        {"--address-space", &options.addressSpace}, {"--scratch", &options.scratch},
        {"--scratch-files", &options.scratchFiles}, {"--threads", &options.threads},
        {"--files", &options.files}};
    const std::map<std::string, bool*> switches
        = {{"--no-namespaces", &options.namespaces}, {"--no-landlock", &options.landlock},
            {"--no-seccomp", &options.seccomp}, {"--no-container", &options.container}};

    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& name = arguments[i];
        if (const auto found = switches.find(name); found != switches.end()) {
            *found->second = false;
            continue;
        }
        if (++i == arguments.size())
            return std::unexpected("the argument " + name + " is unknown or lacks its value");
        const auto found = valued.find(name);
        const std::optional<Level> level = levelNamed(arguments[i]);
        if (std::uint64_t handle = 0; name == "--handle" && readNumber(arguments[i], &handle))
            options.handles.push_back(handle);
        else if (name == "--library")
            options.libraries.push_back(libraryFrom(arguments[i]));
        else if (name == "--minimum" && level)
            options.minimum = *level;
        else if (found == valued.end() || !assign(found->second, arguments[i]))
            return std::unexpected("the argument " + name + " is unknown or has a wrong value");
    }
    if (!isComplete(options))
        return std::unexpected("an argument that is needed is missing");
    return options;
}

} // namespace burrow::launcher
