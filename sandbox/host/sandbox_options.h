#pragma once

#include "host/sandbox_report.h"

#include <QString>

#include <chrono>

namespace burrow {

/// Where the parts of the sandbox lie, and what is asked of it.
struct SandboxOptions {
    QString launcher; ///< the program `burrow-sandbox`
    QString driverFolder; ///< holds `driver.py`; nothing else that is secret, since cells can read it
    QString python; ///< the interpreter that was asked for; empty: findPython() chooses
    QString bundledPython; ///< that comes with the program; empty: none does
    QString preferredPython; ///< that the person's settings name; empty: none
    QString cacheFolder; ///< keeps what is known of interpreters; empty: nothing is kept
    /// Below it nothing is started. Under Strong only where the person has said so for this run.
    SandboxLevel minimumLevel = SandboxLevel::Strong;
    std::chrono::milliseconds startTimeout{std::chrono::seconds(30)};
    QStringList removedProtections; ///< for tests: `--no-namespaces`, `--no-landlock`, `--no-seccomp`

    /// As installed beside the running program, or as it lies in a build tree, and as the settings say. A
    /// Python comes with the program where `python/bin/python3` lies in its folder or in `../lib/burrow`.
    static SandboxOptions defaults();
};

} // namespace burrow
