#pragma once

class QProcess;

namespace burrow {

/// Lets @p process, which is not started yet, die with the thread that will start it. bound_process_linux.cpp
void bindToThisThread(QProcess& process);

} // namespace burrow
