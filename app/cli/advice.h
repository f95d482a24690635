#pragma once

#include "base/result.h"

namespace burrow {

/// @p error as the terminal says it: what its message asks for, with the option or command that does it. The
/// messages themselves name neither, since the window shows them too.
QString messageWithAdvice(const Error& error);

} // namespace burrow
