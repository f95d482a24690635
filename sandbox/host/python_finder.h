#pragma once

#include "base/task.h"
#include "host/python_install.h"

namespace burrow {

/// Finds the Python to run cells with: @p chosen, else BURROW_PYTHON, else the first of
/// python3.13, 3.14, 3.12 to 3.9 and python3 on the PATH that is new enough. Each interpreter is asked once
/// about itself; the answer is kept in @p cacheFolder for as long as the file is unchanged. Errors:
/// PythonMissing.
Task<Result<PythonInstall>> findPython(QString chosen, QString cacheFolder);

} // namespace burrow
