#pragma once

#include "engine/history.h"
#include "engine/run_parts.h"
#include "engine/sub_calls.h"
#include "repl/cell_parser.h"
#include "repl/repl.h"

namespace burrow {

/// What one RLM call is asked.
struct RlmTask {
    NodePath path;
    int depth = 0; ///< of the call: 0 for a root
    QByteArray question;
    QByteArray model;
    ReplContext context;
    QByteArray background; ///< told before the question: an earlier question of the same run; may be empty
    QByteArray earlierAnswer; ///< the best that an earlier session came to without finishing
};

/// The REPL that plays the cells of @p task.
ReplSpec replSpec(const RlmTask& task, quint64 seed, const RunLimits& limits);

/// One RLM call: the loop of the paper. A model writes cells, a REPL runs them, until the answer is set.
/// Engine thread only; must outlive its run().
class RlmCall {
public:
    RlmCall(RunParts& parts, RlmTask task);

    /// Plays the call to its answer. Errors: Cancelled, LimitReached, and those of models, REPLs and
    /// documents.
    /// @p repl is used where one is given: a further question over the variables of the one before.
    Task<Result<QByteArray>> run(StopToken stop, std::shared_ptr<Repl> repl = nullptr);

    /// After an error: the draft of the answer, else the prose of the last reply; may be empty.
    QByteArray bestSoFar() const;
    /// The REPL with the call's variables, for a further question. Null before it has started.
    std::shared_ptr<Repl> repl() const { return m_repl; }

private:
    Error noAnswer() const;
    using MaybeAnswer = Result<std::optional<QByteArray>>;

    QByteArray systemPrompt() const;
    QByteArray firstMessage() const;
    bool mayTakeTurn() const;
    Task<Result<void>> startRepl(StopToken stop);
    Task<Result<ChatReply>> ask(NodePath node, StopToken stop);
    Task<Result<ChatReply>> send(NodePath node, std::vector<Message> messages, StopToken stop);
    Task<Result<void>> compact(StopToken stop);
    /// Runs the cells of a reply and adds what they gave to the history.
    Task<MaybeAnswer> play(NodePath node, ChatReply reply, StopToken stop);
    Task<Result<CellOutput>> execute(Cell cell, StopToken stop);
    /// Whether an answer given as text would count in a reply with @p cells cells.
    bool mayFinishInText(size_t cells) const;
    Task<Result<QByteArray>> askForFinalAnswer(StopToken stop);
    /// What is said to a reply that held no cell.
    QByteArray promptForCell(const ParsedReply& parsed) const;
    QByteArray emptyRemark() const;
    QByteArray restartRemark(const CellOutput& output) const;
    QByteArray remarks() const;

    RunParts& m_parts;
    RlmTask m_task;
    SubCalls m_subCalls;
    std::shared_ptr<Repl> m_repl;
    History m_history;

    int m_turn = 0;
    int m_compactions = 0;
    int m_cellsRun = 0;
    int m_repliesWithoutCell = 0;
    int m_failingCells = 0; ///< in a row
    QByteArray m_limitOfLastCell; ///< its message; empty where no limit made the last cell raise
    std::vector<Variable> m_variables;
    QByteArray m_draft;
    QByteArray m_lastProse;
};

} // namespace burrow
