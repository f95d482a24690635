#pragma once

#include <QString>

#include <expected>

namespace burrow {

/// What kind of thing went wrong. The terminal maps a code to an exit status, the window to a place and an
/// icon.
enum class ErrorCode {
    // Usage
    InvalidArgument,
    AlreadyExists,
    PriceUnknown,
    // Files and documents
    NotFound,
    PermissionDenied,
    NotAFile,
    NoText,
    DocumentChanged,
    DiskFull,
    Io,
    // Run files
    RunFileInvalid,
    RunFileNewer,
    RunFileLocked,
    RunNotTrusted,
    ReplayDiverged,
    // Sandbox and guest
    SandboxUnavailable,
    SandboxTooWeak,
    PythonMissing,
    GuestFailed,
    CheckpointUnavailable,
    ProtocolViolation,
    // Models
    Unreachable,
    TimedOut,
    WrongKey,
    UnknownModel,
    WindowExceeded,
    ContentFiltered,
    RateLimited,
    MalformedReply,
    StreamCut,
    ServerFailed,
    RequestRejected,
    ModelNotAllowed,
    // The run
    LimitReached,
    NoAnswer,
    Cancelled,
};

/// An error is a value: a code for programs, and for people one sentence that names the thing and the next
/// step.
struct Error {
    ErrorCode code;
    QString message;

    friend bool operator==(const Error&, const Error&) = default;
};

template <typename T> using Result = std::expected<T, Error>;

/// Shorthand for returning an error: `return fail(ErrorCode::NotFound, tr(...))`.
inline std::unexpected<Error> fail(ErrorCode code, QString message)
{
    return std::unexpected(Error{code, std::move(message)});
}

} // namespace burrow
