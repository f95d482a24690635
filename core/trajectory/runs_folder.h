#pragma once

#include <QString>

namespace burrow {

/// Where runs go that a person gave no file for: in the user's data folder. It may not be there yet.
QString runsFolder();

} // namespace burrow
