#include "advice.h"
#include "diff_command.h"
#include "doctor_command.h"
#include "fork_command.h"
#include "play_command.h"
#include "sample_command.h"
#include "show_command.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/visible_text.h"

#include <QCoreApplication>

#include <cstdio>

namespace burrow {

namespace {

/// Reads the arguments of a verb with @p parse and runs it with @p command.
template <typename Parse, typename Command>
Result<ExitStatus> carryOut(const QStringList& arguments, Parse parse, Command command)
{
    const auto options = parse(arguments);
    if (!options)
        return std::unexpected(options.error());
    return command(*options);
}

Result<ExitStatus> dispatch(
    const QString& verb, const QStringList& arguments, std::chrono::microseconds started)
{
    if (verb == QLatin1String("ask"))
        return carryOut(
            arguments, parseAsk, [&](const AskOptions& options) { return ask(options, started); });
    if (verb == QLatin1String("resume"))
        return carryOut(
            arguments, parseResume, [&](const ResumeOptions& options) { return resume(options, started); });
    if (verb == QLatin1String("replay"))
        return carryOut(
            arguments, parseReplay, [&](const ReplayOptions& options) { return replay(options, started); });
    if (verb == QLatin1String("fork"))
        return carryOut(
            arguments, parseFork, [&](const ForkOptions& options) { return fork(options, started); });
    if (verb == QLatin1String("diff"))
        return carryOut(arguments, parseDiff, diff);
    if (verb == QLatin1String("show"))
        return carryOut(arguments, parseShow, show);
    if (verb == QLatin1String("sample"))
        return carryOut(arguments, parseSample, sample);
    if (verb == QLatin1String("doctor"))
        return carryOut(arguments, parseDoctor, doctor);
    return fail(ErrorCode::InvalidArgument,
        QCoreApplication::translate("Main", "There is no verb '%1': `burrow-cli help` lists them.")
            .arg(verb));
}

/// Says what ended the program before any run could report it.
ExitStatus report(const Error& error, const QStringList& arguments)
{
    const QString message = messageWithAdvice(error);
    // Found by its name: what went wrong may be the arguments themselves.
    if (arguments.contains(QLatin1String("--json"))) {
        const bool stopped = error.code == ErrorCode::Cancelled;
        const nlohmann::ordered_json json{
            {"status", stopped ? "stopped" : "failed"}, {"error", message.toStdString()}};
        std::printf("%s\n", toText(json, JsonForm::Ascii).constData());
    }
    const QByteArray line = visibleText(message.toUtf8(), LineMode::SingleLine);
    std::fprintf(stderr, "burrow-cli: %s\n", line.constData());
    return exitStatusOf(error.code);
}

int run(const QStringList& arguments, std::chrono::microseconds started)
{
    const QString verb = arguments.value(1, QStringLiteral("help"));
    const bool asksForHelp
        = arguments.contains(QLatin1String("--help")) || arguments.contains(QLatin1String("-h"));
    if (verb == QLatin1String("help") || asksForHelp) {
        std::fputs(qUtf8Printable(helpText()), stdout);
        return arguments.size() > 1 ? int(ExitStatus::Answered) : int(ExitStatus::Usage);
    }
    if (verb == QLatin1String("--version")) {
        std::printf("burrow-cli %s\n", qUtf8Printable(QCoreApplication::applicationVersion()));
        return int(ExitStatus::Answered);
    }
    const Result<ExitStatus> status = dispatch(verb, arguments.sliced(2), started);
    return int(status ? *status : report(status.error(), arguments));
}

/// @p status, unless what was printed did not arrive.
int statusAfterOutput(int status)
{
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
        return status;
    std::fputs(qUtf8Printable(QCoreApplication::translate("Main",
                   "burrow-cli: The output could not be written: the disk is full or the file is closed. "
                   "What a run found is in its run file: `burrow-cli show` lists it.\n")),
        stderr);
    return status == int(ExitStatus::Answered) ? int(exitStatusOf(ErrorCode::Io)) : status;
}

} // namespace

} // namespace burrow

int main(int argc, char** argv)
{
    const std::chrono::microseconds started = burrow::SystemClock().now();
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("burrow"));
    QCoreApplication::setApplicationVersion(QStringLiteral(BURROW_VERSION));
    return burrow::statusAfterOutput(burrow::run(QCoreApplication::arguments(), started));
}
