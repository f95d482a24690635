#pragma once

#include "host/document_files.h"
#include "host/python_install.h"
#include "host/sandbox_options.h"
#include "repl/repl.h"

namespace burrow {

class UsageWatch;

/// What a guest is started with, and started with again after it has died.
struct GuestPlan {
    SandboxOptions options;
    PythonInstall python;
    ReplSpec spec;
    std::shared_ptr<UsageWatch> watch; ///< of all guests of the run
};

/// The launcher's arguments, but for those that depend on the process.
QStringList launcherArguments(const GuestPlan& plan, const DocumentFiles& documents);

/// The first frame to the guest.
std::vector<QByteArray> startFrame(const ReplSpec& spec, const DocumentFiles& documents);

} // namespace burrow
