// Starts Python locked down: `python.exe -s -S driver.py READ WRITE INTERRUPT`. See docs/sandbox.md for what
// each level means here.
//
// The launcher stays, holds the job that the guest lives in, and tells the host how the guest ended. The job
// dies with the launcher, and the launcher with the host.

#include "report.h"
#include "steps_windows.h"

#include <array>

namespace burrow::launcher {

namespace {

void writeStatus(const Options& options, const std::string& line)
{
    DWORD written = 0;
    WriteFile(reinterpret_cast<HANDLE>(static_cast<std::intptr_t>(options.statusFd)), line.data(),
        static_cast<DWORD>(line.size()), &written, nullptr);
}

[[noreturn]] void giveUp(const Options& options, const std::string& message)
{
    writeStatus(options, errorLine(message));
    ExitProcess(1);
}

void note(Report& report, const char* protection, const std::string& reason)
{
    report.missing.emplace_back(protection);
    if (report.reason.empty())
        report.reason = reason;
}

/// Without a container, what can be done: nothing of the person's is written to.
Guest createConfined(const Options& options, HANDLE job, Report& report)
{
    const auto container = options.container
        ? makeContainer(options)
        : std::expected<PSID, std::string>(std::unexpected("the AppContainer is switched off"));
    Handle token;
    if (!container) {
        note(report, "app container", container.error() + "; cells can read your files and use the network");
        auto restricted = makeWriteRestrictedToken();
        if (restricted)
            token = *std::move(restricted);
        else
            note(report, "write restriction", restricted.error());
    } else if (const Step closed = closeOwnFolder(*container); !closed) {
        note(report, "closed storage", closed.error());
    }
    auto guest = createGuest(options, {job, container.value_or(nullptr), token.get()});
    if (!guest)
        giveUp(options, guest.error());
    for (const std::uint64_t handle : options.handles) // or the host would not see the guest's ends close
        CloseHandle(reinterpret_cast<HANDLE>(handle));
    for (const std::string& protection : guest->missing)
        note(report, protection.c_str(), "this Windows does not know the " + protection);
    return *std::move(guest);
}

Level levelOf(const Report& report)
{
    for (const std::string& protection : report.missing) {
        if (protection == "write restriction")
            return Level::None;
    }
    return report.missing.empty() ? Level::Strong : Level::Limited;
}

/// Returns when the guest has ended. Where the host ends first, so does this process, and the job with it.
DWORD awaitEnd(const Options& options, const Guest& guest)
{
    const std::array<HANDLE, 2> both
        = {guest.process.get(), reinterpret_cast<HANDLE>(static_cast<std::intptr_t>(options.parent))};
    if (WaitForMultipleObjects(2, both.data(), FALSE, INFINITE) != WAIT_OBJECT_0)
        ExitProcess(1);
    DWORD status = 1;
    GetExitCodeProcess(guest.process.get(), &status);
    return status;
}

int run(const std::vector<std::string>& arguments)
{
    const auto options = parseOptions(arguments);
    if (!options) {
        const std::string line = "burrow-sandbox: " + options.error() + '\n';
        DWORD written = 0;
        WriteFile(
            GetStdHandle(STD_ERROR_HANDLE), line.data(), static_cast<DWORD>(line.size()), &written, nullptr);
        return 2;
    }
    const auto job = makeJob();
    if (!job)
        giveUp(*options, job.error());
    Report report;
    const Step limited = limitJob(job->get(), *options);
    const Guest guest = createConfined(*options, job->get(), report);
    if (!limited)
        note(report, "limits", limited.error());
    report.pid = static_cast<long>(guest.pid);
    report.level = levelOf(report);
    // Nothing here gives a root of its own: a cell can tell whether a file exists.
    note(report, "own root", "Windows gives a process no file system of its own");
    writeStatus(*options, report.toJson(options->minimum));
    if (report.refused(options->minimum))
        return 1; // the guest has not run, and goes with the job
    ResumeThread(guest.mainThread.get());
    writeStatus(*options, "{\"exited\":" + std::to_string(awaitEnd(*options, guest)) + "}\n");
    return 0;
}

} // namespace

std::wstring wide(const std::string& utf8)
{
    const int size = MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), nullptr, 0);
    std::wstring result(static_cast<std::size_t>(size), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), result.data(), size);
    return result;
}

std::string narrow(const std::wstring& utf16)
{
    const int length = static_cast<int>(utf16.size());
    const int size = WideCharToMultiByte(CP_UTF8, 0, utf16.data(), length, nullptr, 0, nullptr, nullptr);
    std::string result(static_cast<std::size_t>(size), '\0');
    WideCharToMultiByte(CP_UTF8, 0, utf16.data(), length, result.data(), size, nullptr, nullptr);
    return result;
}

std::unexpected<std::string> failed(const std::string& what)
{
    const DWORD error = GetLastError();
    std::array<wchar_t, 512> text{};
    const DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr,
        error, 0, text.data(), static_cast<DWORD>(text.size()), nullptr);
    std::string words = narrow(std::wstring(text.data(), length));
    while (!words.empty() && (words.back() == '\n' || words.back() == '\r' || words.back() == '.'))
        words.pop_back();
    return std::unexpected(what + ": " + words + " (" + std::to_string(error) + ')');
}

} // namespace burrow::launcher

int wmain(int argc, wchar_t** argv)
{
    std::vector<std::string> arguments;
    for (int i = 1; i < argc; ++i)
        arguments.push_back(burrow::launcher::narrow(argv[i]));
    return burrow::launcher::run(arguments);
}
