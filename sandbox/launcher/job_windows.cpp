#include "steps_windows.h"

namespace burrow::launcher {

namespace {

constexpr DWORD limitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_ACTIVE_PROCESS
    | JOB_OBJECT_LIMIT_PROCESS_MEMORY
    | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION; // else a window with an error would hold the guest

constexpr DWORD windowFlags = JOB_OBJECT_UILIMIT_DESKTOP | JOB_OBJECT_UILIMIT_DISPLAYSETTINGS
    | JOB_OBJECT_UILIMIT_EXITWINDOWS | JOB_OBJECT_UILIMIT_GLOBALATOMS | JOB_OBJECT_UILIMIT_HANDLES
    | JOB_OBJECT_UILIMIT_READCLIPBOARD | JOB_OBJECT_UILIMIT_SYSTEMPARAMETERS
    | JOB_OBJECT_UILIMIT_WRITECLIPBOARD;

} // namespace

std::expected<Handle, std::string> makeJob()
{
    Handle job(CreateJobObjectW(nullptr, nullptr));
    if (!job)
        return failed("make a job");
    return job;
}

Step limitJob(HANDLE job, const Options& options)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags = limitFlags;
    limits.BasicLimitInformation.ActiveProcessLimit = 1;
    limits.ProcessMemoryLimit = options.addressSpace;
    if (!SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits))
        return failed("limit the job");
    JOBOBJECT_BASIC_UI_RESTRICTIONS windows{windowFlags};
    if (!SetInformationJobObject(job, JobObjectBasicUIRestrictions, &windows, sizeof windows))
        return failed("keep the job from the desktop");
    // Believed only when it is there: Wine accepts limits and drops them.
    limits = {};
    QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits, nullptr);
    if ((limits.BasicLimitInformation.LimitFlags & limitFlags) != limitFlags
        || limits.ProcessMemoryLimit != options.addressSpace)
        return std::unexpected("the job does not keep its limits");
    return {};
}

} // namespace burrow::launcher
