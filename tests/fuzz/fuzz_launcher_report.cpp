// A line that the launcher writes on its status descriptor.

#include "fuzz.h"

#include "host/sandbox_report.h"

using namespace burrow;
using namespace burrow::fuzz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (const auto report = parseLauncherReport(bytesOf(data, size)))
        check(sandboxLevelNamed(nameOf(report->sandbox.level)) == report->sandbox.level);
    return 0;
}
