#pragma once

#include "base/node_path.h"
#include "lm/language_model.h"

#include <chrono>

namespace burrow {

/// A text in a run file, stored once however often it occurs. 0 is no text.
enum class BlobId : qint64 { None = 0 };
/// The name of a model in a run file: an index into RunFile::models(). 0 is no model.
enum class ModelId : quint16 { None = 0 };

/// What happened. The values are part of the file format; new ones go to the end.
/// An event whose `node` is its own `seq` opens that node and says its parent, kind and ordinal.
enum class EventKind : quint8 {
    RunOpened = 1, ///< a session begins (asked, continued, resumed); body: RunInfo as JSON
    NodeOpened = 2, ///< an RLM call begins, or is taken up again; body: prompt, extra: context as JSON
    RequestSent = 3, ///< before its first byte leaves; body: recorded_request.h; usage: the upper estimate
    ReplyReceived = 4, ///< body: text, extra: reasoning, model: as served, detail: FinishReason
    /// body: what had arrived, extra: the error as JSON; Unknown: usage is the estimate; Cancelled: the
    /// request had not left, after all
    RequestFailed = 5,
    CellStarted = 6, ///< body: code
    CellFinished = 7, ///< body: all texts in a row, extra: the rest of CellOutput as JSON, detail: CellStatus
    HostCall = 8, ///< a query of a cell was answered or refused; ordinal: in issue order, body: JSON
    NodeClosed = 9, ///< an RLM call ends; body: answer
    Note = 10, ///< body: text, detail: NoteKind
    LimitReached = 11, ///< body: text that names the limit
    RunClosed = 12, ///< a session ends; body: answer, detail: RunState
    Edited = 13, ///< by a person, in this branch; detail: Edit::Kind, body: its text, extra: encodeEdit()
};

/// Whether a node of that kind is a request to a model, and not what only holds requests together.
constexpr bool isRequest(NodeKind kind)
{
    return kind != NodeKind::Rlm && kind != NodeKind::Cell;
}

/// How a node or a request stands. The values are part of the file format.
enum class NodeState : quint8 {
    Running = 0,
    Ok = 1,
    Failed = 2,
    Unknown = 3, ///< sent, but what came of it was never seen: it may have cost up to its estimate
    Cancelled = 4, ///< ended before anything was sent, or a cell that was stopped without an output
};

/// The values are part of the file format.
enum class NoteKind : quint8 {
    Reminder = 1, ///< the engine spoke to the model by itself
    Compacted = 2,
    GuestStarted = 3, ///< text: JSON with the guest's and Python's versions and the sandbox level
    GuestRestarted = 4,
    Interrupted = 5, ///< by a person
    Paused = 6,
    Resumed = 7,
    Diverged = 8, ///< a cell that ran again gave another output than recorded
    Other = 9,
};

/// The values are part of the file format.
enum class RunState : quint8 {
    Running = 0, ///< or killed, where nobody writes the file
    Answered = 1,
    Limit = 2,
    Failed = 3,
    Stopped = 4,
    Killed = 5, ///< written by whoever found it so
};

/// One immutable entry of a run's journal.
struct Event {
    qint64 seq = 0; ///< 1, 2, 3 … without gaps over all branches
    std::chrono::microseconds time{0}; ///< since 1970
    std::chrono::microseconds duration{-1}; ///< of what ended here; -1 where nothing did
    qint64 node = 0; ///< seq of the event that opened the node; 0: the run as a whole
    qint64 parent = 0; ///< opening events: the parent's node, 0 for a root
    Usage usage{}; ///< as the server said; nothing is invented (RequestSent and Unknown: the upper estimate)
    BlobId body = BlobId::None;
    BlobId extra = BlobId::None;
    int branch = 1;
    int ordinal = 0; ///< opening events: the number in the node's path
    int attempt = 0; ///< RequestSent: the how manieth request of this node
    ModelId model = ModelId::None;
    EventKind kind = EventKind::Note;
    NodeKind nodeKind = NodeKind::Rlm; ///< opening events
    NodeState state = NodeState::Running; ///< of the node, from here on
    quint8 detail = 0;
    bool reused = false; ///< served from a recording: no money was spent

    bool opensNode() const { return node == seq; }
    friend bool operator==(const Event&, const Event&) = default;
};

// Stored as numbers: a change of these enums would change the meaning of files.
static_assert(int(NodeKind::Rlm) == 0 && int(NodeKind::Turn) == 1 && int(NodeKind::Cell) == 2
    && int(NodeKind::Completion) == 3 && int(NodeKind::Compaction) == 4 && int(NodeKind::Final) == 5);
static_assert(int(FinishReason::Stop) == 0 && int(FinishReason::Length) == 1
    && int(FinishReason::ContentFilter) == 2 && int(FinishReason::Other) == 3);

} // namespace burrow
