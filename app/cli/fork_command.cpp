#include "fork_command.h"

#include "base/quantities.h"
#include "base/words.h"
#include "play_command.h"
#include "trajectory/fork.h"
#include "trajectory/unfinished.h"

#include <QFile>

#include <cstdio>

namespace burrow {

namespace {

using words::tr;

/// The text that the change brings: from a file, the name of a model, or parameters.
Result<Change> changeFrom(const ForkOptions& options)
{
    Change change{options.what, options.model.toUtf8(), options.reach};
    if (options.what == Change::What::Parameters)
        change.text = encodeParameters(options.parameters);
    if (options.textFile.isEmpty())
        return change;
    QFile file(options.textFile);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound,
            tr("Cannot read %1: %2. Name a file with the new text.")
                .arg(options.textFile, file.errorString()));
    change.text = file.readAll();
    return change;
}

/// What a person should know before money is spent.
void sayWhatComes(const RunTree& source, const Fork& fork, int branch)
{
    const ForkOutlook outlook = outlookOf(source, fork);
    std::fprintf(stderr, "%s\n",
        qUtf8Printable(
            tr("Branch %1: %2. %3 request(s) before it are kept; of the %4 after it (%5 when they were "
               "sent), those that the change does not reach are reused.")
                .arg(branch)
                .arg(fork.reason, formatCount(outlook.kept), formatCount(outlook.later),
                    formatMoney(outlook.laterCost))));
}

} // namespace

Result<ExitStatus> fork(const ForkOptions& options, std::chrono::microseconds started)
{
    const Result<Change> change = changeFrom(options);
    if (!change)
        return std::unexpected(change.error());
    Result<TakenUp> taken = takeUp(options.run.path, options.trustRun, options.run.branch);
    if (!taken)
        return std::unexpected(taken.error());
    if (change->what == Change::What::Model)
        taken->run.settings.models.allowed.insert(change->text);
    setLimits(taken->run, options.limits, options.output);
    const Result<RunTree> source = loadTree(taken->file, options.run.branch);
    if (!source)
        return std::unexpected(source.error());
    const Result<Fork> plan = planFork(taken->file, *source, options.run.branch, options.at, *change);
    if (!plan)
        return std::unexpected(plan.error());
    const Result<int> branch = openFork(taken->file, *plan, SystemClock());
    if (!branch)
        return std::unexpected(branch.error());
    if (!options.output.quiet)
        sayWhatComes(*source, *plan, *branch);
    return playTakenUp(std::move(*taken),
        {.allowUnsafeSandbox = options.allowUnsafeSandbox,
            .python = options.python,
            .started = started,
            .branch = *branch},
        options.output);
}

} // namespace burrow
