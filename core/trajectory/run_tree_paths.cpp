#include "trajectory/run_tree.h"

namespace burrow {

namespace {

QByteArray amounts(const Totals& totals)
{
    QByteArray text;
    const auto add = [&text](const char* name, qint64 value) {
        if (value != 0)
            text += QByteArray(" ") + name + '=' + QByteArray::number(value);
    };
    add("requests", totals.requests);
    add("in", totals.inputTokens);
    add("out", totals.outputTokens);
    add("estimated", totals.estimatedTokens);
    add("spent", totals.spent.value);
    add("reused", totals.reused.value);
    add("unknown", totals.unknown);
    add("upto", totals.unknownUpTo.value);
    return text;
}

const char* nameOf(NodeState state)
{
    switch (state) {
    case NodeState::Running:
        return "running";
    case NodeState::Ok:
        return "ok";
    case NodeState::Failed:
        return "failed";
    case NodeState::Unknown:
        return "unknown";
    case NodeState::Cancelled:
        return "cancelled";
    }
    return "";
}

} // namespace

NodePath RunTree::path(NodeIndex index) const
{
    if (index == noNode)
        return {};
    const Node& at = node(index);
    const NodePath parent = path(at.parent);
    switch (at.kind) {
    case NodeKind::Turn:
        return parent.turn(at.ordinal);
    case NodeKind::Cell:
        return parent.cell(at.ordinal);
    case NodeKind::Completion:
        return parent.call(at.ordinal);
    case NodeKind::Compaction:
        return parent.compaction(at.ordinal);
    case NodeKind::Final:
        return parent.final();
    case NodeKind::Rlm:
        break;
    }
    return parent.isEmpty() ? NodePath::root(at.ordinal) : parent.call(at.ordinal);
}

NodeKind RunTree::kindOf(const NodePath& path)
{
    const QByteArrayView name = QByteArrayView(path.text()).sliced(path.text().lastIndexOf('/') + 1);
    if (name.startsWith("turn"))
        return NodeKind::Turn;
    if (name.startsWith("cell"))
        return NodeKind::Cell;
    if (name.startsWith("compaction"))
        return NodeKind::Compaction;
    if (name.startsWith("final"))
        return NodeKind::Final;
    return name.startsWith("call") ? NodeKind::Completion : NodeKind::Rlm;
}

NodeIndex RunTree::findPath(const NodePath& path) const
{
    if (path.isEmpty())
        return noNode;
    const NodePath parentPath = path.parent();
    const NodeIndex parent = findPath(parentPath);
    if (parent == noNode && !parentPath.isEmpty())
        return noNode;
    const NodeKind kind = kindOf(path);
    const NodeIndex found = findChild(parent, kind, path.ordinal());
    return found == noNode && kind == NodeKind::Completion ? findChild(parent, NodeKind::Rlm, path.ordinal())
                                                           : found;
}

QByteArray RunTree::toText() const
{
    QByteArray text;
    std::vector<NodeIndex> waiting(m_roots.rbegin(), m_roots.rend());
    while (!waiting.empty()) {
        const NodeIndex index = waiting.back();
        waiting.pop_back();
        const Node& at = node(index);
        const NodePath full = path(index);
        text += QByteArray(2 * at.depth, ' ') + full.text().sliced(full.text().lastIndexOf('/') + 1) + ' '
            + nameOf(at.state) + amounts(at.subtree) + (at.reused ? " served" : "")
            + (at.edited ? " edited" : "") + (at.diverged ? " diverged" : "") + '\n';
        waiting.insert(waiting.end(), at.children.rbegin(), at.children.rend());
    }
    return text;
}

} // namespace burrow
