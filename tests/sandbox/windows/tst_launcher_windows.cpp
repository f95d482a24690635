// The launcher for Windows, seen from the host's side, as far as Wine goes. `tst_launcher_windows host` is a
// host that is about to be killed.

#include "guest_under_test_windows.h"

#include "launcher/windows_command_line.h"

#include <algorithm>
#include <cstdio>
#include <set>

using namespace burrow::launcher_test;
using burrow::launcher::windowsCommandLine;

namespace {

int passed = 0;
int failures = 0;
int skipped = 0;

void check(const char* behaviour, bool holds, const std::string& seen = {})
{
    ++(holds ? passed : failures);
    std::printf(
        "%s: %s%s%s\n", holds ? "ok  " : "FAIL", behaviour, holds ? "" : ": ", holds ? "" : seen.c_str());
}

bool isWine()
{
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

/// For what Wine is known to leave out.
void checkOnWindows(const char* behaviour, bool holds, const std::string& seen)
{
    if (holds || !isWine()) {
        check(behaviour, holds, seen);
        return;
    }
    ++skipped;
    std::printf("skip: %s (Wine: %s)\n", behaviour, seen.c_str());
}

const std::vector<std::string> anyLevel = {"--minimum", "none"};

std::string numberOf(HANDLE handle)
{
    return std::to_string(reinterpret_cast<std::uintptr_t>(handle));
}

void argumentsArriveAsTheyWere()
{
    const std::vector<std::string> nasty = {"plain", "", " ", "a b", "\"", "\"\"", "a\"b", "\\", "\\\\",
        "a\\", "a b\\", "a b\\\\", "\\\"", "\\\\\"", "a\\\\\"b c\"", "C:\\Program Files\\x y\\", "tab\there",
        "new\nline", "%PATH%", "^&|<>", "*.txt", "?", "'", "/x", "--a=b", "\xc3\xa9\xe2\x82\xac",
        "\xf0\x9f\x98\x80", "trailing ", " leading", "\"quoted whole\"", "a\"\"\"b"};
    Pipe output;
    SetHandleInformation(output.readEnd.get(), HANDLE_FLAG_INHERIT, 0);
    const std::wstring probe = besideThisProgram(L"launcher-probe.exe");
    std::vector<std::string> words = {std::string(probe.begin(), probe.end()), "echo"};
    words.insert(words.end(), nasty.begin(), nasty.end());
    const Handle process
        = startProgram(windowsCommandLine(words), output.writeEnd.get(), GetStdHandle(STD_ERROR_HANDLE));
    output.writeEnd = {};
    std::string text;
    char c = 0;
    for (DWORD count = 0; ReadFile(output.readEnd.get(), &c, 1, &count, nullptr) && count == 1;)
        text += c;
    std::string expected;
    for (const std::string& argument : nasty)
        expected += argument + '\0';
    check("every argument arrives as it was", text == expected, text);
}

void theReportSaysWhatHolds()
{
    GuestUnderTest guest(anyLevel);
    const std::string& report = guest.report();
    check("the report is one JSON object with a level",
        report.starts_with("{\"pid\":") && report.find("\"level\":\"") != std::string::npos
            && report.ends_with('}'),
        report);
    const bool hasContainer = report.find("\"app container\"") == std::string::npos;
    check("without a container the level is limited, and the reason says that reading is open",
        hasContainer
            || (report.find("\"level\":\"limited\"") != std::string::npos
                && report.find("cells can read your files") != std::string::npos),
        report);
    std::printf("      %s\n", report.c_str());
}

void aLevelBelowTheMinimumIsRefused()
{
    GuestUnderTest guest({"--minimum", "strong", "--no-container"});
    check("a level below the minimum is refused",
        guest.report().find("\"refused\":true") != std::string::npos, guest.report());
    check("the refused guest never runs", guest.hasClosed() && endsSoon(guest.launcher()));
}

void theGuestIsToldItsPipes()
{
    GuestUnderTest guest(anyLevel, "C:\\a folder\\with (parentheses)");
    const std::string seen = guest.ask("arguments");
    check("python's arguments are the driver and three handles",
        seen.starts_with("-s|-S|C:\\a folder\\with (parentheses)\\driver.py|")
            && std::count(seen.begin(), seen.end(), '|') == 6,
        seen);
}

void onlyListedHandlesAreInherited()
{
    const Pipe secret;
    GuestUnderTest guest(anyLevel);
    check("a listed handle is inherited", guest.ask("handle " + numberOf(guest.document())) == "open");
    check("an inheritable handle that is not listed is not inherited",
        guest.ask("handle " + numberOf(secret.writeEnd.get())) == "closed");
}

/// Sorted. Wine puts variables of its own into every process.
std::set<std::string> withoutWine(const std::string& environment)
{
    std::set<std::string> kept;
    for (std::size_t start = 0; start < environment.size();) {
        const std::size_t end = environment.find('|', start);
        const std::string variable = environment.substr(start, end - start);
        const bool ofWine = variable.starts_with("WINE") || variable.starts_with("SystemDrive=")
            || variable.starts_with("PROCESSOR_ARCHITECTURE=");
        if (!ofWine || !isWine())
            kept.insert(variable);
        start = end + 1;
    }
    return kept;
}

void theEnvironmentHoldsNothingOfThePersons()
{
    SetEnvironmentVariableW(L"OPENAI_API_KEY", L"secret");
    GuestUnderTest guest(anyLevel);
    const std::string seen = guest.ask("environment");
    const std::set<std::string> expected = {"PATH=C:\\windows\\System32", "PYTHONHASHSEED=0", "PYTHONUTF8=1",
        "SystemRoot=C:\\windows", "TZ=UTC0"};
    check("the environment is exact", withoutWine(seen) == expected, seen);
}

void theJobIsInForce()
{
    GuestUnderTest guest(anyLevel);
    const std::string job = guest.ask("job");
    check("the guest lives in a job", job.starts_with("1 "), job);
    checkOnWindows(
        "the job holds one process with limited memory and no desktop", job == "1 1 268435456 255", job);
    const std::string little = guest.ask("allocate 16");
    check("memory within the limit can be had", little == "allocated", little);
    const std::string much = guest.ask("allocate 512");
    checkOnWindows("memory beyond the limit cannot", much == "refused", much);
    const std::string started = guest.ask("start");
    checkOnWindows("no further process runs", started == "refused", started);
}

void nothingOfThePersonsIsWrittenTo()
{
    GuestUnderTest guest(anyLevel);
    const std::string written = guest.ask("write C:\\users\\escaped.txt");
    checkOnWindows("a file of the person's cannot be made", written == "refused", written);
}

void frameSizesDoNotMatter()
{
    GuestUnderTest guest(anyLevel);
    check("megabytes pass the pipes", guest.ask("repeat 4000000").size() == 4'000'000);
}

void theGuestCanBeInterrupted()
{
    GuestUnderTest guest(anyLevel);
    guest.interrupt();
    check("the interrupt event reaches the guest", guest.ask("interrupted") == "yes");
}

void aDocumentIsMapped()
{
    GuestUnderTest guest(anyLevel);
    check("a document is mapped from its handle",
        guest.ask("map " + numberOf(guest.document())) == "the document");
}

void theEndIsReported()
{
    GuestUnderTest guest(anyLevel);
    guest.tell("exit 7");
    const std::string end = guest.nextStatus();
    check("the exit status is reported", end == "{\"exited\":7}", end);
}

void theGuestDiesWithItsLauncher()
{
    GuestUnderTest guest(anyLevel);
    const Handle process(OpenProcess(SYNCHRONIZE, FALSE, guest.pid()));
    guest.tell("loop");
    check("the guest runs", process && WaitForSingleObject(process.get(), 100) == WAIT_TIMEOUT);
    TerminateProcess(guest.launcher(), 1);
    check("a looping guest dies with its launcher", endsSoon(process.get()));
}

void theGuestDiesWithItsHost()
{
    Pipe output;
    SetHandleInformation(output.readEnd.get(), HANDLE_FLAG_INHERIT, 0);
    const std::wstring self = besideThisProgram(L"tst_launcher_windows.exe");
    const Handle host = startProgram(windowsCommandLine({std::string(self.begin(), self.end()), "host"}),
        output.writeEnd.get(), GetStdHandle(STD_ERROR_HANDLE));
    output.writeEnd = {};
    const std::string pid = LineReader().next(output.readEnd.get());
    const Handle process(OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(std::atoi(pid.c_str()))));
    check("the host's guest runs", process && WaitForSingleObject(process.get(), 100) == WAIT_TIMEOUT, pid);
    TerminateProcess(host.get(), 1);
    check("a looping guest dies with its host", endsSoon(process.get()));
}

int beAHost()
{
    GuestUnderTest guest(anyLevel);
    guest.tell("loop");
    std::printf("%lu\n", guest.pid());
    std::fflush(stdout);
    Sleep(INFINITE);
    return 0;
}

} // namespace

int wmain(int argc, wchar_t**)
{
    if (argc > 1)
        return beAHost();
    argumentsArriveAsTheyWere();
    theReportSaysWhatHolds();
    aLevelBelowTheMinimumIsRefused();
    theGuestIsToldItsPipes();
    onlyListedHandlesAreInherited();
    theEnvironmentHoldsNothingOfThePersons();
    theJobIsInForce();
    nothingOfThePersonsIsWrittenTo();
    frameSizesDoNotMatter();
    theGuestCanBeInterrupted();
    aDocumentIsMapped();
    theEndIsReported();
    theGuestDiesWithItsLauncher();
    theGuestDiesWithItsHost();
    std::printf("%d passed, %d failed, %d skipped\n", passed, failures, skipped);
    return failures == 0 ? 0 : 1;
}
