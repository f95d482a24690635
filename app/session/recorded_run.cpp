#include "session/recorded_run.h"

#include "base/visible_text.h"
#include "base/words.h"
#include "trajectory/machine_identity.h"
#include "trajectory/runs_folder.h"
#include "trajectory/unfinished.h"

#include <QDateTime>
#include <QDir>
#include <QRegularExpression>

namespace burrow {

namespace {

using words::tr;

/// Goes on where the last session stood: under its limits and prices, which may be others than the run began
/// with, and with the windows that it used, where replies depend on them. A run without a reply asks its
/// server anew: it may have been silent only then.
Result<void> takeLastSession(RunFile& file, int branch, RecordedRun& run)
{
    BlobId lastInfo = BlobId::None;
    bool hasReply = false;
    const auto read = readBranch(file, branch, [&](std::span<const Event> events) {
        for (const Event& event : events) {
            if (event.kind == EventKind::RunOpened)
                lastInfo = event.body;
            hasReply = hasReply || event.kind == EventKind::ReplyReceived;
        }
    });
    if (!read)
        return std::unexpected(read.error());
    return file.text(lastInfo).transform([&](const QByteArray& info) {
        run.lastInfo = RunInfo::fromJson(info);
        const RunSettings last = RunSettings::fromJson(run.lastInfo.settings);
        run.settings.limits = last.limits;
        run.settings.prices = last.prices;
        run.settings.models.allowed.insert(last.models.allowed.begin(), last.models.allowed.end());
        if (!hasReply)
            return;
        run.settings.models.rootWindow = last.models.rootWindow;
        run.settings.models.subWindow = last.models.subWindow;
        run.settings.windowsKnown = true;
    });
}

} // namespace

Result<RecordedRun> readRun(RunFile& file, int branch)
{
    RecordedRun run;
    const auto first = file.eventsAfter(0, 1);
    if (!first)
        return std::unexpected(first.error());
    if (first->empty() || first->front().kind != EventKind::RunOpened)
        return fail(ErrorCode::RunFileInvalid,
            tr("%1 holds no run that could be taken up: ask anew.").arg(file.path()));
    const auto info = file.text(first->front().body);
    if (!info)
        return std::unexpected(info.error());
    run.info = RunInfo::fromJson(*info);
    run.settings = RunSettings::fromJson(run.info.settings);
    if (const auto taken = takeLastSession(file, branch, run); !taken)
        return std::unexpected(taken.error());
    const auto tree = loadTree(file, branch);
    if (!tree)
        return std::unexpected(tree.error());
    run.totals = tree->totals();
    for (const NodeIndex root : tree->roots()) {
        const auto question = file.text(tree->node(root).input);
        if (!question)
            return std::unexpected(question.error());
        run.questions << *question;
    }
    if (run.questions.isEmpty())
        return fail(ErrorCode::RunFileInvalid, tr("%1 holds no question yet: ask anew.").arg(file.path()));
    return run;
}

Result<TakenUp> takeUp(const QString& path, bool trusted, int branch, RunFile::Access access)
{
    Result<RunFile> file = RunFile::open(path, access);
    if (!file)
        return std::unexpected(file.error());
    Result<RecordedRun> run = readRun(*file, branch);
    if (!run)
        return std::unexpected(run.error());
    if (const auto trust = checkTrust(*run, path, trusted); !trust)
        return std::unexpected(trust.error());
    return TakenUp{std::move(*file), std::move(*run)};
}

Result<void> checkTrust(RecordedRun& run, const QString& path, bool trusted)
{
    const Result<MachineIdentity> machine = MachineIdentity::open();
    const auto isOurs = [&](const RunInfo& info) { return machine && machine->mark(info) == info.machine; };
    run.isFromElsewhere = !isOurs(run.info) || !isOurs(run.lastInfo);
    if (trusted || !run.isFromElsewhere)
        return {};
    return fail(ErrorCode::RunNotTrusted,
        tr("%1 was not made on this machine. It would run code that it holds, send text to %2 and read %3: "
           "go "
           "on only if that is right.")
            .arg(path, visibleText(run.settings.endpoint, LineMode::SingleLine),
                visibleText(run.settings.paths.join(QStringLiteral(", ")), LineMode::SingleLine)));
}

Result<RunFile> createRun(const QString& question)
{
    const QString folder = runsFolder();
    // The names of runs tell their questions.
    const auto mine = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
    if (!QFileInfo::exists(folder) && !(QDir().mkpath(folder) && QFile::setPermissions(folder, mine)))
        return fail(ErrorCode::Io,
            tr("Cannot make the folder %1 for runs: make it yourself, or let yourself write where it is to "
               "be.")
                .arg(folder));
    static const QRegularExpression other(QStringLiteral("[^\\p{L}\\p{N}]+"));
    QString words = QString(question).replace(other, QStringLiteral("-")).left(40);
    while (words.startsWith(QLatin1Char('-')))
        words.remove(0, 1);
    const QString stem
        = folder + QDateTime::currentDateTime().toString(QStringLiteral("/yyyy-MM-dd-HHmmss-")) + words;
    // Others may ask the same in the same second.
    return RunFile::create(stem + QStringLiteral(".burrow"), RunFile::IfTaken::Number);
}

} // namespace burrow
