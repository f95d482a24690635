#include "trajectory/node_words.h"

#include "base/quantities.h"
#include "base/visible_text.h"
#include "base/words.h"

namespace burrow {

namespace {

using words::tr;

} // namespace

ShownState shownState(const RunTree::Node& node)
{
    switch (node.state) {
    case NodeState::Running:
        return ShownState::Live;
    case NodeState::Ok:
        return node.diverged ? ShownState::Diverged : node.reused ? ShownState::Reused : ShownState::Ok;
    case NodeState::Failed:
        return ShownState::Failed;
    case NodeState::Unknown:
        return ShownState::Unknown;
    case NodeState::Cancelled:
        break;
    }
    return isRequest(node.kind) ? ShownState::NotSent : ShownState::Stopped;
}

QString wordFor(ShownState state)
{
    switch (state) {
    case ShownState::Live:
        return tr("running");
    case ShownState::Ok:
        return tr("ok");
    case ShownState::Reused:
        return tr("reused");
    case ShownState::Diverged:
        return tr("diverged");
    case ShownState::Failed:
        return tr("failed");
    case ShownState::Unknown:
        return tr("outcome unknown");
    case ShownState::Stopped:
        return tr("stopped");
    case ShownState::NotSent:
        return tr("not sent");
    }
    return {};
}

QString nameOf(const RunTree::Node& node)
{
    switch (node.kind) {
    case NodeKind::Rlm:
        return node.parent == noNode ? tr("question %1").arg(node.ordinal)
                                     : tr("call %1 with its own REPL").arg(node.ordinal);
    case NodeKind::Turn:
        return tr("turn %1").arg(node.ordinal);
    case NodeKind::Cell:
        return tr("cell %1").arg(node.ordinal);
    case NodeKind::Completion:
        return tr("call %1").arg(node.ordinal);
    case NodeKind::Compaction:
        return tr("summary %1").arg(node.ordinal);
    case NodeKind::Final:
        return tr("last answer");
    }
    return {};
}

QString callSummary(const RunTree::Node& node)
{
    if (node.kind != NodeKind::Cell || node.children.empty())
        return {};
    const auto all = qint64(node.children.size());
    const qint64 unsent = all - node.liveChildren - node.okChildren - node.failedChildren;
    QStringList parts{formatCalls(all)};
    if (node.okChildren > 0)
        parts << tr("%1 ok").arg(formatCount(node.okChildren));
    if (node.liveChildren > 0)
        parts << tr("%1 live").arg(formatCount(node.liveChildren));
    if (node.failedChildren > 0)
        parts << tr("%1 failed").arg(formatCount(node.failedChildren));
    if (unsent > 0)
        parts << tr("%1 not sent").arg(formatCount(unsent));
    return parts.join(QStringLiteral(", "));
}

QString wordFor(RunState state)
{
    switch (state) {
    case RunState::Running:
        return tr("running");
    case RunState::Answered:
        return tr("answered");
    case RunState::Limit:
        return tr("stopped at a limit");
    case RunState::Failed:
        return tr("failed");
    case RunState::Stopped:
        return tr("stopped");
    case RunState::Killed:
        return tr("ended without a word");
    }
    return {};
}

const char* nameOf(RunState state)
{
    switch (state) {
    case RunState::Running:
        return "running";
    case RunState::Answered:
        return "answered";
    case RunState::Limit:
        return "limit";
    case RunState::Failed:
        return "failed";
    case RunState::Stopped:
        return "stopped";
    case RunState::Killed:
        break;
    }
    return "killed";
}

QString reasonOf(const Branch& branch)
{
    return branch.parent == 0 ? tr("as it was asked") : visibleText(branch.reason, LineMode::SingleLine);
}

QString nameOf(const Branch& branch)
{
    return tr("Branch %1: %2").arg(branch.id).arg(reasonOf(branch));
}

std::chrono::microseconds durationOf(const RunTree::Node& node, std::chrono::microseconds now)
{
    const auto end = node.ended.count() > 0 ? node.ended : now;
    return qMax(std::chrono::microseconds(0), end - node.begun);
}

} // namespace burrow
