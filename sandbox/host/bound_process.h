#pragma once

class QProcess;

namespace burrow {

// bound_process_linux.cpp

/// Lets @p process, which is not started yet, die with the thread that will start it, and gives it a group of
/// its own.
void bindToThisThread(QProcess& process);
/// Ends such a process and what it has started, and waits for it.
void endWithGroup(QProcess& process);

} // namespace burrow
