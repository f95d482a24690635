#include "play_command.h"

#include "asked_settings.h"
#include "base/quantities.h"
#include "base/visible_text.h"
#include "progress.h"
#include "session/recorded_run.h"
#include "session/session.h"
#include "terminal.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>
#include <QFile>

#include <cstdio>

namespace burrow {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Play", text);
}

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
        json["error"] = outcome.error->message.toStdString();
    json["run_file"] = session.file().path().toStdString();
    json["turns"] = run.turns;
    json["calls"] = run.calls;
    json["spent_usd"] = toDollars(run.totals.spent);
    json["estimated_usd"] = toDollars(run.totals.estimated);
    json["reused_usd"] = toDollars(run.totals.reused);
    json["input_tokens"] = run.totals.inputTokens;
    json["output_tokens"] = run.totals.outputTokens;
    json["estimated_tokens"] = run.totals.estimatedTokens;
    json["first_request_ms"] = nullptr;
    if (const auto first = session.firstRequestAfter())
        json["first_request_ms"] = toMilliseconds(*first);
    json["wall_ms"] = toMilliseconds(SystemClock().now() - started);
    json["sandbox_level"] = session.sandbox() ? nameOf(session.sandbox()->level).toStdString() : "none";
    return QByteArray::fromStdString(json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

ExitStatus report(const RunOutcome& outcome, const Session& session, const OutputOptions& output,
    std::chrono::microseconds started)
{
    if (output.json)
        printLine(stdout, jsonReport(outcome, session, started));
    else if (!outcome.answer.isEmpty())
        printLine(stdout, visibleText(outcome.answer, LineMode::MultiLine));
    if (outcome.error)
        printLine(
            stderr, "burrow-cli: " + visibleText(outcome.error->message.toUtf8(), LineMode::SingleLine));
    if (!output.quiet && session.tree().size() > 0) {
        const QString path = visibleText(session.file().path(), LineMode::SingleLine);
        const QString next = canGoOn(outcome) ? tr("To go on: burrow-cli resume %1") : tr("Run: %1");
        printLine(stderr, next.arg(path).toUtf8());
    }
    return statusOf(outcome);
}

/// Ctrl+C stops @p session softly the first time, at once the second.
void stopOnInterrupt(Session& session, Interrupts& interrupts, Progress& progress)
{
    QObject::connect(&interrupts, &Interrupts::interrupted, &session, [&, first = true]() mutable {
        if (!std::exchange(first, false) || !session.isPlaying())
            return session.stopNow();
        session.stopSoftly();
        progress.say(tr("Stopping when what is in flight has finished. Press Ctrl+C again to stop now."));
    });
}

ExitStatus playAndReport(Session& session, QList<QByteArray> questions, const OutputOptions& output,
    std::chrono::microseconds started)
{
    Progress progress(session.tree(), session.totals().turns,
        output.quiet ? Progress::Style::None : Progress::styleOfStderr());
    QObject::connect(&session, &Session::noted, &progress, &Progress::say);
    Interrupts interrupts;
    stopOnInterrupt(session, interrupts, progress);
    QObject::connect(&session, &Session::hashing, &progress, [&progress] {
        progress.say(tr("Hashing the documents, to know them again in a later session. Ctrl+C skips this."));
    });
    const RunOutcome outcome = QCoro::waitFor(session.play(std::move(questions)));
    progress.finish();
    const ExitStatus status = report(outcome, session, output, started);
    QCoro::waitFor(session.finish());
    return status;
}

/// Opens the run at @p path to go on with it.
struct TakenUp {
    RunFile file;
    RecordedRun run;
};

Result<TakenUp> takeUp(const QString& path, bool trusted)
{
    Result<RunFile> file = RunFile::open(path, RunFile::Access::Write);
    if (!file)
        return std::unexpected(file.error());
    Result<RecordedRun> run = readRun(*file);
    if (!run)
        return std::unexpected(run.error());
    if (const auto trust = checkTrust(*run, path, trusted); !trust)
        return std::unexpected(trust.error());
    return TakenUp{std::move(*file), std::move(*run)};
}

/// Goes on with @p run under @p limits.
Result<void> setLimits(RecordedRun& run, const LimitOptions& limits, const OutputOptions& output)
{
    RunSettings& settings = run.settings;
    limits.applyTo(settings.limits);
    if (settings.limits.maxDepth != settings.told.maxDepth && !output.quiet)
        printLine(stderr,
            tr("The depth of this run stays %1: its models know what they can call. Ask anew to change it.")
                .arg(settings.told.maxDepth)
                .toUtf8());
    settings.limits.maxDepth = settings.told.maxDepth;
    return checkPrices(settings);
}

Result<ExitStatus> askAnew(const AskOptions& options, std::chrono::microseconds started)
{
    const Result<RunSettings> settings = settingsFor(options);
    if (!settings)
        return std::unexpected(settings.error());
    const Result<QString> path = options.runFile.isEmpty() ? newRunPath(options.question) : options.runFile;
    if (!path)
        return std::unexpected(path.error());
    Result<RunFile> file = RunFile::create(*path);
    if (!file)
        return std::unexpected(file.error());
    ExitStatus status;
    bool begun;
    {
        Session session(
            std::move(*file), *settings, Session::newRun(), {options.allowUnsafeSandbox, started});
        status = playAndReport(session, {options.question.toUtf8()}, options.output, started);
        begun = session.tree().size() > 0;
    }
    // Nothing happened that would be worth a file: a mistyped path, a missing Python.
    if (!begun)
        QFile::remove(*path);
    return status;
}

Result<ExitStatus> continueRun(const AskOptions& options, std::chrono::microseconds started)
{
    Result<TakenUp> taken = takeUp(options.continuedRun, options.trustRun);
    if (!taken)
        return std::unexpected(taken.error());
    if (taken->run.totals.state != RunState::Answered)
        return fail(ErrorCode::InvalidArgument,
            tr("The last question of %1 has no answer yet: finish it with `burrow-cli resume` first.")
                .arg(options.continuedRun));
    if (const auto set = setLimits(taken->run, options.limits, options.output); !set)
        return std::unexpected(set.error());
    Session session(std::move(taken->file), taken->run.settings, taken->run.info,
        {options.allowUnsafeSandbox, started, taken->run.totals});
    return playAndReport(session, taken->run.questions << options.question.toUtf8(), options.output, started);
}

} // namespace

Result<ExitStatus> ask(const AskOptions& options, std::chrono::microseconds started)
{
    return options.continuedRun.isEmpty() ? askAnew(options, started) : continueRun(options, started);
}

Result<ExitStatus> resume(const ResumeOptions& options, std::chrono::microseconds started)
{
    Result<TakenUp> taken = takeUp(options.runFile, options.trustRun);
    if (!taken)
        return std::unexpected(taken.error());
    if (const auto set = setLimits(taken->run, options.limits, options.output); !set)
        return std::unexpected(set.error());
    Session session(std::move(taken->file), taken->run.settings, taken->run.info,
        {options.allowUnsafeSandbox, started, taken->run.totals});
    return playAndReport(session, taken->run.questions, options.output, started);
}

} // namespace burrow
