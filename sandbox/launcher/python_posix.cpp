#include "python_posix.h"

#include <unistd.h>

namespace burrow::launcher {

void becomePython(std::string executable, std::string driver)
{
    std::string flags[] = {"-s", "-S"};
    // The same for every level, since a model may read them.
    std::string environment[] = {"PATH=/usr/bin", "LANG=C.UTF-8", "HOME=/scratch", "TMPDIR=/scratch",
        "PYTHONHASHSEED=0", "MALLOC_ARENA_MAX=2"};
    char* arguments[] = {executable.data(), flags[0].data(), flags[1].data(), driver.data(), nullptr};
    char* variables[] = {environment[0].data(), environment[1].data(), environment[2].data(),
        environment[3].data(), environment[4].data(), environment[5].data(), nullptr};
    execve(arguments[0], arguments, variables);
}

} // namespace burrow::launcher
