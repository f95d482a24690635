#pragma once

#include "launcher/steps_windows.h"

namespace burrow::launcher_test {

using launcher::Handle;

struct Pipe {
    Handle readEnd;
    Handle writeEnd;

    /// Both ends can be inherited.
    Pipe();
};

/// Reads a pipe line by line. Empty at its end.
class LineReader {
public:
    std::string next(HANDLE pipe);

private:
    std::string m_read;
};

std::wstring besideThisProgram(const wchar_t* name);
/// Starts a program that inherits everything that can be inherited.
Handle startProgram(const std::string& commandLine, HANDLE output, HANDLE errors);
bool endsSoon(HANDLE process);

/// A launcher with the probe in Python's place.
class GuestUnderTest {
public:
    explicit GuestUnderTest(
        const std::vector<std::string>& further = {}, const std::string& driver = "C:\\guest");

    /// The first line that the launcher says of itself.
    const std::string& report() const { return m_report; }
    std::string nextStatus() { return m_statusLines.next(m_status.readEnd.get()); }
    std::string ask(const std::string& line);
    void tell(const std::string& line);
    void interrupt() { SetEvent(m_interrupt.get()); }
    /// Whether the guest's end of the pipe is closed.
    bool hasClosed() { return m_answers.next(m_fromGuest.readEnd.get()).empty(); }
    HANDLE launcher() const { return m_launcher.get(); }
    HANDLE document() const { return m_document.get(); }
    DWORD pid() const;

private:
    Pipe m_status;
    Pipe m_toGuest;
    Pipe m_fromGuest;
    Handle m_interrupt;
    Handle m_document;
    Handle m_launcher;
    LineReader m_statusLines;
    LineReader m_answers;
    std::string m_report;
};

} // namespace burrow::launcher_test
