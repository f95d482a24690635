#include "trajectory/unfinished.h"

#include "trajectory/run_file.h"

#include <QCoreApplication>

#include <future>

namespace burrow {

namespace {

EventKind endOf(NodeKind kind)
{
    if (kind == NodeKind::Rlm)
        return EventKind::NodeClosed;
    return kind == NodeKind::Cell ? EventKind::CellFinished : EventKind::RequestFailed;
}

} // namespace

std::vector<Event> closingMarks(const RunTree& tree, qint64 nextSeq)
{
    std::vector<Event> marks;
    const auto add = [&](EventKind kind, qint64 node, NodeState state) -> Event& {
        Event& mark = marks.emplace_back();
        mark.seq = nextSeq++;
        mark.kind = kind;
        mark.node = node;
        mark.state = state;
        mark.time = tree.lastEvent();
        return mark;
    };
    for (int i = 0; i < tree.size(); ++i) {
        const RunTree::Node& node = tree.node(NodeIndex(i));
        if (node.state != NodeState::Running)
            continue;
        const std::optional<Usage> estimate = tree.inFlight(NodeIndex(i));
        Event& mark = add(endOf(node.kind), node.id, estimate ? NodeState::Unknown : NodeState::Cancelled);
        mark.usage = estimate.value_or(Usage());
    }
    if (tree.totals().state == RunState::Running && tree.size() > 0)
        add(EventKind::RunClosed, 0, NodeState::Running).detail = quint8(RunState::Killed);
    return marks;
}

Result<qint64> readAll(
    RunFile& file, const std::function<void(std::span<const Event>)>& use, const StopToken& stop)
{
    // Large enough to make the cost of a thread vanish, small enough to stay in the processor's cache.
    constexpr int batch = 4096;
    Result<std::vector<Event>> events = file.eventsAfter(0, batch);
    if (!events)
        return std::unexpected(events.error());
    use(*events);
    qint64 seq = qint64(events->size());
    if (seq < batch)
        return seq;

    // Decoding takes longer than folding, so two connections decode ahead, in turns: numbers have no gaps.
    Result<RunFile> second = RunFile::open(file.path(), RunFile::Access::Read);
    if (!second)
        return std::unexpected(second.error());
    std::future<Result<std::vector<Event>>> ahead[2];
    RunFile* const readers[2] = {&file, &*second};
    const auto start = [&](int reader, qint64 after) {
        ahead[reader] = std::async(
            std::launch::async, [from = readers[reader], after] { return from->eventsAfter(after, batch); });
    };
    start(0, seq);
    start(1, seq + batch);
    for (int reader = 0;; reader = 1 - reader) {
        events = ahead[reader].get();
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled,
                QCoreApplication::translate("Run", "%1 was not read to its end.").arg(file.path()));
        if (!events)
            return std::unexpected(events.error());
        if (events->size() == batch)
            start(reader, seq + 2 * batch);
        use(*events);
        seq += qint64(events->size());
        if (events->size() < batch)
            return seq;
    }
}

Result<qint64> readBranch(
    RunFile& file, int branch, const std::function<void(std::span<const Event>)>& use, const StopToken& stop)
{
    const Lineage lineage(file.branches(), branch);
    if (lineage.branch() == 0)
        return fail(ErrorCode::InvalidArgument,
            QCoreApplication::translate(
                "Run", "%1 has no branch %2: it has %n.", nullptr, int(file.branches().size()))
                .arg(file.path())
                .arg(branch));
    if (file.branches().size() == 1)
        return readAll(file, use, stop);
    return readAll(file, [&](std::span<const Event> events) { use(lineage.seen(events)); }, stop);
}

Result<qint64> foldBranch(RunFile& file, int branch, RunTree& tree,
    const std::function<void(std::span<const Event>)>& use, const StopToken& stop)
{
    const auto take = [&](std::span<const Event> events) {
        tree.apply(events);
        if (use)
            use(events);
    };
    const Result<qint64> last = readBranch(file, branch, take, stop);
    if (!last || file.writer())
        return last;
    const std::vector<Event> marks = closingMarks(tree, *last + 1);
    take(marks);
    return *last + qint64(marks.size());
}

Result<RunTree> loadTree(RunFile& file, int branch)
{
    RunTree tree;
    return foldBranch(file, branch, tree).transform([&](qint64) { return std::move(tree); });
}

} // namespace burrow
