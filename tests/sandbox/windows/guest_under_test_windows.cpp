#include "guest_under_test_windows.h"

#include "launcher/windows_command_line.h"

#include <array>
#include <cstdint>

namespace burrow::launcher_test {

namespace {

SECURITY_ATTRIBUTES inheritable{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};

std::string number(HANDLE handle)
{
    return std::to_string(reinterpret_cast<std::uintptr_t>(handle));
}

/// What ends when this process does.
Handle ownProcess()
{
    HANDLE handle = nullptr;
    DuplicateHandle(
        GetCurrentProcess(), GetCurrentProcess(), GetCurrentProcess(), &handle, SYNCHRONIZE, TRUE, 0);
    return Handle(handle);
}

Handle documentFile()
{
    std::array<wchar_t, MAX_PATH> folder{};
    GetTempPathW(static_cast<DWORD>(folder.size()), folder.data());
    const std::wstring path = std::wstring(folder.data()) + L"burrow-document.txt";
    Handle file(CreateFileW(path.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, 0, nullptr));
    DWORD written = 0;
    WriteFile(file.get(), "the document", 12, &written, nullptr);
    file = Handle();
    return Handle(
        CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ, &inheritable, OPEN_EXISTING, 0, nullptr));
}

} // namespace

Pipe::Pipe()
{
    HANDLE ends[2]{};
    CreatePipe(&ends[0], &ends[1], &inheritable, 1 << 16);
    readEnd = Handle(ends[0]);
    writeEnd = Handle(ends[1]);
}

std::string LineReader::next(HANDLE pipe)
{
    std::size_t end = m_read.find('\n');
    while (end == std::string::npos) {
        std::array<char, 1 << 16> buffer;
        DWORD count = 0;
        if (!ReadFile(pipe, buffer.data(), static_cast<DWORD>(buffer.size()), &count, nullptr) || count == 0)
            return {};
        const std::size_t before = m_read.size();
        m_read.append(buffer.data(), count);
        end = m_read.find('\n', before);
    }
    const std::string line = m_read.substr(0, end);
    m_read.erase(0, end + 1);
    return line;
}

std::wstring besideThisProgram(const wchar_t* name)
{
    std::array<wchar_t, MAX_PATH> self{};
    GetModuleFileNameW(nullptr, self.data(), static_cast<DWORD>(self.size()));
    const std::wstring path = self.data();
    return path.substr(0, path.find_last_of(L'\\') + 1) + name;
}

Handle startProgram(const std::string& commandLine, HANDLE output, HANDLE errors)
{
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdOutput = output;
    startup.hStdError = errors;
    const int size = MultiByteToWideChar(CP_UTF8, 0, commandLine.c_str(), -1, nullptr, 0);
    std::wstring line(static_cast<std::size_t>(size), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, commandLine.c_str(), -1, line.data(), size);
    PROCESS_INFORMATION process{};
    if (!CreateProcessW(
            nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &process))
        return {};
    CloseHandle(process.hThread);
    return Handle(process.hProcess);
}

bool endsSoon(HANDLE process)
{
    return WaitForSingleObject(process, 5000) == WAIT_OBJECT_0;
}

GuestUnderTest::GuestUnderTest(const std::vector<std::string>& further, const std::string& driver)
    : m_interrupt(CreateEventW(&inheritable, FALSE, FALSE, nullptr)), m_document(documentFile())
{
    const auto path = [](const wchar_t* name) {
        const std::wstring found = besideThisProgram(name);
        return std::string(found.begin(), found.end());
    };
    const Handle host = ownProcess();
    std::vector<std::string> words = {path(L"burrow-sandbox.exe"), "--executable",
        path(L"launcher-probe.exe"), "--stdlib", "C:\\windows", "--stdlib-at", "Lib", "--driver-folder",
        driver, "--address-space", std::to_string(256 << 20), "--status", number(m_status.writeEnd.get()),
        "--parent", number(host.get())};
    for (const HANDLE handle :
        {m_toGuest.readEnd.get(), m_fromGuest.writeEnd.get(), m_interrupt.get(), m_document.get()}) {
        words.emplace_back("--handle");
        words.push_back(number(handle));
    }
    words.insert(words.end(), further.begin(), further.end());
    for (const Pipe* pipe : {&m_status, &m_fromGuest}) // or their ends would never be seen
        SetHandleInformation(pipe->readEnd.get(), HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(m_toGuest.writeEnd.get(), HANDLE_FLAG_INHERIT, 0);
    m_launcher = startProgram(
        launcher::windowsCommandLine(words), GetStdHandle(STD_OUTPUT_HANDLE), GetStdHandle(STD_ERROR_HANDLE));
    m_status.writeEnd = {};
    m_toGuest.readEnd = {};
    m_fromGuest.writeEnd = {};
    m_report = nextStatus();
}

void GuestUnderTest::tell(const std::string& line)
{
    DWORD written = 0;
    const std::string text = line + '\n';
    WriteFile(m_toGuest.writeEnd.get(), text.data(), static_cast<DWORD>(text.size()), &written, nullptr);
}

std::string GuestUnderTest::ask(const std::string& line)
{
    tell(line);
    return m_answers.next(m_fromGuest.readEnd.get());
}

DWORD GuestUnderTest::pid() const
{
    const std::size_t at = m_report.find("\"pid\":");
    return at == std::string::npos ? 0 : static_cast<DWORD>(std::stoul(m_report.substr(at + 6)));
}

} // namespace burrow::launcher_test
