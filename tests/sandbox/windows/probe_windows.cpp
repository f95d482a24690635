// Stands in for Python in the tests of the launcher for Windows: `probe.exe -s -S driver.py READ WRITE
// INTERRUPT`. Answers each line that it reads with one line. `probe.exe echo …` writes its arguments to
// stdout instead.

#include <array>
#include <cstdint>
#include <string>

#include <windows.h>

namespace {

HANDLE handleFrom(const std::wstring& number)
{
    return reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(std::stoull(number)));
}

std::string utf8(const std::wstring& text)
{
    std::array<char, 8192> buffer;
    const int size = WideCharToMultiByte(CP_UTF8, 0, text.data(), static_cast<int>(text.size()),
        buffer.data(), static_cast<int>(buffer.size()), nullptr, nullptr);
    return {buffer.data(), static_cast<std::size_t>(size)};
}

void write(HANDLE pipe, const std::string& text)
{
    for (std::size_t done = 0; done < text.size();) {
        DWORD written = 0;
        if (!WriteFile(pipe, text.data() + done, static_cast<DWORD>(text.size() - done), &written, nullptr))
            ExitProcess(70);
        done += written;
    }
}

/// Empty at the end of the pipe.
std::string readLine(HANDLE pipe)
{
    std::string line;
    char c = 0;
    DWORD count = 0;
    while (ReadFile(pipe, &c, 1, &count, nullptr) && count == 1 && c != '\n')
        line += c;
    return line;
}

std::string environment()
{
    std::string result;
    wchar_t* const block = GetEnvironmentStringsW();
    for (const wchar_t* variable = block; *variable; variable += std::wstring(variable).size() + 1)
        result += utf8(variable) + '|';
    FreeEnvironmentStringsW(block);
    return result;
}

std::string allocate(const std::string& mebibytes)
{
    const SIZE_T size = static_cast<SIZE_T>(std::stoull(mebibytes)) << 20;
    void* const memory = VirtualAlloc(nullptr, size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    return memory ? "allocated" : "refused";
}

std::string startAnother()
{
    std::array<wchar_t, MAX_PATH> self{};
    GetModuleFileNameW(nullptr, self.data(), static_cast<DWORD>(self.size()));
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION process{};
    std::wstring line = L"probe echo";
    if (!CreateProcessW(
            self.data(), line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup, &process))
        return "refused";
    DWORD status = 0;
    WaitForSingleObject(process.hProcess, 5000);
    GetExitCodeProcess(process.hProcess, &status);
    return "started, status " + std::to_string(status);
}

/// As the guest maps a document.
std::string mapped(HANDLE file)
{
    LARGE_INTEGER size{};
    GetFileSizeEx(file, &size);
    const HANDLE mapping = CreateFileMappingW(file, nullptr, PAGE_READONLY, 0, 0, nullptr);
    const void* const view = mapping ? MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0) : nullptr;
    return view ? std::string(static_cast<const char*>(view), static_cast<std::size_t>(size.QuadPart))
                : "nothing";
}

std::string writeTo(const std::string& path)
{
    const std::wstring wide(path.begin(), path.end());
    const HANDLE file = CreateFileW(wide.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, 0, nullptr);
    return file == INVALID_HANDLE_VALUE ? "refused" : "written";
}

std::string jobState()
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    JOBOBJECT_BASIC_UI_RESTRICTIONS windows{};
    BOOL inJob = FALSE;
    IsProcessInJob(GetCurrentProcess(), nullptr, &inJob);
    QueryInformationJobObject(nullptr, JobObjectExtendedLimitInformation, &limits, sizeof limits, nullptr);
    QueryInformationJobObject(nullptr, JobObjectBasicUIRestrictions, &windows, sizeof windows, nullptr);
    return std::to_string(inJob) + ' ' + std::to_string(limits.BasicLimitInformation.ActiveProcessLimit) + ' '
        + std::to_string(limits.ProcessMemoryLimit) + ' ' + std::to_string(windows.UIRestrictionsClass);
}

std::string answer(const std::string& line, wchar_t** argv, int argc)
{
    const std::size_t space = line.find(' ');
    const std::string command = line.substr(0, space);
    const std::string value = space == std::string::npos ? "" : line.substr(space + 1);
    if (command == "arguments") {
        std::string result;
        for (int i = 1; i < argc; ++i)
            result += utf8(argv[i]) + '|';
        return result;
    }
    if (command == "environment")
        return environment();
    if (command == "handle") {
        DWORD flags = 0;
        return GetHandleInformation(handleFrom({value.begin(), value.end()}), &flags) ? "open" : "closed";
    }
    if (command == "allocate")
        return allocate(value);
    if (command == "start")
        return startAnother();
    if (command == "interrupted")
        return WaitForSingleObject(handleFrom(argv[6]), 5000) == WAIT_OBJECT_0 ? "yes" : "no";
    if (command == "map")
        return mapped(handleFrom({value.begin(), value.end()}));
    if (command == "write")
        return writeTo(value);
    if (command == "job")
        return jobState();
    if (command == "repeat")
        return std::string(std::stoul(value), 'x');
    return "unknown";
}

int echo(int argc, wchar_t** argv)
{
    for (int i = 2; i < argc; ++i)
        write(GetStdHandle(STD_OUTPUT_HANDLE), utf8(argv[i]) + '\0');
    return 0;
}

} // namespace

int wmain(int argc, wchar_t** argv)
{
    if (argc > 1 && std::wstring(argv[1]) == L"echo")
        return echo(argc, argv);
    if (argc < 7)
        return 71;
    for (;;) {
        const std::string line = readLine(handleFrom(argv[4]));
        if (line.empty())
            return 0;
        if (line.starts_with("exit "))
            return std::stoi(line.substr(5));
        if (line == "loop")
            for (volatile bool forever = true; forever;) { }
        write(handleFrom(argv[5]), answer(line, argv, argc) + '\n');
    }
}
