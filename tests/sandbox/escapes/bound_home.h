#pragma once

#include "stage.h"

namespace burrow::escapes {

/// Copies the driver's folder @p guest to the stage and mounts the person's home inside the copy, for this
/// process and those that it starts alone. Needs root. Returns whether it worked.
bool bindHome(const Stage& stage, const QString& guest);

} // namespace burrow::escapes
