#include "exit_status.h"

namespace burrow {

ExitStatus exitStatusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::AlreadyExists:
    case ErrorCode::PriceUnknown:
    case ErrorCode::RunFileInvalid:
    case ErrorCode::RunFileNewer:
    case ErrorCode::RunFileLocked:
    case ErrorCode::RunNotTrusted:
        return ExitStatus::Usage;
    case ErrorCode::LimitReached:
        return ExitStatus::Limit;
    case ErrorCode::Unreachable:
    case ErrorCode::TimedOut:
    case ErrorCode::WrongKey:
    case ErrorCode::UnknownModel:
    case ErrorCode::WindowExceeded:
    case ErrorCode::ContentFiltered:
    case ErrorCode::RateLimited:
    case ErrorCode::MalformedReply:
    case ErrorCode::StreamCut:
    case ErrorCode::ServerFailed:
    case ErrorCode::RequestRejected:
    case ErrorCode::ModelNotAllowed:
    case ErrorCode::NoAnswer:
        return ExitStatus::Provider;
    case ErrorCode::SandboxUnavailable:
    case ErrorCode::SandboxTooWeak:
    case ErrorCode::PythonMissing:
    case ErrorCode::GuestFailed:
    case ErrorCode::CheckpointUnavailable:
    case ErrorCode::ProtocolViolation:
        return ExitStatus::Sandbox;
    case ErrorCode::NotFound:
    case ErrorCode::PermissionDenied:
    case ErrorCode::NotAFile:
    case ErrorCode::NoText:
    case ErrorCode::DocumentChanged:
    case ErrorCode::DiskFull:
    case ErrorCode::Io:
        return ExitStatus::Document;
    case ErrorCode::ReplayDiverged:
        return ExitStatus::Diverged;
    case ErrorCode::Cancelled:
        return ExitStatus::Interrupted;
    }
    return ExitStatus::Usage;
}

} // namespace burrow
