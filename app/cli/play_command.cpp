#include "play_command.h"

#include "advice.h"
#include "asked_settings.h"
#include "base/json.h"
#include "base/quantities.h"
#include "base/visible_text.h"
#include "base/words.h"
#include "progress.h"
#include "session/recorded_run.h"
#include "session/session.h"
#include "terminal.h"
#include "trajectory/fork.h"
#include "trajectory/unfinished.h"

#include <cstdio>

namespace burrow {

namespace {

using words::tr;

const char* wordFor(RunState state)
{
    switch (state) {
    case RunState::Answered:
        return "answered";
    case RunState::Limit:
        return "limit";
    case RunState::Stopped:
        return "stopped";
    case RunState::Running:
    case RunState::Killed:
    case RunState::Failed:
        break;
    }
    return "failed";
}

ExitStatus statusOf(const RunOutcome& outcome)
{
    if (outcome.state == RunState::Answered)
        return ExitStatus::Answered;
    if (outcome.state == RunState::Stopped)
        return ExitStatus::Interrupted;
    return exitStatusOf(outcome.error ? outcome.error->code : ErrorCode::Cancelled);
}

/// A run is not taken up again over documents that changed.
bool canGoOn(const RunOutcome& outcome)
{
    const bool lostDocuments = outcome.error
        && (outcome.error->code == ErrorCode::DocumentChanged || outcome.error->code == ErrorCode::NotFound);
    return outcome.state != RunState::Answered && !lostDocuments;
}

void printLine(FILE* stream, const QByteArray& text)
{
    std::fwrite(text.constData(), 1, size_t(text.size()), stream);
    std::fputc('\n', stream);
    std::fflush(stream);
}

double toDollars(MicroUsd money)
{
    return double(money.value) / 1e6;
}

double toMilliseconds(std::chrono::microseconds duration)
{
    return double(duration.count()) / 1e3;
}

QByteArray jsonReport(const RunOutcome& outcome, const Session& session, std::chrono::microseconds started)
{
    const RunTotals& run = session.totals();
    nlohmann::ordered_json json;
    json["answer"] = outcome.answer.toStdString();
    json["status"] = wordFor(outcome.state);
    if (outcome.error)
        json["error"] = messageWithAdvice(*outcome.error).toStdString();
    json["run_file"] = nullptr; // where it ended before there was one
    if (session.tree().size() > 0)
        json["run_file"] = session.file().path().toStdString();
    json["branch"] = session.branch();
    json["turns"] = run.turns;
    json["calls"] = run.calls;
    // A strict replay spends nothing: what it shows was spent before.
    const bool isReplay = session.isStrictReplay();
    json["spent_usd"] = isReplay ? 0.0 : toDollars(run.totals.spent);
    json["estimated_usd"] = isReplay ? 0.0 : toDollars(run.totals.estimated);
    json["reused_usd"] = toDollars(run.totals.reused + (isReplay ? run.totals.spent : MicroUsd()));
    json["unknown_outcomes"] = run.totals.unknown;
    json["unknown_up_to_usd"] = toDollars(run.totals.unknownUpTo);
    json["input_tokens"] = run.totals.inputTokens;
    json["output_tokens"] = run.totals.outputTokens;
    json["estimated_tokens"] = run.totals.estimatedTokens;
    json["first_request_ms"] = nullptr;
    if (const auto first = session.firstRequestAfter())
        json["first_request_ms"] = toMilliseconds(*first);
    json["wall_ms"] = toMilliseconds(SystemClock().now() - started);
    json["sandbox_level"] = nullptr; // where none was started
    if (session.sandbox())
        json["sandbox_level"] = nameOf(session.sandbox()->level).toStdString();
    return toText(json, JsonForm::Ascii);
}

ExitStatus report(const RunOutcome& outcome, const Session& session, const OutputOptions& output,
    std::chrono::microseconds started)
{
    if (output.json)
        printLine(stdout, jsonReport(outcome, session, started));
    else if (!outcome.answer.isEmpty())
        printLine(stdout, visibleText(outcome.answer, LineMode::MultiLine));
    if (outcome.error)
        printLine(stderr,
            "burrow-cli: " + visibleText(messageWithAdvice(*outcome.error).toUtf8(), LineMode::SingleLine));
    if (!output.quiet && session.tree().size() > 0) {
        const RunReference run{session.file().path(), session.branch()};
        const QString path = visibleText(run.text(), LineMode::SingleLine);
        const QString next = canGoOn(outcome) ? tr("To go on: burrow-cli resume %1") : tr("Run: %1");
        printLine(stderr, next.arg(path).toUtf8());
    }
    return statusOf(outcome);
}

/// Ctrl+C stops @p session softly the first time, at once the second; SIGTERM at once.
void stopOnInterrupt(Session& session, Interrupts& interrupts, Progress& progress)
{
    QObject::connect(&interrupts, &Interrupts::interrupted, &session, [&, first = true]() mutable {
        if (!std::exchange(first, false) || !session.isPlaying())
            return session.stopNow();
        session.stopSoftly();
        progress.say(tr("Stopping when what is in flight has finished. Press Ctrl+C again to stop now."));
    });
    // Who terminates a program is about to kill it, and presses no key.
    QObject::connect(&interrupts, &Interrupts::terminated, &session, [&session] { session.stopNow(); });
}

ExitStatus playAndReport(Session& session, QList<QByteArray> questions, const OutputOptions& output,
    std::chrono::microseconds started)
{
    Progress progress(session.tree(), session.totals().turns,
        output.quiet ? Progress::Style::None : Progress::styleOfStderr());
    QObject::connect(&session, &Session::noted, &progress,
        [&progress](const QString& line) { progress.say(lineWithAdvice(line)); });
    QObject::connect(&session, &Session::sandboxed, &progress, [&progress](const QString& level) {
        if (level != QLatin1String(nameOf(SandboxLevel::Full)))
            progress.say(tr("`burrow-cli doctor` says what makes the sandbox stronger."));
    });
    Interrupts interrupts;
    stopOnInterrupt(session, interrupts, progress);
    QObject::connect(&session, &Session::hashing, &progress, [&progress] {
        progress.say(tr("Hashing the documents, to know them again in a later session. Ctrl+C skips this."));
    });
    // Nobody is here to step on: what is on record waits for `resume`.
    QObject::connect(&session, &Session::stopped, &session, [&](const Stop& here) {
        progress.say(tr("Paused %1.").arg(describe(here)));
        session.stopSoftly();
    });
    const RunOutcome outcome = QCoro::waitFor(session.play(std::move(questions)));
    progress.finish();
    const ExitStatus status = report(outcome, session, output, started);
    QCoro::waitFor(session.finish());
    return status;
}

Result<ExitStatus> askAnew(const AskOptions& options, std::chrono::microseconds started)
{
    const Result<RunSettings> settings = settingsFor(options);
    if (!settings)
        return std::unexpected(settings.error());
    Result<RunFile> file
        = options.runFile.isEmpty() ? createRun(options.question) : RunFile::create(options.runFile);
    if (!file)
        return std::unexpected(file.error());
    Session session(std::move(*file), *settings, Session::newRun(),
        {.allowUnsafeSandbox = options.allowUnsafeSandbox,
            .python = options.python,
            .started = started,
            .breakpoints = options.breakpoints});
    return playAndReport(session, {options.question.toUtf8()}, options.output, started);
}

Result<ExitStatus> continueRun(const AskOptions& options, std::chrono::microseconds started)
{
    const RunReference& reference = *options.continuedRun;
    Result<TakenUp> taken = takeUp(reference.path, options.trustRun, reference.branch);
    if (!taken)
        return std::unexpected(taken.error());
    if (taken->run.totals.state != RunState::Answered)
        return fail(ErrorCode::InvalidArgument,
            tr("The last question of %1 has no answer yet: finish it with `burrow-cli resume` first.")
                .arg(reference.text()));
    setLimits(taken->run, options.limits, options.output);
    taken->run.questions << options.question.toUtf8();
    return playTakenUp(std::move(*taken),
        {.allowUnsafeSandbox = options.allowUnsafeSandbox,
            .python = options.python,
            .started = started,
            .branch = reference.branch,
            .breakpoints = options.breakpoints},
        options.output);
}

} // namespace

void setLimits(RecordedRun& run, const LimitOptions& limits, const OutputOptions& output)
{
    RunSettings& settings = run.settings;
    limits.applyTo(settings.limits);
    if (settings.limits.maxDepth != settings.told.maxDepth && !output.quiet)
        printLine(stderr,
            tr("The depth of this run stays %1: its models know what they can call. Ask anew to change it.")
                .arg(settings.told.maxDepth)
                .toUtf8());
    settings.limits.maxDepth = settings.told.maxDepth;
}

ExitStatus playTakenUp(TakenUp taken, SessionOptions options, const OutputOptions& output)
{
    options.before = taken.run.totals;
    if (taken.run.isFromElsewhere)
        options.keyFor = ownApiKeyOf;
    const auto started = options.started;
    Session session(
        std::move(taken.file), std::move(taken.run.settings), std::move(taken.run.info), std::move(options));
    return playAndReport(session, std::move(taken.run.questions), output, started);
}

Result<ExitStatus> ask(const AskOptions& options, std::chrono::microseconds started)
{
    return options.continuedRun ? continueRun(options, started) : askAnew(options, started);
}

Result<ExitStatus> resume(const ResumeOptions& options, std::chrono::microseconds started)
{
    Result<TakenUp> taken = takeUp(options.run.path, options.trustRun, options.run.branch);
    if (!taken)
        return std::unexpected(taken.error());
    setLimits(taken->run, options.limits, options.output);
    return playTakenUp(std::move(*taken),
        {.allowUnsafeSandbox = options.allowUnsafeSandbox,
            .python = options.python,
            .started = started,
            .branch = options.run.branch},
        options.output);
}

Result<ExitStatus> replay(const ReplayOptions& options, std::chrono::microseconds started)
{
    const bool isStrict = options.mode == ReplayOptions::Mode::Strict;
    Result<TakenUp> taken = takeUp(options.run.path, options.trustRun, options.run.branch,
        isStrict ? RunFile::Access::Read : RunFile::Access::Write);
    if (!taken)
        return std::unexpected(taken.error());
    SessionOptions session{
        .allowUnsafeSandbox = options.allowUnsafeSandbox, .python = options.python, .started = started};
    if (isStrict) {
        // What a limit decided is on record.
        RunLimits& limits = taken->run.settings.limits;
        limits.maxCost.reset();
        limits.maxTokens.reset();
        limits.maxCalls.reset();
        limits.maxTime.reset();
        session.mode = RecordMode::Verify;
        session.branch = options.run.branch;
        return playTakenUp(std::move(*taken), std::move(session), options.output);
    }
    setLimits(taken->run, options.limits, options.output);
    Result<Fork> fork = loadTree(taken->file, options.run.branch).and_then([&](const RunTree& tree) {
        return planFork(taken->file, tree, options.run.branch, NodePath::root(), {});
    });
    if (!fork)
        return std::unexpected(fork.error());
    session.fork = std::move(*fork);
    return playTakenUp(std::move(*taken), std::move(session), options.output);
}

} // namespace burrow
