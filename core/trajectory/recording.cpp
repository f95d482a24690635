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
            m_replies.push_back({m_requests.value(event.node), event.node, event.seq, false});
            break;
        case EventKind::RequestFailed:
            if (event.state == NodeState::Failed)
                m_replies.push_back({m_requests.value(event.node), event.node, event.seq, true});
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

void Recording::finish()
{
    std::ranges::stable_sort(m_replies, {}, &Reply::request);
    m_requests.clear();
}

std::optional<size_t> Recording::bestReply(const RunTree& tree, const NodePath& path, BlobId request) const
{
    const NodeIndex index = tree.findPath(path);
    const qint64 node = index == noNode ? 0 : tree.node(index).id;
    std::optional<size_t> best;
    const auto [first, last] = std::ranges::equal_range(m_replies, request, {}, &Reply::request);
    for (auto reply = first; reply != last; ++reply) {
        if (reply->served)
            continue;
        const auto position = size_t(reply - m_replies.begin());
        const bool samePath = reply->node == node;
        if (samePath && !reply->failed)
            return position;
        // A request that was refused, and whose node was answered in another way, is part of the past, too.
        const bool isPast = samePath
            && (tree.node(index).state == NodeState::Ok || wentPast(tree, tree.node(index).parent));
        if (reply->failed ? isPast : !best)
            best = position;
    }
    return best;
}

bool Recording::holdsReply(const RunTree& tree, const NodePath& path, BlobId request) const
{
    return bestReply(tree, path, request).has_value();
}

Result<std::optional<Recording::Served>> Recording::takeReply(
    RunFile& file, const RunTree& tree, const NodePath& path, BlobId request)
{
    const std::optional<size_t> best = bestReply(tree, path, request);
    if (!best)
        return std::nullopt;
    Reply& reply = m_replies[*best];
    reply.served = true;
    const NodeIndex index = tree.findPath(path);
    const bool samePath = index != noNode && tree.node(index).id == reply.node;
    return resultOf(file, reply.seq).transform([&](ModelResult result) {
        return std::optional(Served{std::move(result), samePath});
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
