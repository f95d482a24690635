// The command line of the launcher, an argument a line.

#include "fuzz.h"

#include "launcher/options.h"

using namespace burrow::fuzz;
using namespace burrow::launcher;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::vector<std::string> arguments;
    for (const QByteArray& line : bytesOf(data, size).split('\n'))
        arguments.push_back(line.toStdString());
    const auto options = parseOptions(arguments);
    if (!options) {
        check(!options.error().empty());
        return 0;
    }
    check(options->statusFd > 2 && options->parent > 0 && options->addressSpace > 0);
    check(options->executable.starts_with('/') && options->driverFolder.starts_with('/'));
    for (const Library& library : options->libraries)
        for (const std::string& name : library.names)
            check(!name.empty() && name.find('/') == std::string::npos);
    return 0;
}
