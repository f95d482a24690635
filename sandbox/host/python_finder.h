#pragma once

#include "base/task.h"
#include "host/python_install.h"
#include "host/sandbox_options.h"

namespace burrow {

/// A Python that the sandbox could not use.
struct RefusedPython {
    QString executable;
    QString reason; ///< as PythonInstall::unfitness()
};

/// Finds the Python to run cells with: the one that was asked for (options.python, else BURROW_PYTHON), else
/// the one that comes with the program, else the one of the settings, else the first of
/// python3.13, 3.14, 3.12 to 3.9 and python3 on the PATH that can run cells. Whatever is named and cannot is
/// an error, never passed over. Each interpreter is asked once about itself; the answer is kept in
/// options.cacheFolder for as long as the file is unchanged. Those that were @p refused count as such that
/// cannot run cells. Errors: PythonMissing, with the reasons.
Task<Result<PythonInstall>> findPython(SandboxOptions options, std::vector<RefusedPython> refused = {});

} // namespace burrow
