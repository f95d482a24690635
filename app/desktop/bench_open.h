#pragma once

#include <QString>

namespace burrow {

class MainWindow;

/// Opens the run at @p path in @p window, prints how long it took until its tree was painted and what memory
/// it takes, and ends the program.
void benchOpen(MainWindow& window, const QString& path);

} // namespace burrow
