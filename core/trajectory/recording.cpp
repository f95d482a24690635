#include "trajectory/recording.h"

#include "trajectory/json_codec.h"
#include "trajectory/run_file.h"

#include <algorithm>

namespace burrow {

namespace {

std::tuple<qint64, int, qint64> keyOf(const Event& note)
{
    return {note.node, int(note.kind) * 256 + note.detail, qint64(note.body)};
}

Result<ModelResult> resultOf(RunFile& file, qint64 seq)
{
    const auto events = file.eventsAfter(seq - 1, 1);
    if (!events)
        return std::unexpected(events.error());
    const Event& event = events->front();
    const Result<QByteArray> body = file.text(event.body);
    if (!body)
        return std::unexpected(body.error());
    const Result<QByteArray> extra = file.text(event.extra);
    if (!extra)
        return std::unexpected(extra.error());
    if (event.kind == EventKind::RequestFailed) {
        ModelError error = decodeError(*extra, *body);
        error.retryable = false; // its retries are recorded, too; this was the last
        return ModelResult(std::unexpected(std::move(error)));
    }
    const auto model = size_t(event.model);
    return ModelResult(
        ChatReply{*body, *extra, model < file.models().size() ? file.models()[model] : QByteArray(),
            FinishReason(qMin(event.detail, quint8(FinishReason::Other))), event.usage, true});
}

} // namespace

void Recording::add(std::span<const Event> events)
{
    for (const Event& event : events) {
        switch (event.kind) {
        case EventKind::RequestSent:
            m_requests.insert(event.node, event.body);
            break;
        case EventKind::ReplyReceived:
            m_replies.push_back({m_requests.value(event.node), event.node, event.seq, NodeState::Ok});
            break;
        case EventKind::RequestFailed:
            // Without an error it is the mark of a kill: nobody was told of it.
            if (event.state != NodeState::Cancelled && event.extra != BlobId::None)
                m_replies.push_back({m_requests.value(event.node), event.node, event.seq, event.state});
            break;
        case EventKind::CellStarted:
            m_cells.insert(event.node, {.code = event.body});
            break;
        case EventKind::CellFinished:
            if (event.state != NodeState::Cancelled) {
                Cell& cell = m_cells[event.node];
                cell.texts = event.body;
                cell.json = event.extra;
                cell.status = CellStatus(qMin(event.detail, quint8(CellStatus::Violation)));
                cell.finished = true;
            }
            break;
        case EventKind::HostCall:
            m_hostCalls.insert({event.node, event.ordinal}, event.detail == 0 ? BlobId::None : event.body);
            m_hostAnswers[event.node].push_back({event.body, event.duration});
            break;
        case EventKind::Note:
        case EventKind::LimitReached:
            ++m_notes[keyOf(event)];
            break;
        default:
            break;
        }
    }
}

void Recording::finish(qint64 since)
{
    std::erase_if(m_replies, [since](const Reply& reply) { return reply.seq <= since; });
    std::ranges::stable_sort(m_replies, {}, &Reply::request);
    m_requests.clear();
}

/// Whether a request that was refused is part of the past: also where its node was answered in another way.
bool Recording::isServable(const Reply& failed, NodeIndex node) const
{
    if (m_failures == Failures::All)
        return true;
    if (m_failures == Failures::None || failed.state == NodeState::Unknown || node == noNode
        || m_tree.node(node).id != failed.node)
        return false;
    return m_tree.node(node).state == NodeState::Ok || wentPast(m_tree, m_tree.node(node).parent);
}

std::optional<size_t> Recording::findReply(const NodePath& path, BlobId request, Match match) const
{
    const NodeIndex node = m_tree.findPath(path);
    const qint64 id = node == noNode ? 0 : m_tree.node(node).id;
    std::optional<size_t> failure;
    for (const Reply& reply : std::ranges::equal_range(m_replies, request, {}, &Reply::request)) {
        if (reply.served || (match == Match::SamePath && reply.node != id))
            continue;
        const auto position = size_t(&reply - m_replies.data());
        if (reply.state == NodeState::Ok)
            return position;
        if (isServable(reply, node))
            failure = position;
    }
    return failure;
}

bool Recording::holdsReply(const NodePath& path, BlobId request) const
{
    return findReply(path, request, Match::Anywhere).has_value();
}

void Recording::markServed(const NodePath& path, BlobId request)
{
    std::optional<size_t> reply = findReply(path, request, Match::SamePath);
    if (!reply)
        reply = findReply(path, request, Match::Anywhere);
    if (reply)
        m_replies[*reply].served = true;
}

Result<std::optional<Recording::Served>> Recording::takeReply(
    RunFile& file, const NodePath& path, BlobId request, Match match)
{
    const std::optional<size_t> position = findReply(path, request, match);
    if (!position)
        return std::nullopt;
    Reply& reply = m_replies[*position];
    reply.served = true;
    return resultOf(file, reply.seq).transform([&](ModelResult result) {
        return std::optional(Served{std::move(result), reply.node});
    });
}

const Recording::Cell* Recording::cell(qint64 node) const
{
    const auto found = m_cells.find(node);
    return found == m_cells.end() ? nullptr : &*found;
}

std::optional<BlobId> Recording::hostCall(qint64 cell, int ordinal) const
{
    const auto found = m_hostCalls.find({cell, ordinal});
    return found == m_hostCalls.end() ? std::nullopt : std::optional(*found);
}

bool Recording::takeNote(const Event& note)
{
    const auto found = m_notes.find(keyOf(note));
    if (found == m_notes.end())
        return false;
    if (--found->second == 0)
        m_notes.erase(found);
    return true;
}

bool Recording::wentPast(const RunTree& tree, NodeIndex index)
{
    // A turn of a child RLM call stands in a cell of its parent.
    while (index != noNode && tree.node(index).kind != NodeKind::Cell)
        index = tree.node(index).parent;
    if (index == noNode)
        return false;
    const RunTree::Node& turn = tree.node(tree.node(index).parent);
    if (turn.kind != NodeKind::Turn)
        return false; // after the final reply no model is asked
    const NodeIndex next = tree.findChild(turn.parent, NodeKind::Turn, turn.ordinal + 1);
    const NodeIndex last = tree.findChild(turn.parent, NodeKind::Final, 1);
    return (next != noNode && tree.node(next).state == NodeState::Ok)
        || (last != noNode && tree.node(last).state == NodeState::Ok);
}

} // namespace burrow
