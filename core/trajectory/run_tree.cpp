#include "trajectory/run_tree.h"

#include "trajectory/edit.h"

namespace burrow {

namespace {

// A tree deeper than this is no run of ours: an RLM call adds three levels, and few models go to depth 5.
constexpr int maxDepth = 250;

bool mayStandUnder(NodeKind kind, std::optional<NodeKind> parent)
{
    switch (kind) {
    case NodeKind::Rlm:
        return !parent || *parent == NodeKind::Cell;
    case NodeKind::Cell:
        return parent == NodeKind::Turn || parent == NodeKind::Final;
    case NodeKind::Completion:
        return parent == NodeKind::Cell;
    case NodeKind::Turn:
    case NodeKind::Compaction:
    case NodeKind::Final:
        return parent == NodeKind::Rlm;
    }
    return false;
}

size_t tableHash(NodeIndex parent, NodeKind kind, int ordinal)
{
    // Completions and child RLM calls share their numbering, but not the table: mix the kind in.
    quint64 key = (quint64(parent) << 32) ^ (quint64(quint32(ordinal)) << 3) ^ quint64(kind);
    key *= 0x9e3779b97f4a7c15u; // spreads consecutive ordinals over the table
    return size_t(key ^ (key >> 29));
}

} // namespace

Totals& Totals::operator+=(const Totals& other)
{
    spent += other.spent;
    estimated += other.estimated;
    reused += other.reused;
    unknownUpTo += other.unknownUpTo;
    inputTokens += other.inputTokens;
    outputTokens += other.outputTokens;
    estimatedTokens += other.estimatedTokens;
    unknownTokens += other.unknownTokens;
    requests += other.requests;
    unknown += other.unknown;
    return *this;
}

RunTree::Changes RunTree::apply(std::span<const Event> events)
{
    Changes changes;
    ++m_pass;
    m_insertOf.clear();
    for (const Event& event : events) {
        countTime(event);
        if (event.node == 0) {
            applyToRun(event);
            continue;
        }
        const NodeIndex index = event.opensNode() ? open(event, changes) : findId(event.node);
        if (index == noNode)
            continue;
        applyTo(index, event);
        touch(index, changes);
    }
    return changes;
}

NodeIndex RunTree::Nodes::add()
{
    const auto index = NodeIndex(m_size++);
    if (size_t(m_size) > m_chunks.size() << chunkBits)
        m_chunks.emplace_back(new Chunk);
    return index;
}

NodeIndex RunTree::open(const Event& event, Changes& changes)
{
    const NodeIndex parent = event.parent == 0 ? noNode : findId(event.parent);
    const auto parentKind = parent == noNode ? std::nullopt : std::optional(node(parent).kind);
    if ((event.parent != 0 && parent == noNode) || !mayStandUnder(event.nodeKind, parentKind)
        || (parent != noNode && node(parent).depth >= maxDepth))
        return noNode;
    // At most half full, so that runs of occupied places stay short.
    if (size_t(size()) * 2 >= m_table.size())
        growTable();
    NodeIndex& place = m_table[placeOf(parent, event.nodeKind, event.ordinal)];
    if (place != noNode)
        return noNode;

    const NodeIndex index = m_nodes.add();
    place = index;
    std::vector<NodeIndex>& siblings = parent == noNode ? m_roots : slot(parent).children;
    Node& node = slot(index);
    node.id = event.seq;
    node.begun = event.time;
    node.parent = parent;
    node.kind = event.nodeKind;
    node.ordinal = event.ordinal;
    node.row = int(siblings.size());
    node.depth = parent == noNode ? 0 : quint8(this->node(parent).depth + 1);
    node.touched = m_pass;
    siblings.push_back(index);
    if (parent != noNode)
        ++slot(parent).liveChildren;

    m_byId.resize(size_t(event.seq) + 1, noNode);
    m_byId[size_t(event.seq)] = index;
    if (node.kind == NodeKind::Turn && node.depth == 1)
        ++m_totals.turns;

    touch(parent, changes);
    // Rows of one parent in one pass are contiguous, since they only ever go to its end.
    auto at = m_insertOf.constFind(parent);
    if (at == m_insertOf.constEnd()) {
        at = m_insertOf.insert(parent, changes.inserts.size());
        changes.inserts.push_back({parent, node.row, 0});
    }
    ++changes.inserts[*at].count;
    return index;
}

void RunTree::applyTo(NodeIndex index, const Event& event)
{
    Node& node = slot(index);
    Totals used;
    switch (event.kind) {
    case EventKind::NodeOpened:
    case EventKind::CellStarted:
        node.input = event.body;
        node.model = event.model;
        node.reused = event.reused;
        break;
    case EventKind::RequestSent:
        node.input = event.body;
        node.model = event.model;
        node.reused = event.reused;
        if (event.reused)
            break;
        m_inFlight.insert(index, event.usage);
        countSent(node, 1, used);
        break;
    case EventKind::ReplyReceived:
    case EventKind::RequestFailed:
        used = endRequest(index, event);
        [[fallthrough]];
    case EventKind::CellFinished:
    case EventKind::NodeClosed:
        node.output = event.body;
        node.extra = event.extra;
        node.detail = event.detail;
        break;
    case EventKind::Edited:
        node.edited = true;
        if (Edit::Kind(event.detail) == Edit::Kind::Reply)
            node.output = event.body;
        return;
    case EventKind::Note:
        node.diverged = node.diverged || NoteKind(event.detail) == NoteKind::Diverged;
        return;
    default:
        return;
    }
    setState(node, event.state);
    node.ended = event.state == NodeState::Running ? std::chrono::microseconds(0) : event.time;
    add(index, used);
}

void RunTree::setState(Node& node, NodeState state)
{
    const auto failed = [](NodeState of) { return of == NodeState::Failed || of == NodeState::Unknown; };
    if (node.parent != noNode) {
        Node& parent = slot(node.parent);
        parent.liveChildren += int(state == NodeState::Running) - int(node.state == NodeState::Running);
        parent.okChildren += int(state == NodeState::Ok) - int(node.state == NodeState::Ok);
        parent.failedChildren += int(failed(state)) - int(failed(node.state));
    }
    node.state = state;
}

Totals RunTree::endRequest(NodeIndex index, const Event& event)
{
    const bool wasSent = m_inFlight.contains(index);
    const Usage estimate = m_inFlight.take(index);
    const bool answered = event.kind == EventKind::ReplyReceived && !event.reused;
    const Usage usage = answered ? completed(event.usage, estimate) : event.usage;
    const MicroUsd cost = usage.cost.value_or(MicroUsd());
    const qint64 input = usage.inputTokens.value_or(0), output = usage.outputTokens.value_or(0);
    Totals used;
    if (event.reused) {
        used.reused = event.state == NodeState::Unknown ? MicroUsd() : cost;
    } else if (event.state == NodeState::Cancelled) {
        if (wasSent)
            countSent(slot(index), -1, used);
    } else if (event.state == NodeState::Unknown) {
        used.unknown = 1;
        used.unknownUpTo = cost;
        used.unknownTokens = input + output;
    } else {
        used.spent = cost;
        used.estimated = event.usage.cost ? MicroUsd() : cost;
        used.inputTokens = input;
        used.outputTokens = output;
        used.estimatedTokens
            = (event.usage.inputTokens ? 0 : input) + (event.usage.outputTokens ? 0 : output);
    }
    return used;
}

void RunTree::countSent(Node& node, int requests, Totals& used)
{
    node.attempts += requests;
    used.requests += requests;
    if (isBelowRoot(node))
        m_totals.calls += requests;
}

std::optional<Usage> RunTree::inFlight(NodeIndex index) const
{
    const auto found = m_inFlight.find(index);
    return found == m_inFlight.end() ? std::nullopt : std::optional(*found);
}

void RunTree::countTime(const Event& event)
{
    // What passes between two sessions is not played, what another branch played not by this one; a clock
    // that was set back counts for nothing.
    if (event.kind != EventKind::RunOpened && !event.reused && !m_isPaused && event.time > m_lastEvent)
        m_totals.played += event.time - m_lastEvent;
    if (event.kind == EventKind::RunOpened)
        m_isPaused = false;
    else if (event.kind == EventKind::Note && NoteKind(event.detail) == NoteKind::Paused)
        m_isPaused = true;
    else if (event.kind == EventKind::Note && NoteKind(event.detail) == NoteKind::Resumed)
        m_isPaused = false;
    m_lastEvent = std::max(m_lastEvent, event.time);
}

void RunTree::applyToRun(const Event& event)
{
    if (event.kind == EventKind::RunOpened)
        m_totals.state = RunState::Running;
    if (event.kind == EventKind::RunClosed) {
        m_totals.state = RunState(qMin(event.detail, quint8(RunState::Killed)));
        m_totals.answer = event.body;
    }
}

void RunTree::add(NodeIndex index, const Totals& used)
{
    if (used == Totals())
        return;
    slot(index).own += used;
    for (NodeIndex at = index; at != noNode; at = node(at).parent)
        slot(at).subtree += used;
    m_totals.totals += used;
}

void RunTree::touch(NodeIndex index, Changes& changes)
{
    // Whoever was touched in this pass, or is new in it, has told its ancestors already.
    for (NodeIndex at = index; at != noNode && node(at).touched != m_pass; at = node(at).parent) {
        slot(at).touched = m_pass;
        changes.changed.push_back(at);
    }
}

bool RunTree::isBelowRoot(const Node& node) const
{
    return isRequest(node.kind) && node.depth > 1;
}

NodeIndex RunTree::findId(qint64 id) const
{
    return id > 0 && size_t(id) < m_byId.size() ? m_byId[size_t(id)] : noNode;
}

NodeIndex RunTree::findChild(NodeIndex parent, NodeKind kind, int ordinal) const
{
    return m_table.empty() ? noNode : m_table[placeOf(parent, kind, ordinal)];
}

size_t RunTree::placeOf(NodeIndex parent, NodeKind kind, int ordinal) const
{
    const size_t mask = m_table.size() - 1;
    for (size_t at = tableHash(parent, kind, ordinal) & mask;; at = (at + 1) & mask) {
        if (m_table[at] == noNode)
            return at;
        const Node& node = this->node(m_table[at]);
        if (node.parent == parent && node.kind == kind && node.ordinal == ordinal)
            return at;
    }
}

void RunTree::growTable()
{
    m_table.assign(qMax(size_t(64), m_table.size() * 2), noNode);
    for (int i = 0; i < size(); ++i) {
        const Node& node = this->node(NodeIndex(i));
        m_table[placeOf(node.parent, node.kind, node.ordinal)] = NodeIndex(i);
    }
}

} // namespace burrow
