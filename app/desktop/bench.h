#pragma once

#include <QString>

namespace burrow {

class MainWindow;

/// Prints a line when @p window has been painted and another when it waits for a person, and ends the
/// program.
void benchStart(MainWindow& window);

/// Opens the run at @p path in @p window, prints how long it took until its tree was painted and what memory
/// it takes, and ends the program.
void benchOpen(MainWindow& window, const QString& path);

} // namespace burrow
