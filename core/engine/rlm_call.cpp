#include "engine/rlm_call.h"

#include "engine/context_summary.h"
#include "engine/output_text.h"

#include <QCoreApplication>

namespace burrow {

namespace {

constexpr int turnsOfWarning = 2;
constexpr int failuresBeforeHint = 3;
constexpr int triesToShrink = 5; // each is 60 % of the one before, so the last is an eighth of the first

bool isTooLong(const Result<ChatReply>& reply)
{
    return !reply && reply.error().code == ErrorCode::WindowExceeded;
}

/// How many characters fit a sub-model's prompt: half its window at three characters a token.
qint64 promptCharacters(qint64 windowTokens)
{
    return windowTokens / 2 * 3;
}

/// As many digits as the sum has, and two at least: 2.50, 0.004.
QByteArray dollars(MicroUsd money)
{
    QByteArray text = QByteArray::number(double(money.value) / 1e6, 'f', 6);
    while (text.endsWith('0') && text.size() - text.indexOf('.') > 3)
        text.chop(1);
    return text;
}

QByteArray limitsText(const RunLimits& limits)
{
    QByteArrayList parts;
    parts << QByteArray::number(limits.maxIterations) + " turns"
          << amountOf(hitOf(CellLimit::WallTime, limits.repl)) + " for a cell"
          << amountOf(hitOf(CellLimit::Memory, limits.repl))
          << QByteArray::number(limits.maxConcurrentCalls) + " sub-calls at once";
    if (limits.maxCalls)
        parts << grouped(*limits.maxCalls) + " sub-calls in all";
    if (limits.maxTokens)
        parts << grouped(*limits.maxTokens) + " tokens in all";
    if (limits.maxCost)
        parts << dollars(*limits.maxCost) + " US dollars in all";
    return parts.join(", ") + ". A call that a limit forbids raises `LimitReached`.";
}

/// Nothing that a person could read.
bool isEmpty(const QByteArray& answer)
{
    return answer.trimmed().isEmpty();
}

QByteArray pythonLiteral(QByteArray text)
{
    return "'" + text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n") + "'";
}

} // namespace

ReplSpec replSpec(const RlmTask& task, quint64 seed, const RunLimits& limits)
{
    ReplSpec spec;
    spec.path = task.path;
    spec.seed = seed;
    spec.context = task.context;
    spec.limits = limits.repl;
    return spec;
}

RlmCall::RlmCall(RunParts& parts, RlmTask task)
    : m_parts(parts)
    , m_task(std::move(task))
    , m_subCalls(parts, m_task)
    , m_history(systemPrompt(), firstMessage(), parts.models.windowOf(m_task.model))
{
}

QByteArray RlmCall::systemPrompt() const
{
    const QByteArray yes = "yes", no;
    PromptValues values{
        {"context_kind", kindOfContext(m_task.context)},
        {"output_limit", grouped(outputLimit)},
        {"sub_chars", grouped(promptCharacters(m_parts.models.windowOf(m_parts.models.sub)))},
        {"limits", limitsText(m_parts.told)},
        {"scratch", m_parts.hasScratch ? yes : no},
        {"sub_calls", m_task.depth < m_parts.told.maxDepth ? yes : no},
        {"rlm", m_task.depth + 1 < m_parts.told.maxDepth ? yes : no},
    };
    values["addendum"] = m_parts.prompts.addendumFor(m_task.model, values);
    return m_parts.prompts.render(QStringLiteral("system"), values);
}

QByteArray RlmCall::firstMessage() const
{
    const QByteArray context = describeContext(m_task.context);
    return m_parts.prompts.render(QStringLiteral("question"),
        {{"context", m_task.background.isEmpty() ? context : context + "\n\n" + m_task.background},
            {"question", m_task.question}});
}

Task<Result<QByteArray>> RlmCall::run(StopToken stop, std::shared_ptr<Repl> repl)
{
    m_repl = std::move(repl);
    // The REPL starts while the model thinks about its first turn.
    Task<Result<void>> starting = startRepl(stop);
    Result<void> started;
    for (m_turn = 1; mayTakeTurn(); ++m_turn) {
        const NodePath node = m_task.path.turn(m_turn);
        auto reply = co_await ask(node, stop);
        if (m_turn == 1)
            started = co_await starting;
        if (!started)
            co_return std::unexpected(started.error());
        if (!reply)
            co_return std::unexpected(reply.error());
        const MaybeAnswer answer = co_await play(node, std::move(*reply), stop);
        if (!answer)
            co_return std::unexpected(answer.error());
        if (*answer) {
            const auto passed
                = co_await m_parts.gate.pass({StopPoint::BeforeAnswer, m_task.path, {}, **answer}, stop);
            if (!passed)
                co_return std::unexpected(passed.error());
            co_return **answer;
        }
        if (m_failingCells >= m_parts.limits.maxConsecutiveErrors)
            break;
    }
    co_return co_await askForFinalAnswer(stop);
}

bool RlmCall::mayTakeTurn() const
{
    // What is on record happened, whatever limit holds now: a turn that was taken, an answer that was forced.
    if (m_parts.hasResult(m_task.path.turn(m_turn)))
        return true;
    const bool wasForced = m_parts.hasResult(m_task.path) && m_parts.hasResult(m_task.path.final());
    return !wasForced && m_turn <= m_parts.limits.maxIterations;
}

Task<Result<void>> RlmCall::startRepl(StopToken stop)
{
    if (m_repl)
        co_return Result<void>();
    auto started
        = co_await m_parts.repls.start(replSpec(m_task, m_parts.seed, m_parts.limits), &m_subCalls, stop);
    if (!started)
        co_return std::unexpected(started.error());
    m_repl = std::move(*started);
    co_return Result<void>();
}

Task<Result<ChatReply>> RlmCall::send(NodePath node, std::vector<Message> messages, StopToken stop)
{
    ChatRequest request;
    request.path = std::move(node);
    request.model = m_task.model;
    request.messages = std::move(messages);
    request.maxOutputTokens = m_parts.limits.maxOutputTokens;
    ModelResult reply = co_await m_parts.model.complete(std::move(request), stop);
    if (!reply)
        co_return std::unexpected(Error(reply.error()));
    co_return std::move(*reply);
}

Task<Result<ChatReply>> RlmCall::ask(NodePath node, StopToken stop)
{
    if (m_history.isNearlyFull() && m_history.canShrink())
        if (const auto compacted = co_await compact(stop); !compacted)
            co_return std::unexpected(compacted.error());
    if (const QByteArray* const edited = m_parts.edits.prompt(node))
        m_history.replaceLast(*edited);
    auto reply = co_await send(node, m_history.messages(), stop);
    // The window is smaller than was thought: the conversation must shrink before the same question fits.
    if (isTooLong(reply) && m_history.canShrink()) {
        m_history.noteRefused(m_history.messages());
        if (const auto compacted = co_await compact(stop); !compacted)
            co_return std::unexpected(compacted.error());
        reply = co_await send(node, m_history.messages(), stop);
    }
    if (reply)
        m_history.noteTokens(reply->usage);
    co_return reply;
}

Task<Result<void>> RlmCall::compact(StopToken stop)
{
    const QByteArray instruction = m_parts.prompts.render(QStringLiteral("compact"));
    const NodePath node = m_task.path.compaction(++m_compactions);
    std::vector<Message> request = m_history.requestForSummary(instruction);
    auto summary = co_await send(node, request, stop);
    for (int tries = 1; isTooLong(summary) && tries < triesToShrink; ++tries) {
        m_history.noteRefused(request);
        request = m_history.requestForSummary(instruction);
        summary = co_await send(node, request, stop);
    }
    if (!summary)
        co_return std::unexpected(summary.error());
    m_history.compact(withoutThinking(summary->text),
        m_parts.prompts.render(
            QStringLiteral("after_compaction"), {{"variables", describeVariables(m_variables)}}));
    co_return Result<void>();
}

bool RlmCall::mayFinishInText(size_t cells) const
{
    // As text, an answer counts only from a model that has looked, or that insists.
    return cells > 0 || m_cellsRun > 0 || m_repliesWithoutCell >= 2;
}

Task<RlmCall::MaybeAnswer> RlmCall::play(NodePath node, ChatReply reply, StopToken stop)
{
    ParsedReply parsed = parseReply(reply.text);
    parsed.cutOffCell |= reply.finish == FinishReason::Length;
    m_history.addReply(withoutThinking(reply.text));
    // What a FINAL says is an answer only once it counts: beside a cell that fails it was made up.
    if (!parsed.final && !isEmpty(parsed.prose))
        m_lastProse = parsed.prose;
    if (parsed.cells.empty())
        ++m_repliesWithoutCell;
    if (!mayFinishInText(parsed.cells.size()))
        parsed.final.reset();
    // The variable lives in the REPL: a cell of the engine's own finishes with it.
    if (parsed.final && parsed.final->form == FinalText::Form::Variable)
        parsed.cells.push_back("FINAL_VAR(" + pythonLiteral(parsed.final->value) + ")\n");

    QByteArray outputs;
    bool failed = false;
    for (size_t i = 0; i < parsed.cells.size() && !failed; ++i) {
        const int ordinal = int(i) + 1;
        const auto output = co_await execute({node.cell(ordinal), parsed.cells[i]}, stop);
        if (!output)
            co_return std::unexpected(output.error());
        if (output->answer && !isEmpty(*output->answer))
            co_return output->answer;
        outputs += describeOutput(ordinal, *output) + restartRemark(*output) + '\n';
        if (output->answer)
            outputs += emptyRemark();
        failed = output->status != CellStatus::Ok || output->answer;
    }
    if (parsed.final && parsed.final->form == FinalText::Form::Text && !failed) {
        if (!isEmpty(parsed.final->value)) {
            m_lastProse = parsed.final->value; // kept where the run is stopped before it takes the answer
            co_return parsed.final->value;
        }
        outputs += emptyRemark();
    } else if (parsed.cells.empty() || parsed.cutOffCell)
        outputs += promptForCell(parsed) + '\n';
    m_history.addUser((outputs + remarks()).trimmed());
    co_return std::nullopt;
}

QByteArray RlmCall::emptyRemark() const
{
    return m_parts.prompts.render(QStringLiteral("empty_answer")) + '\n';
}

QByteArray RlmCall::restartRemark(const CellOutput& output) const
{
    if (!output.restarted && (output.undone || output.lostNames.empty()))
        return {};
    const QByteArray lost = QByteArrayList(output.lostNames.begin(), output.lostNames.end()).join(", ");
    return m_parts.prompts.render(QStringLiteral("restarted"), {{"lost", lost.isEmpty() ? "none" : lost}})
        + '\n';
}

Task<Result<CellOutput>> RlmCall::execute(Cell cell, StopToken stop)
{
    if (const auto passed
        = co_await m_parts.gate.pass({StopPoint::BeforeCell, cell.path, {}, cell.code}, stop);
        !passed)
        co_return std::unexpected(passed.error());
    if (const auto allowed = m_parts.budget.checkTime(); !allowed && !m_parts.hasResult(cell.path))
        co_return std::unexpected(allowed.error());
    const NodePath path = cell.path;
    auto output = co_await m_repl->execute(std::move(cell), stop);
    // Kept where the REPL lost it, and where the run ends here: it may be all that it has to show.
    if (const QByteArray draft = output ? output->answerDraft : m_repl->draftOfStopped(); !draft.isEmpty())
        m_draft = draft;
    if (!output)
        co_return std::unexpected(output.error());
    if (const auto passed = co_await m_parts.gate.pass(
            {StopPoint::AfterOutput, path, {}, output->out.head + output->value.head + output->err.head},
            stop);
        !passed)
        co_return std::unexpected(passed.error());
    if (m_subCalls.wereStopped())
        co_return fail(ErrorCode::Cancelled, QCoreApplication::translate("Run", "The run was stopped."));
    ++m_cellsRun;
    m_failingCells = output->status == CellStatus::Ok ? 0 : m_failingCells + 1;
    m_limitOfLastCell = limitThatEnded(*output);
    m_variables = output->variables;
    co_return output;
}

QByteArray RlmCall::promptForCell(const ParsedReply& parsed) const
{
    if (parsed.cutOffCell)
        return m_parts.prompts.render(QStringLiteral("cut_off"));
    const bool first = m_turn == 1 && m_cellsRun == 0;
    return m_parts.prompts.render(first ? QStringLiteral("look_first") : QStringLiteral("reminder"));
}

QByteArray RlmCall::remarks() const
{
    QByteArray text;
    if (m_failingCells > 0 && m_failingCells % failuresBeforeHint == 0)
        text += m_parts.prompts.render(QStringLiteral("simplify")) + '\n';
    const int left = m_parts.told.maxIterations - m_turn;
    if (left > 0 && left <= turnsOfWarning)
        text += m_parts.prompts.render(QStringLiteral("last_turns"),
            {{"turns", QByteArray::number(left)}, {"variables", describeVariables(m_variables)}});
    return text;
}

Task<Result<QByteArray>> RlmCall::askForFinalAnswer(StopToken stop)
{
    const NodePath node = m_task.path.final();
    m_history.addUser(
        m_parts.prompts.render(QStringLiteral("final"), {{"variables", describeVariables(m_variables)}}));
    auto reply = co_await ask(node, stop);
    if (!reply)
        co_return std::unexpected(reply.error());
    const ParsedReply parsed = parseReply(reply->text);
    if (parsed.cells.empty() && !parsed.final && !parsed.prose.isEmpty())
        co_return parsed.prose;
    const MaybeAnswer answer = co_await play(node, std::move(*reply), stop);
    if (!answer)
        co_return std::unexpected(answer.error());
    const QByteArray best = answer->value_or(bestSoFar());
    if (isEmpty(best))
        co_return std::unexpected(noAnswer());
    co_return best;
}

Error RlmCall::noAnswer() const
{
    const QString model = QString::fromUtf8(m_task.model);
    if (m_failingCells >= m_parts.limits.maxConsecutiveErrors) {
        const QString failing
            = QCoreApplication::translate("Run", "The last %1 cells of %2 failed, and it gave no answer.")
                  .arg(m_failingCells)
                  .arg(model);
        if (!m_limitOfLastCell.isEmpty())
            return {ErrorCode::LimitReached,
                QString::fromUtf8(m_limitOfLastCell) + u' ' + failing + u' '
                    + QCoreApplication::translate("Run", "Resume with a higher limit.")};
        return {ErrorCode::NoAnswer,
            failing + u' '
                + QCoreApplication::translate("Run",
                    "See why in the output of those cells, and ask another model, or in other words.")};
    }
    return {ErrorCode::NoAnswer,
        QCoreApplication::translate(
            "Run", "%1 used up its turns and gave no answer. Go on with more turns, or ask another model.")
            .arg(model)};
}

QByteArray RlmCall::bestSoFar() const
{
    if (!m_draft.isEmpty())
        return m_draft;
    // A session that ends sooner than one before it has nothing better than that had.
    return m_task.earlierAnswer.isEmpty() ? m_lastProse : m_task.earlierAnswer;
}

} // namespace burrow
