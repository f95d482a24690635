#pragma once

#include "base/result.h"
#include "host/frame.h"
#include "repl/repl.h"

#include <variant>

/// The frames that a guest sends, as types. Everything is checked here, so that nothing behind trusts a
/// frame.
namespace burrow {

struct ReadyMessage {
    QByteArray python; ///< its version
    bool zeroCopy = false;
    QByteArray why; ///< why the text was read instead of mapped
};

struct OutMessage {
    enum class Stream { Out, Err };
    Stream stream = Stream::Out;
    QByteArray text; ///< UTF-8
};

struct QueryMessage {
    quint64 id = 0;
    QueryBatch batch;
};

struct DoneMessage {
    enum class Status { Ok, Raised, Interrupted };
    quint64 id = 0;
    Status status = Status::Ok;
    std::optional<CellLimit> limit; ///< that made the cell raise
    std::optional<QByteArray> answer;
    QByteArray draft;
    std::vector<Variable> variables; ///< sorted by name
    CapturedText value;
    CapturedText out; ///< tail and droppedChars alone: the head came as OutMessages
    CapturedText err;
};

/// A frozen copy was made, or was not.
struct KeptMessage {
    quint64 id = 0; ///< the host's
    qint64 pid = 0; ///< of the copy, inside; 0: there is none
    QByteArray why; ///< there is none
};

/// What a frozen copy has forked is ready for cells.
struct RestoredMessage {
    quint64 id = 0;
    qint64 pid = 0; ///< of the process, inside; 0: there is none
    QByteArray why; ///< there is none
};

/// An operation that this version does not know; ignored.
struct UnknownMessage { };

using GuestMessage = std::variant<ReadyMessage, OutMessage, QueryMessage, DoneMessage, KeptMessage,
    RestoredMessage, UnknownMessage>;

/// How many bytes the parts of a frame may have together, told before they are read. A
/// FrameReader::PartsLimit. Errors: ProtocolViolation.
Result<quint64> partsLimit(const QByteArray& header, quint32 parts);

/// Errors: ProtocolViolation.
Result<GuestMessage> parseMessage(Frame frame);

} // namespace burrow
