#pragma once

#include "options.h"
#include "step.h"

#include <string>
#include <utility>
#include <vector>

#include <windows.h>

/// The steps of locking down, in the order in which main_windows.cpp takes them.
namespace burrow::launcher {

/// A handle that is closed again.
class Handle {
public:
    Handle() = default;
    explicit Handle(HANDLE handle) : m_handle(handle == INVALID_HANDLE_VALUE ? nullptr : handle) { }
    Handle(Handle&& other) noexcept : m_handle(std::exchange(other.m_handle, nullptr)) { }
    Handle& operator=(Handle&& other) noexcept
    {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~Handle()
    {
        if (m_handle)
            CloseHandle(m_handle);
    }
    HANDLE get() const { return m_handle; }
    explicit operator bool() const { return m_handle != nullptr; }

private:
    HANDLE m_handle = nullptr;
};

std::wstring wide(const std::string& utf8);
std::string narrow(const std::wstring& utf16);

// job_windows.cpp

std::expected<Handle, std::string> makeJob();
/// Lets it hold one process, bounds that one's memory, keeps it from the desktop, and kills it when the last
/// handle to the job is closed.
Step limitJob(HANDLE job, const Options& options);

// container_windows.cpp

/// An AppContainer without capabilities, so without network, that may read the folders of this Python. Its
/// identity lives as long as the program.
std::expected<PSID, std::string> makeContainer(const Options& options);
/// Takes the container's own folder away from it, which would be a place to fill and to leave things in.
Step closeOwnFolder(PSID container);

// token_windows.cpp

/// This process' rights without its privileges, that writes to nothing of the person's. Reading stays open.
std::expected<Handle, std::string> makeWriteRestrictedToken();

// guest_windows.cpp

/// What the guest is created with.
struct Confinement {
    HANDLE job = nullptr;
    PSID container = nullptr; ///< none: `token` is taken
    HANDLE token = nullptr;
};
/// A guest that does not run yet.
struct Guest {
    Handle process;
    Handle mainThread;
    DWORD pid = 0;
    std::vector<std::string> missing; ///< protections that this Windows does not know
};
std::expected<Guest, std::string> createGuest(const Options& options, const Confinement& confinement);

} // namespace burrow::launcher
