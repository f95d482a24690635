#pragma once

#include "engine/limits.h"

class QSettings;

namespace burrow {

/// The limits that a person wants for new runs.
RunLimits savedLimits(const QSettings& settings);
void saveLimits(QSettings& settings, const RunLimits& limits);

} // namespace burrow
