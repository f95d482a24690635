#include "fork_command.h"

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
QByteArray outlook(const TakenUp& taken, const RunTree& source, const Fork& fork)
{
    const PriceTable prices = PriceTable::from(taken.run.settings.prices).value_or(PriceTable());
    const QByteArray model = fork.edit.kind == Edit::Kind::Model ? fork.edit.text : QByteArray();
    return tr("Branch %1: %2. %3")
        .arg(QString::number(taken.file.branches().back().id + 1), fork.reason,
            describe(outlookOf(source, taken.file.models(), fork), model, prices))
        .toUtf8();
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
    if (!options.output.quiet)
        std::fprintf(stderr, "%s\n", outlook(*taken, *source, *plan).constData());
    return playTakenUp(std::move(*taken),
        {.allowUnsafeSandbox = options.allowUnsafeSandbox,
            .python = options.python,
            .started = started,
            .branch = options.run.branch,
            .fork = *plan},
        options.output);
}

} // namespace burrow
