#pragma once

#include "base/node_path.h"
#include "base/result.h"
#include "base/task.h"
#include "base/text_span.h"
#include "repl/repl_limits.h"

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace burrow {

struct Cell {
    NodePath path;
    QByteArray code; ///< UTF-8
    int number = 0; ///< in tracebacks: counts the cells of a REPL from 1; 0: those that its process has run
};

/// How a cell ended. Everything from Killed on ended its process, too. The values are part of the file format
/// of runs; new ones go to the end.
enum class CellStatus {
    Ok,
    Raised, ///< Python raised; the traceback is in `err`, every variable is kept
    Interrupted, ///< stopped by a person or a limit with SIGINT, every variable is kept
    TimedOut, ///< beyond a limit on time: stopped with SIGINT, or its process was ended
    Killed, ///< ended by a signal that it did not raise itself
    Crashed, ///< os._exit, a segmentation fault, a broken protocol
    OutOfMemory, ///< its process was ended beyond a limit on memory
    Violation, ///< did what the sandbox ends a process for
};

struct Variable {
    QByteArray name;
    QByteArray type;
    qint64 length = -1; ///< len(), where the type has one

    friend bool operator==(const Variable&, const Variable&) = default;
};

/// Text that a cell wrote. Beyond a bound the middle is dropped by the guest or host, and counted.
struct CapturedText {
    QByteArray head; ///< UTF-8; all of it where nothing was dropped
    QByteArray tail; ///< empty where nothing was dropped
    qint64 droppedChars = 0;

    friend bool operator==(const CapturedText&, const CapturedText&) = default;
};

struct CellOutput {
    CellStatus status = CellStatus::Ok;
    CapturedText out; ///< stdout
    CapturedText err; ///< stderr, then the traceback
    CapturedText value; ///< the echoed last expression
    std::vector<Variable> variables; ///< the model's own, sorted by name
    std::optional<QByteArray> answer; ///< set: this cell finished the call with this answer
    QByteArray answerDraft; ///< `answer["content"]` where it is set but not ready
    std::optional<LimitHit> limit; ///< that stopped the cell, or made it raise
    bool undone = false; ///< its process ended, and earlier cells alone are in effect
    bool restarted = false; ///< the REPL was started anew and is empty
    std::vector<QByteArray> lostNames; ///< the variables of earlier cells that went with a process

    friend bool operator==(const CellOutput&, const CellOutput&) = default;
};

/// A value that a cell passes as `context`.
struct ContextValue {
    enum class Kind {
        Corpus, ///< the parent's own context, by reference
        Document, ///< one document of it, by reference
        Text, ///< a str, copied
        Json, ///< another value made of lists, dicts, strings and numbers, copied
    };
    Kind kind = Kind::Corpus;
    int document = 0; ///< Document: its index
    QByteArray bytes; ///< Text: UTF-8, lone surrogates as their three bytes; Json: ASCII JSON

    friend bool operator==(const ContextValue&, const ContextValue&) = default;
};

struct SubQuery {
    QByteArray prompt; ///< UTF-8, lone surrogates already replaced
    ContextValue context; ///< used by Rlm alone
};

/// One host call of a cell: `llm_query`, `rlm_query` or their batched forms.
struct QueryBatch {
    enum class Kind { Completion, Rlm };
    Kind kind = Kind::Completion;
    bool batched = false;
    bool concurrent = false; ///< a thread or coroutine asked, beside which others may ask
    std::optional<QByteArray> model;
    std::vector<SubQuery> items;
};

/// One item's outcome. A failed item of a batch is an `Error: …` text in Python; of a single call, an
/// exception.
struct QueryResult {
    bool ok = true;
    QByteArray text;
};

/// Nothing of the batch was sent; the guest raises @p exception with the message.
struct QueryRefusal {
    QByteArray exception; ///< the Python name: `LimitReached`, `ValueError`, `RuntimeError`
    QByteArray message;
};

using QueryOutcome = std::expected<std::vector<QueryResult>, QueryRefusal>;

/// Answers the host calls of cells. Engine thread only.
class HostCalls {
public:
    virtual ~HostCalls() = default;
    /// Several may be under way at once for one cell. @p stop is requested when the cell has ended.
    virtual Task<QueryOutcome> query(NodePath cell, QueryBatch batch, StopToken stop) = 0;
    /// Whether the end of the run kept any call from being answered: what a cell makes of that is no result.
    virtual bool wereStopped() const { return false; }
};

/// What `context` is in a REPL.
struct ReplContext {
    bool isList = false; ///< false: spans holds exactly one document and `context` is a str
    std::vector<TextSpan> spans;
    std::vector<QByteArray> names; ///< one for each span; UTF-8
    std::optional<ContextValue> value; ///< set: a copied value (Text or Json) takes the place of the spans

    friend bool operator==(const ReplContext&, const ReplContext&) = default;
};

struct ReplSpec {
    NodePath path; ///< of the RLM call that owns it; `random` is seeded from it and the run's seed
    quint64 seed = 0;
    ReplContext context;
    ReplLimits limits;

    friend bool operator==(const ReplSpec&, const ReplSpec&) = default;
};

/// A frozen copy of a REPL as it was between two cells: of every variable and of its scratch folder.
enum class CheckpointId : quint64 { };

struct Checkpoint {
    CheckpointId id{};
    quint64 cells = 0; ///< that the REPL had begun when it was taken
    qint64 bytes = 0; ///< its share of the memory; grows as the REPL's own changes

    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// A door to the outside: a process that runs cells and keeps their variables. Engine thread only.
class Repl {
public:
    virtual ~Repl() = default;

    /// Runs @p cell. Python's own errors and the guest's death are outputs, not errors; after a death the
    /// REPL has been restarted. Errors: Cancelled (felt within 100 ms; the REPL may have been restarted),
    /// SandboxUnavailable or PythonMissing where the restart failed.
    virtual Task<Result<CellOutput>> execute(Cell cell, StopToken stop) = 0;

    /// Whether the process that holds the variables still runs. Where it does not, the next cell starts with
    /// none.
    virtual bool isAlive() const { return true; }

    // Between cells. A REPL that has nothing of the kind need not say so.

    /// `answer["content"]` where the last cell was stopped after it had set that; else empty.
    virtual QByteArray draftOfStopped() const { return {}; }

    /// Takes a checkpoint. Nothing is copied until it changes. Errors: CheckpointUnavailable, with the reason
    /// (the level of the sandbox, an open file, a live thread): then the cells have to run again to come back
    /// here. GuestFailed where the process died of it, Cancelled.
    virtual Task<Result<CheckpointId>> checkpoint(StopToken stop);

    /// Makes the REPL what it was at the checkpoint, which stays and can be restored again. Also after a cell
    /// that ended its process, until the next cell begins: `restarted` of that cell's output is then untrue,
    /// and nothing was lost but what came after the checkpoint. Errors: CheckpointUnavailable where @p id is
    /// not in checkpoints(); then the REPL is as before. GuestFailed, Cancelled: then it has been restarted,
    /// and all checkpoints are gone.
    virtual Task<Result<void>> restore(CheckpointId id, StopToken stop);

    /// Frees what the checkpoint holds. No matter where it is gone already.
    virtual void drop(CheckpointId id);

    /// Oldest first. Looks at the memory of each, on another thread; a stop leaves out what was not seen yet.
    virtual Task<std::vector<Checkpoint>> checkpoints(StopToken stop) const;
};

/// Starts REPLs. Engine thread only.
class ReplFactory {
public:
    virtual ~ReplFactory() = default;
    /// @p calls must outlive the Repl. Errors: SandboxUnavailable, SandboxTooWeak, PythonMissing,
    /// GuestFailed.
    virtual Task<Result<std::unique_ptr<Repl>>> start(ReplSpec spec, HostCalls* calls, StopToken stop) = 0;
};

} // namespace burrow
