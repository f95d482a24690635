#pragma once

#include "base/result.h"

namespace burrow {

/// @p error as the terminal says it: what its message asks for, with the option or command that does it. The
/// messages themselves name neither, since the window shows them too.
QString messageWithAdvice(const Error& error);
/// A line that a session says, and where it is of a limit on cells the option that sets this.
QString lineWithAdvice(const QString& line);

} // namespace burrow
