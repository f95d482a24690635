#include "macos_profile.h"

#include <cstdio>
#include <set>

namespace burrow::launcher {

namespace {

// What dyld and libSystem read on macOS 11 and later, where the libraries lie in a shared cache.
constexpr const char* systemLibraries[]
    = {"/usr/lib", "/System/Library/Frameworks", "/System/Library/PrivateFrameworks", "/System/Library/dyld",
        "/System/Cryptexes/OS", "/System/Volumes/Preboot/Cryptexes/OS"};

// No name of the machine or the person among them.
constexpr const char* systemFacts[] = {"hw.activecpu", "hw.byteorder", "hw.cachelinesize_compat",
    "hw.cputype", "hw.logicalcpu_max", "hw.machine", "hw.ncpu", "hw.pagesize", "hw.pagesize_compat",
    "hw.physicalcpu_max", "kern.maxfilesperproc", "kern.osproductversion", "kern.osrelease", "kern.ostype",
    "kern.osversion", "kern.secure_kernel", "kern.usrstack64", "kern.version", "sysctl.proc_cputype"};

/// As a string of Scheme, which the profile is written in.
std::string quoted(const std::string& text)
{
    std::string result = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x20 || code == 0x7f) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned>(code));
            result += escape;
        } else {
            if (c == '"' || c == '\\')
                result += '\\';
            result += c;
        }
    }
    return result + '"';
}

/// The kernel compares paths without links, and these three folders are links.
std::string realPath(const std::string& path)
{
    for (const std::string link : {"/tmp", "/var", "/etc"}) {
        if (path == link || path.starts_with(link + '/'))
            return "/private" + path;
    }
    return path;
}

std::string filter(const char* kind, const std::string& value)
{
    return std::string("\n    (") + kind + ' ' + quoted(value) + ')';
}

/// The filters of all that makes up this Python.
std::string pythonFilters(const Options& options)
{
    std::string filters = filter("literal", realPath(options.executable));
    for (const std::string& folder : {options.stdlib, options.dynload, options.driverFolder}) {
        if (!folder.empty())
            filters += filter("subpath", realPath(folder));
    }
    for (const Library& library : options.libraries)
        filters += filter("literal", realPath(library.path));
    return filters;
}

/// Python follows each of its paths from the root; of the folders on the way it may learn that they are
/// there.
std::string foldersOnTheWay(const Options& options)
{
    std::set<std::string> folders = {"/"};
    for (const std::string& path :
        {options.executable, options.stdlib, options.dynload, options.driverFolder}) {
        const std::string real = realPath(path);
        for (std::size_t slash = real.find('/', 1); slash != std::string::npos;
            slash = real.find('/', slash + 1))
            folders.insert(real.substr(0, slash));
    }
    std::string filters;
    for (const std::string& folder : folders)
        filters += filter("literal", folder);
    return filters;
}

template <typename List> std::string filtersOf(const char* kind, const List& values)
{
    std::string filters;
    for (const char* value : values)
        filters += filter(kind, value);
    return filters;
}

} // namespace

std::string macosProfile(const Options& options)
{
    constexpr const char* devices[] = {"/dev/null", "/dev/random", "/dev/urandom"};
    std::string rules = "(version 1)\n(deny default)\n";
    // The default does not reach these.
    rules += "(deny process-info* nvram* iokit-get-properties file-map-executable)\n";
    rules += "(allow process-info* signal (target self))\n";
    rules += "(allow process-exec" + filter("literal", realPath(options.executable)) + ")\n";
    rules += "(allow file-read* file-map-executable" + pythonFilters(options)
        + filtersOf("subpath", systemLibraries) + ")\n";
    rules += "(allow file-read-metadata" + foldersOnTheWay(options) + ")\n";
    rules += "(allow file-read-data" + filtersOf("literal", devices) + ")\n";
    rules += "(allow sysctl-read" + filtersOf("sysctl-name", systemFacts) + ")\n";
    // The last rule that fits decides. No Mach service can be looked up: neither LaunchServices nor Apple
    // events, which would start programs outside, nor securityd, which has the keys.
    return rules + "(deny process-fork file-write* network* mach-lookup mach-register appleevent-send)\n";
}

} // namespace burrow::launcher
