#pragma once

#include "base/clock.h"
#include "base/task.h"
#include "trajectory/answer_order.h"
#include "trajectory/edit.h"
#include "trajectory/recorded_request.h"
#include "trajectory/recording.h"
#include "trajectory/run_feed.h"
#include "trajectory/run_file.h"
#include "trajectory/run_info.h"
#include "trajectory/run_tree.h"
#include "trajectory/unfinished.h"

#include <QCoreApplication>

namespace burrow {

/// Whether a session writes down what happens, or makes sure that it happens again as it was written down.
enum class RecordMode { Append, Verify };

/// How an RLM call begins.
struct RlmStart {
    QByteArray prompt; ///< the question, or what the parent's cell passed
    QByteArray model;
    QByteArray context; ///< JSON: encodeContext() for a child; empty for the corpus
};

/// Writes the journal of one branch of a run while the engine plays it, and keeps its tree. What is recorded
/// within one turn of the event loop survives a kill from its end on, in one transaction; committed() waits
/// for that. Nodes of turns, cells and calls open themselves with their first request or start.
///
/// On a file that already holds a run, openRun() takes it up: the engine plays it again from its first
/// question; what is recorded is served by ServedModel and RecordedRepl, is not recorded twice, and costs
/// nothing; the first request that is not recorded goes out. A fork is taken up in the same way: its past is
/// what it shares with the branch that it left, and what that one recorded later is served, too, and copied.
///
/// A session that verifies writes nothing, and the file may be open to read: what would have to be written is
/// a divergence from the recording, or behind its end.
///
/// Errors of every call: DiskFull, Io; to verify: ReplayDiverged, naming the node and the first difference,
/// Cancelled or LimitReached where the recording ends. After one, all further calls fail with it. Engine
/// thread only.
class Recorder {
    Q_DECLARE_TR_FUNCTIONS(Replay)
public:
    /// All must outlive the recorder.
    Recorder(RunFile& file, const Clock& clock, RunFeed* feed = nullptr);

    /// Begins a session. Of an existing run all events are folded and fed first, and what was in flight when
    /// it was killed is marked: `tree().totals()` then counts toward the limits. Errors also: RunFileInvalid.
    Result<void> openRun(RunInfo info, int branch = 1, RecordMode mode = RecordMode::Append);
    /// Ends the session, and waits until all of it is on the disk.
    Result<void> closeRun(RunState state, QByteArray answer);
    /// Waits until all that was recorded so far survives a kill.
    Task<Result<void>> committed();
    /// Commits, and waits until all of it survives a loss of power: at a pause.
    Result<void> sync();

    Result<void> openRlm(NodePath path, RlmStart start);
    Result<void> closeRlm(NodePath path, NodeState state, QByteArray answer);
    Result<void> note(NodePath path, NoteKind kind, QByteArray text);
    /// Time that passes from here on counts as played, or does not.
    Result<void> paused(bool isPaused);
    /// @p path is empty where the run as a whole reached it.
    Result<void> limitReached(NodePath path, QByteArray text);

    const RunTree& tree() const { return m_tree; }
    RunFile& file() { return m_file; }
    int branch() const { return m_branch; }
    bool verifies() const { return m_mode == RecordMode::Verify; }
    /// What earlier sessions of this branch recorded.
    Recording& recording() { return m_recording; }
    /// What a person changed in this branch.
    const Edits& edits() const { return m_edits; }

    // For the decorators.

    /// Stores @p text, to be read again in this session; to verify, finds it.
    Result<BlobId> keep(const QByteArray& text);

    struct Sent {
        qint64 node = 0;
        std::chrono::microseconds time{0};
        Usage estimate;
        bool reused = false;
    };
    RecordedRequest describe(
        const ChatRequest& request, const QByteArray& endpoint, RequestForm form = RequestForm::Linked);
    Result<Sent> requestSent(
        const ChatRequest& request, const RecordedRequest& described, const Usage& estimate);
    Result<void> replyReceived(const Sent& sent, const ChatReply& reply);
    Result<void> requestFailed(const Sent& sent, const ModelError& error);
    /// Whether there is anything that could be served.
    bool hasPast() const { return m_recording.hasReplies() || m_source; }
    /// Whether takeReply() would serve the request.
    bool holdsReply(const ChatRequest& request, const QByteArray& endpoint);
    /// The recorded or edited reply to the request; nothing where it has to go live. What another node or
    /// branch had got is copied. Errors also: RunFileInvalid.
    Result<std::optional<ModelResult>> takeReply(const ChatRequest& request, const QByteArray& endpoint);
    /// Marks the node as one that a person changed.
    Result<void> markEdited(const NodePath& path, Edit::Kind kind);

    Result<void> cellStarted(const Cell& cell);
    /// It ended in an earlier session and does not run again: the replies to its calls count as served.
    void passOver(const NodePath& cell);
    Result<void> cellFinished(const NodePath& path, const CellOutput& output, std::chrono::microseconds took);
    /// It ran again, and gave @p now instead of what is on record.
    Result<void> cellDiverged(const NodePath& path, const CellOutput& recorded, const CellOutput& now);
    /// It ended without an output, and will run again when the run is resumed.
    Result<void> cellCancelled(const NodePath& path);
    Result<void> hostCall(const NodePath& cell, int ordinal, const QueryBatch& batch,
        const QueryOutcome& outcome, std::chrono::microseconds took, const QByteArray& question = {});
    /// In which order the calls of a cell were answered that were open at the same time, where it ran before.
    Result<std::vector<AnswerOrder::Answer>> answerOrder(const NodePath& cell);

    std::chrono::microseconds now() const { return m_clock.now(); }

private:
    /// The branch that this one left, to its end.
    struct Source {
        RunTree tree;
        Recording recording{tree};
    };

    Event event(EventKind kind, NodeState state) const;
    /// Makes @p event one of the node at @p path, which it opens where there is none.
    Result<void> place(Event& event, const NodePath& path, NodeKind kind);
    Result<void> putText(BlobId& place, const QByteArray& text);
    Result<Event> sentEvent(const ChatRequest& request, const RecordedRequest& described);
    Result<Event> replyEvent(qint64 node, const ChatReply& reply);
    Result<void> replyServed(
        const ChatRequest& request, const RecordedRequest& described, const ChatReply& reply);
    /// The request in the forms in which the file holds it.
    Result<std::vector<BlobId>> formsOf(const ChatRequest& request, const QByteArray& endpoint);
    Result<std::optional<Recording::Served>> findServed(
        const NodePath& path, const std::vector<BlobId>& forms);
    Result<void> append(Event event);
    NodePath pathOf(const Event& event) const;
    /// The failure of a session that verifies: @p what differs at @p path.
    std::unexpected<Error> diverged(const NodePath& path, const QString& what);
    std::unexpected<Error> notOnRecord(const ChatRequest& request, const RecordedRequest& described);
    Result<void> verifyEnd(RunState state, const QByteArray& answer);
    void commitSoon();
    Result<void> commit();
    Result<void> takeUp();
    Result<void> takeEdit(const Event& event);
    void markCopied(std::span<const Event> events);
    void passOver(NodeIndex node);

    RunFile& m_file;
    const Clock& m_clock;
    RunFeed* m_feed;
    int m_branch = 1;
    RecordMode m_mode = RecordMode::Append;
    RunTotals m_recorded; ///< to verify: how the recording ended
    std::optional<Error> m_failure; ///< to verify: the first
    RunTree m_tree;
    Recording m_recording{m_tree};
    std::unique_ptr<Source> m_source; ///< null in the first branch
    Edits m_edits;
    std::vector<Event> m_uncommitted;
    std::vector<Completion<Result<void>>> m_waiting; ///< for the next commit
    bool m_commitsSoon = false;
    QObject m_context;
    size_t m_modelsFed = 0;
};

} // namespace burrow
