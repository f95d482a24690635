#include "engine/run.h"

#include <QCoreApplication>

namespace burrow {

namespace {

/// What earlier sessions of the run used; what was sent and never heard of counts as estimated.
Spending spentBefore(const RunTotals& run)
{
    return {.calls = run.calls,
        .tokens = run.totals.inputTokens + run.totals.outputTokens + run.totals.unknownTokens,
        .cost = run.totals.spent + run.totals.unknownUpTo};
}

NodeState stateOf(const Result<QByteArray>& answer)
{
    if (answer)
        return NodeState::Ok;
    return answer.error().code == ErrorCode::Cancelled ? NodeState::Cancelled : NodeState::Failed;
}

} // namespace

Run::Run(RunSetup setup)
    : m_setup(std::move(setup))
    , m_budget(m_setup.limits, m_setup.price, spentBefore(m_setup.recorder.tree().totals()))
    , m_children(m_setup.limits.maxConcurrentChildren)
    , m_recorded(m_setup.provider, m_setup.recorder,
          [this](const ChatRequest& request) { return m_budget.estimate(request); })
    , m_budgeted(m_recorded, m_budget)
    , m_admitted(m_budgeted, m_gate, m_setup.limits.maxConcurrentCalls)
    , m_retrying(m_admitted, {}, RetryingModel::systemRandom,
          [this](
              std::chrono::milliseconds wait, StopToken stop) { return m_gate.sleep(wait, std::move(stop)); })
    , m_served(m_retrying, m_setup.recorder)
    , m_edited(m_served, m_setup.recorder)
    , m_recordedRepls(
          m_setup.repls, m_setup.recorder,
          [this](const NodePath& cell, const QByteArray& text) {
              Q_EMIT noted(QString::fromUtf8(cell.text() + ": " + text));
          },
          m_setup.kept)
    , m_watchedRepls(m_recordedRepls, m_setup.watchDocuments)
    , m_parts{m_setup.limits, m_setup.told, m_setup.models, m_setup.prompts, m_edited, m_budget, m_gate,
          m_watchedRepls, m_children, m_setup.recorder.edits(), m_setup.seed, m_setup.hasScratch,
          [this](RlmTask task, StopToken stop) { return playChild(std::move(task), stop); },
          [this](const ChatRequest& request) {
              return m_served.holds(m_setup.recorder.edits().applyTo(request));
          },
          [this](const NodePath& path) { return hasResult(path); }}
{
    m_timeLimit.setSingleShot(true);
    // A coarse timer may fire early; then a resumed run would find some time left.
    m_timeLimit.setTimerType(Qt::PreciseTimer);
    connect(&m_timeLimit, &QTimer::timeout, this, &Run::onTimeUp);
    m_gate.spent = [this] { return Spent{m_budget.spent().cost, m_budget.spent().tokens}; };
    m_gate.onLog = [this](const Stop& here) { Q_EMIT passed(here); };
    m_gate.onStop = [this](const Stop& here) {
        (void)markPause(); // a failure shows with the next record
        Q_EMIT stopped(here);
    };
}

Run::~Run() = default;

bool Run::hasResult(const NodePath& path) const
{
    const RunTree& tree = m_setup.recorder.tree();
    const NodeIndex node = tree.findPath(path);
    if (node == noNode)
        return false;
    const RunTree::Node& at = tree.node(node);
    return at.state == NodeState::Ok || (at.kind == NodeKind::Cell && at.state == NodeState::Failed);
}

RlmTask Run::nextTask(QByteArray question) const
{
    RlmTask task;
    task.path = NodePath::root(int(m_questions.size()) + 1);
    const QByteArray* const edited = m_setup.recorder.edits().prompt(task.path);
    task.question = edited ? *edited : std::move(question);
    task.model = m_setup.models.root;
    task.context = m_setup.context;
    task.earlierAnswer = earlierAnswer(task.path);
    if (!m_questions.empty())
        task.background = m_setup.prompts.render(QStringLiteral("continued"),
            {{"previous_question", m_previousQuestion}, {"previous_answer", m_previousAnswer}});
    return task;
}

Task<RunOutcome> Run::ask(QByteArray question)
{
    startTimeLimit();
    RlmTask task = nextTask(std::move(question));
    question = task.question;
    const NodePath path = task.path;
    const std::shared_ptr<Repl> repl = m_questions.empty() ? nullptr : m_questions.back()->repl();
    m_questions.push_back(std::make_unique<RlmCall>(m_parts, std::move(task)));
    RlmCall& call = *m_questions.back();
    RlmStart start{.prompt = question, .model = m_setup.models.root};
    Result<QByteArray> answer = co_await playRecorded(path, std::move(start), call, repl, m_stop.get_token());
    RunOutcome outcome = outcomeOf(std::move(answer), call);
    if (outcome.state == RunState::Limit)
        if (const auto noted = m_setup.recorder.limitReached(path, outcome.error->message.toUtf8()); !noted)
            outcome = {RunState::Failed, outcome.answer, noted.error()};
    m_previousQuestion = std::move(question);
    m_previousAnswer = outcome.answer;
    co_return outcome;
}

Task<Result<QByteArray>> Run::playRecorded(
    NodePath path, RlmStart start, RlmCall& call, std::shared_ptr<Repl> repl, StopToken stop)
{
    if (const auto opened = m_setup.recorder.openRlm(path, std::move(start)); !opened)
        co_return std::unexpected(opened.error());
    const Result<QByteArray> answer = co_await call.run(stop, std::move(repl));
    const QByteArray text = answer ? *answer : call.bestSoFar();
    // A failed run file has already failed the call; its own error is the one to show.
    if (const auto closed = m_setup.recorder.closeRlm(path, stateOf(answer), text); !closed && answer)
        co_return std::unexpected(closed.error());
    co_return answer;
}

Task<Result<QByteArray>> Run::playChild(RlmTask task, StopToken stop)
{
    const NodePath path = task.path;
    if (const QByteArray* const edited = m_setup.recorder.edits().prompt(path))
        task.question = *edited;
    RlmStart start{.prompt = task.question, .model = task.model};
    if (const QByteArray* const answer = m_setup.recorder.edits().reply(path))
        co_return answerEdited(path, std::move(start), *answer);
    RlmCall call(m_parts, std::move(task));
    co_return co_await playRecorded(path, std::move(start), call, nullptr, stop);
}

/// A child whose answer a person gave has nothing to do.
Result<QByteArray> Run::answerEdited(const NodePath& path, RlmStart start, const QByteArray& answer)
{
    Recorder& recorder = m_setup.recorder;
    return recorder.openRlm(path, std::move(start))
        .and_then([&] { return recorder.closeRlm(path, NodeState::Ok, answer); })
        .and_then([&] { return recorder.markEdited(path, Edit::Kind::Reply); })
        .transform([&] { return answer; });
}

QByteArray Run::earlierAnswer(const NodePath& path) const
{
    const RunTree& tree = m_setup.recorder.tree();
    const NodeIndex node = tree.findPath(path);
    if (node == noNode || tree.node(node).state == NodeState::Ok)
        return {};
    return m_setup.recorder.file().text(tree.node(node).output).value_or(QByteArray());
}

RunOutcome Run::outcomeOf(Result<QByteArray> answer, const RlmCall& call)
{
    if (answer)
        return {RunState::Answered, std::move(*answer), std::nullopt};
    Error& error = answer.error();
    if (error.code == ErrorCode::LimitReached)
        return {RunState::Limit, call.bestSoFar(), std::move(error)};
    if (error.code != ErrorCode::Cancelled)
        return {RunState::Failed, call.bestSoFar(), std::move(error)};
    if (m_timeIsUp)
        return {RunState::Limit, call.bestSoFar(),
            Error{ErrorCode::LimitReached,
                QCoreApplication::translate("Run", "The limit of this run on time was reached.")}};
    return {RunState::Stopped, call.bestSoFar(), std::move(error)};
}

Result<void> Run::pause(const NodePath& scope)
{
    const bool isNew = scope.isEmpty() && !isPaused();
    m_gate.hold(scope);
    return isNew ? markPause() : Result<void>();
}

Result<void> Run::pauseNow(const NodePath& scope)
{
    const Result<void> paused = pause(scope);
    if (m_setup.cells.stop)
        m_setup.cells.stop([&scope](const NodePath& cell) { return isWithin(cell, scope); });
    m_admitted.callBack(scope);
    return paused;
}

Result<void> Run::resume(const NodePath& scope)
{
    const Result<void> ended = scope.isEmpty() ? endPause() : Result<void>();
    m_gate.release(scope);
    letCellsGo(scope);
    return ended;
}

Result<void> Run::resume(Step step, const NodePath& from)
{
    const Result<void> ended = endPause();
    m_gate.step(step, from);
    letCellsGo();
    return ended;
}

Result<void> Run::resumeTo(const NodePath& path)
{
    const Result<void> ended = endPause();
    m_gate.runTo(path);
    letCellsGo();
    return ended;
}

void Run::setBreakpoints(std::vector<Breakpoint> breakpoints)
{
    m_gate.setBreakpoints(std::move(breakpoints));
}

/// A pause is recorded, since its time is not played.
Result<void> Run::markPause()
{
    if (m_timeLimit.isActive())
        m_timeLeft = m_timeLimit.remainingTimeAsDuration();
    m_timeLimit.stop();
    return m_setup.recorder.paused(true).and_then([&] { return m_setup.recorder.sync(); });
}

/// Before those who wait go on: what they record comes later.
Result<void> Run::endPause()
{
    if (!isPaused())
        return {};
    if (m_timeLeft)
        m_timeLimit.start(*std::exchange(m_timeLeft, std::nullopt));
    return m_setup.recorder.paused(false);
}

/// But those that are still held with another part, or with the run.
void Run::letCellsGo(const NodePath& scope)
{
    if (m_setup.cells.go)
        m_setup.cells.go([&](const NodePath& cell) { return isWithin(cell, scope) && !m_gate.holds(cell); });
}

void Run::stopSoftly()
{
    m_gate.close();
}

void Run::stopNow()
{
    m_gate.close();
    m_stop.request_stop();
}

void Run::startTimeLimit()
{
    if (!m_setup.limits.maxTime || m_timeLimit.isActive())
        return;
    const auto played = std::chrono::ceil<std::chrono::milliseconds>(m_setup.recorder.tree().totals().played);
    if (played < *m_setup.limits.maxTime)
        m_timeLimit.start(*m_setup.limits.maxTime - played);
    else
        m_budget.endTime(); // what is on record is still played, to the best answer of then
}

void Run::onTimeUp()
{
    m_timeIsUp = true;
    stopNow();
}

} // namespace burrow
