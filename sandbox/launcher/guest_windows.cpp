#include "steps_windows.h"
#include "windows_command_line.h"

#include <array>

namespace burrow::launcher {

namespace {

// Windows 10 1703 and later; MinGW's headers have them under newer targets only.
constexpr DWORD_PTR childProcessPolicy = 0x2000E;
constexpr DWORD_PTR jobList = 0x2000D;
constexpr DWORD noChildProcess = 1;
// No foreign code: no extension points, no fonts of its own, no libraries from the network or from what a
// process like this one wrote. Code made at run time stays allowed, since ctypes makes some.
constexpr DWORD64 mitigations
    = (1ULL << 32) /* extension points */ | (1ULL << 48) /* fonts */ | (1ULL << 52) /* remote images */
    | (1ULL << 56) /* images of low integrity */;

/// What a process is created with beyond the usual. The values must outlive it.
class Attributes {
public:
    Attributes()
    {
        SIZE_T size = 0;
        InitializeProcThreadAttributeList(nullptr, most, 0, &size);
        m_memory.resize(size);
        if (!InitializeProcThreadAttributeList(get(), most, 0, &size))
            m_memory.clear();
    }
    ~Attributes()
    {
        if (!m_memory.empty())
            DeleteProcThreadAttributeList(get());
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    bool set(DWORD_PTR attribute, void* value, SIZE_T size)
    {
        return !m_memory.empty()
            && UpdateProcThreadAttribute(get(), 0, attribute, value, size, nullptr, nullptr) != 0;
    }
    LPPROC_THREAD_ATTRIBUTE_LIST get()
    {
        return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(m_memory.data());
    }

private:
    static constexpr DWORD most = 5;
    std::vector<char> m_memory;
};

/// Everything that Python needs and nothing of the person's, sorted by name. TZ, since Python has no tzset()
/// there.
std::wstring environmentBlock()
{
    std::array<wchar_t, MAX_PATH> folder{};
    GetSystemWindowsDirectoryW(folder.data(), static_cast<UINT>(folder.size()));
    const std::wstring root = folder.data();
    std::wstring block;
    for (const std::wstring& variable : {L"PATH=" + root + L"\\System32", std::wstring(L"PYTHONHASHSEED=0"),
             std::wstring(L"PYTHONUTF8=1"), L"SystemRoot=" + root, std::wstring(L"TZ=UTC0")})
        block += variable + L'\0';
    return block + L'\0';
}

std::wstring systemFolder()
{
    std::array<wchar_t, MAX_PATH> folder{};
    GetSystemDirectoryW(folder.data(), static_cast<UINT>(folder.size()));
    return folder.data();
}

/// The driver is told its pipes and the event that interrupts it; documents are named in the start frame.
std::wstring commandLine(const Options& options)
{
    std::vector<std::string> words = {options.executable, "-s", "-S", options.driverFolder + "\\driver.py"};
    for (std::size_t i = 0; i < 3 && i < options.handles.size(); ++i)
        words.push_back(std::to_string(options.handles[i]));
    return wide(windowsCommandLine(words));
}

/// Writable for both, and only listed handles are inherited, whatever else the host had inheritable.
Handle nullDevice()
{
    SECURITY_ATTRIBUTES inheritable{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    return Handle(CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
        &inheritable, OPEN_EXISTING, 0, nullptr));
}

} // namespace

std::expected<Guest, std::string> createGuest(const Options& options, const Confinement& confinement)
{
    const Handle null = nullDevice();
    const HANDLE errors = GetStdHandle(STD_ERROR_HANDLE);
    std::vector<HANDLE> handles = {null.get(), errors};
    for (const std::uint64_t handle : options.handles)
        handles.push_back(reinterpret_cast<HANDLE>(handle));
    for (const HANDLE handle : handles) {
        if (!SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT))
            return failed("hand over a handle");
    }
    Guest guest;
    Attributes attributes;
    HANDLE job = confinement.job;
    if (!attributes.set(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles.data(), handles.size() * sizeof(HANDLE))
        || !attributes.set(jobList, &job, sizeof job))
        return failed("confine the guest");
    SECURITY_CAPABILITIES capabilities{confinement.container, nullptr, 0, 0};
    if (confinement.container
        && !attributes.set(PROC_THREAD_ATTRIBUTE_SECURITY_CAPABILITIES, &capabilities, sizeof capabilities))
        return failed("enter the AppContainer");
    DWORD childPolicy = noChildProcess;
    if (!attributes.set(childProcessPolicy, &childPolicy, sizeof childPolicy))
        guest.missing.emplace_back("child process policy");
    DWORD64 policy = mitigations;
    if (!attributes.set(PROC_THREAD_ATTRIBUTE_MITIGATION_POLICY, &policy, sizeof policy))
        guest.missing.emplace_back("mitigation policies");

    STARTUPINFOEXW startup{};
    startup.StartupInfo.cb = sizeof startup;
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    startup.StartupInfo.hStdInput = null.get();
    startup.StartupInfo.hStdOutput = null.get();
    startup.StartupInfo.hStdError = errors;
    startup.lpAttributeList = attributes.get();
    std::wstring line = commandLine(options);
    std::wstring environment = environmentBlock();
    const DWORD flags = EXTENDED_STARTUPINFO_PRESENT | CREATE_UNICODE_ENVIRONMENT | CREATE_SUSPENDED
        | DETACHED_PROCESS; // a console of its own would be a further process
    PROCESS_INFORMATION process{};
    const std::wstring executable = wide(options.executable);
    const std::wstring folder = systemFolder();
    const BOOL created = confinement.container
        ? CreateProcessW(executable.c_str(), line.data(), nullptr, nullptr, TRUE, flags, environment.data(),
              folder.c_str(), &startup.StartupInfo, &process)
        : CreateProcessAsUserW(confinement.token, executable.c_str(), line.data(), nullptr, nullptr, TRUE,
              flags, environment.data(), folder.c_str(), &startup.StartupInfo, &process);
    if (!created)
        return failed("start " + options.executable);
    guest.process = Handle(process.hProcess);
    guest.mainThread = Handle(process.hThread);
    guest.pid = process.dwProcessId;
    return guest;
}

} // namespace burrow::launcher
