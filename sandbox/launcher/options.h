#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace burrow::launcher {

/// How well the guest is contained; in rising order.
enum class Level { None, Limited, Strong, Full };

const char* nameOf(Level level);

/// An ELF library and the names by which the dynamic linker asks for it.
struct Library {
    std::string path;
    std::vector<std::string> names;
};

/// Where things lie in the guest's own root. The same on every machine, since a traceback shows them to the
/// model.
namespace inside {
inline constexpr const char* python = "/python";
inline constexpr const char* guest = "/guest";
inline constexpr const char* scratch = "/scratch";
inline constexpr const char* libraries = "/usr/lib";
} // namespace inside

/// What the host asks for. The switches can take protection away (for tests), never add any.
struct Options {
    int statusFd = -1; ///< receives the report, and at the end how the guest ended; on Windows a handle
    int controlFd = -1; ///< Linux: a socket for what the host asks of the first process in the namespaces
    int keepBelow = 3; ///< descriptors from here on are closed
    /// Whose death ends the guest: on Linux the host's process id, on macOS the read end of a pipe that only
    /// the host can write to, on Windows a handle to the host's process.
    long parent = 0;
    std::vector<std::uint64_t> handles; ///< Windows: what the guest inherits, its two pipes first
    Level minimum = Level::Full; ///< below it Python is not started

    std::string executable; ///< the interpreter itself, no symbolic link
    std::string loader; ///< the dynamic linker, as the interpreter's file names it; empty for a static one
    std::string stdlib;
    std::string stdlibAt; ///< relative to Python's prefix: `lib/python3.13`
    std::string dynload; ///< empty where it lies in the standard library
    std::string dynloadAt;
    std::vector<Library> libraries;
    std::string driverFolder; ///< holds `driver.py`

    std::uint64_t addressSpace = 0; ///< bytes
    std::uint64_t scratch = 0; ///< bytes
    std::uint64_t scratchFiles = 16384; ///< folders and links among them
    std::uint64_t threads = 512; ///< processes among them
    std::uint64_t files = 256; ///< descriptors that may be open

    // Linux
    bool namespaces = true;
    bool landlock = true;
    bool seccomp = true;
    // Windows
    bool container = true;
};

/// Reads the command line. Errors: a sentence about the argument that is wrong.
std::expected<Options, std::string> parseOptions(const std::vector<std::string>& arguments);

} // namespace burrow::launcher
