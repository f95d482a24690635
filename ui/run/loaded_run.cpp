#include "run/loaded_run.h"

#include "trajectory/run_info.h"
#include "trajectory/unfinished.h"

namespace burrow {

namespace {

Result<void> readSettings(RunFile& file, LoadedRun& run)
{
    const auto first = file.eventsAfter(0, 1);
    if (!first)
        return std::unexpected(first.error());
    if (first->empty() || first->front().kind != EventKind::RunOpened)
        return {};
    return file.text(first->front().body).transform([&run](const QByteArray& info) {
        run.settings = RunSettings::fromJson(RunInfo::fromJson(info).settings);
    });
}

Result<void> readQuestions(RunFile& file, LoadedRun& run)
{
    for (const NodeIndex root : run.tree.roots()) {
        const Result<QByteArray> question = file.text(run.tree.node(root).input);
        if (!question)
            return std::unexpected(question.error());
        run.questions << *question;
    }
    return {};
}

} // namespace

Result<LoadedRun> loadRun(
    const QString& path, int branch, const StopToken& stop, const std::function<void(int)>& onProgress)
{
    Result<RunFile> file = RunFile::open(path, RunFile::Access::Read);
    if (!file)
        return std::unexpected(file.error());
    LoadedRun run;
    run.path = file->path();
    run.branch = branch;
    run.branches = file->branches();
    const qint64 length = qMax<qint64>(1, file->nextSeq() - 1);
    const auto report = [&](std::span<const Event> events) {
        if (onProgress && !events.empty())
            onProgress(int(qMin<qint64>(100, 100 * events.back().seq / length)));
    };
    const Result<qint64> last = foldBranch(*file, branch, run.tree, report, stop);
    if (!last)
        return std::unexpected(last.error());
    run.lastSeq = *last;
    run.writer = file->writer();
    if (const auto read = readSettings(*file, run); !read)
        return std::unexpected(read.error());
    if (const auto read = readQuestions(*file, run); !read)
        return std::unexpected(read.error());
    Result<std::vector<DocumentRecord>> documents = file->documents();
    if (!documents)
        return std::unexpected(documents.error());
    run.documents = std::move(*documents);
    run.models = file->models();
    return run;
}

} // namespace burrow
