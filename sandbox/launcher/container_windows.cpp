#include "steps_windows.h"

#include <aclapi.h>
#include <sddl.h>
#include <userenv.h>

namespace burrow::launcher {

namespace {

// One for all guests of a person: the folder of Python is opened to it once, which takes seconds.
constexpr const wchar_t* containerName = L"Burrow.Guest";

struct LocalMemory {
    void* pointer = nullptr;
    LocalMemory() = default;
    LocalMemory(const LocalMemory&) = delete;
    LocalMemory& operator=(const LocalMemory&) = delete;
    ~LocalMemory() { LocalFree(pointer); }
};

std::unexpected<std::string> failedWith(DWORD error, const std::string& what)
{
    SetLastError(error);
    return failed(what);
}

/// Whether @p list speaks of @p sid at all: a folder is opened once, and what is installed for everyone is
/// open to all containers.
bool names(ACL* list, PSID sid)
{
    for (DWORD i = 0; list && i < list->AceCount; ++i) {
        void* entry = nullptr;
        if (!GetAce(list, i, &entry) || static_cast<ACE_HEADER*>(entry)->AceType != ACCESS_ALLOWED_ACE_TYPE)
            continue;
        if (EqualSid(&static_cast<ACCESS_ALLOWED_ACE*>(entry)->SidStart, sid))
            return true;
    }
    return false;
}

Step allowReading(const std::string& folder, PSID container)
{
    std::wstring path = wide(folder);
    ACL* present = nullptr;
    LocalMemory descriptor;
    DWORD error = GetNamedSecurityInfoW(path.data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr,
        nullptr, &present, nullptr, &descriptor.pointer);
    if (error != ERROR_SUCCESS)
        return failedWith(error, "look at the permissions of " + folder);
    LocalMemory everyContainer;
    ConvertStringSidToSidW(L"S-1-15-2-1", &everyContainer.pointer);
    if (names(present, container) || names(present, everyContainer.pointer))
        return {};
    EXPLICIT_ACCESSW access{};
    access.grfAccessPermissions = GENERIC_READ | GENERIC_EXECUTE;
    access.grfAccessMode = GRANT_ACCESS;
    access.grfInheritance = SUB_CONTAINERS_AND_OBJECTS_INHERIT;
    BuildTrusteeWithSidW(&access.Trustee, container);
    LocalMemory wanted;
    error = SetEntriesInAclW(1, &access, present, reinterpret_cast<ACL**>(&wanted.pointer));
    if (error == ERROR_SUCCESS)
        error = SetNamedSecurityInfoW(path.data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr,
            nullptr, static_cast<ACL*>(wanted.pointer), nullptr);
    return error == ERROR_SUCCESS ? Step() : failedWith(error, "open " + folder + " to the container");
}

} // namespace

std::expected<PSID, std::string> makeContainer(const Options& options)
{
    PSID container = nullptr;
    HRESULT made = CreateAppContainerProfile(
        containerName, L"Burrow", L"Python cells of Burrow", nullptr, 0, &container);
    if (made == HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS))
        made = DeriveAppContainerSidFromAppContainerName(containerName, &container);
    if (FAILED(made))
        return failedWith(static_cast<DWORD>(made), "make an AppContainer");
    const std::string python = options.executable.substr(0, options.executable.find_last_of("\\/"));
    for (const std::string& folder : {python, options.stdlib, options.driverFolder}) {
        if (const Step allowed = allowReading(folder, container); !allowed)
            return std::unexpected(allowed.error());
    }
    return container;
}

Step closeOwnFolder(PSID container)
{
    LocalMemory name;
    if (!ConvertSidToStringSidW(container, reinterpret_cast<wchar_t**>(&name.pointer)))
        return failed("name the container");
    wchar_t* path = nullptr;
    if (const HRESULT found = GetAppContainerFolderPath(static_cast<wchar_t*>(name.pointer), &path);
        FAILED(found))
        return failedWith(static_cast<DWORD>(found), "find the container's folder");
    // Its owner is the person; the container is no longer named, and inherits nothing.
    LocalMemory descriptor;
    BOOL present = FALSE;
    BOOL isDefault = FALSE;
    ACL* ownerOnly = nullptr;
    DWORD error = ERROR_SUCCESS;
    if (ConvertStringSecurityDescriptorToSecurityDescriptorW(
            L"D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;SY)", SDDL_REVISION_1, &descriptor.pointer, nullptr)
        && GetSecurityDescriptorDacl(descriptor.pointer, &present, &ownerOnly, &isDefault))
        error = SetNamedSecurityInfoW(path, SE_FILE_OBJECT,
            DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, nullptr, nullptr, ownerOnly,
            nullptr);
    else
        error = GetLastError();
    CoTaskMemFree(path);
    return error == ERROR_SUCCESS ? Step() : failedWith(error, "close the container's folder");
}

} // namespace burrow::launcher
