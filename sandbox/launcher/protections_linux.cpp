#include "steps.h"

namespace burrow::launcher {

namespace {

Level levelOf(const Protections& protections)
{
    const auto& [namespaces, landlockAbi, seccomp, limits, ownUser, reason] = protections;
    if (landlockAbi > 0 && seccomp && limits && ownUser)
        return namespaces ? Level::Full : Level::Strong;
    return namespaces || landlockAbi > 0 || seccomp ? Level::Limited : Level::None;
}

} // namespace

Report reportOf(const Protections& protections, long pid)
{
    Report report{pid, levelOf(protections), {}, {}, protections.reason};
    const auto name = [&report](bool present, const char* protection) {
        if (!present)
            report.missing.emplace_back(protection);
    };
    name(protections.namespaces, "namespaces");
    name(protections.landlockAbi > 0, "landlock");
    name(protections.seccomp, "seccomp");
    name(protections.limits, "limits");
    name(protections.ownUser, "own user");
    if (protections.landlockAbi > 0)
        report.details.push_back("Landlock " + std::to_string(protections.landlockAbi));
    return report;
}

} // namespace burrow::launcher
