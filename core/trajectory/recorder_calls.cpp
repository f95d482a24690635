#include "trajectory/json_codec.h"
#include "trajectory/recorder.h"

namespace burrow {

RecordedRequest Recorder::describe(const ChatRequest& request, const QByteArray& endpoint, RequestForm form)
{
    const auto hashOf = [this](const QByteArray& text) { return m_file.hashOf(text); };
    return RecordedRequest::describe(request, endpoint, hashOf, form);
}

Result<Event> Recorder::sentEvent(const ChatRequest& request, const RecordedRequest& described)
{
    Event sent = event(EventKind::RequestSent, NodeState::Running);
    return place(sent, request.path, RunTree::kindOf(request.path))
        .and_then([&] { return described.store(m_file, request); })
        .transform([&](BlobId body) { sent.body = body; })
        .and_then([&] { return m_file.putModel(request.model); })
        .transform([&](ModelId model) {
            sent.model = model;
            return sent;
        });
}

Result<Recorder::Sent> Recorder::requestSent(
    const ChatRequest& request, const RecordedRequest& described, const Usage& estimate)
{
    Result<Event> sent = sentEvent(request, described);
    if (!sent)
        return std::unexpected(sent.error());
    const NodeIndex node = m_tree.findId(sent->node);
    sent->attempt = node == noNode ? 1 : m_tree.node(node).attempts + 1;
    sent->usage = estimate;
    return append(*sent).transform([&] { return Sent{sent->node, sent->time, estimate}; });
}

Result<Event> Recorder::replyEvent(qint64 node, const ChatReply& reply)
{
    Event received = event(EventKind::ReplyReceived, NodeState::Ok);
    received.node = node;
    received.usage = reply.usage;
    received.detail = quint8(reply.finish);
    return putText(received.body, reply.text)
        .and_then([&] { return putText(received.extra, reply.reasoning); })
        .and_then([&] { return m_file.putModel(reply.servedModel); })
        .transform([&](ModelId model) {
            received.model = model;
            return received;
        });
}

Result<void> Recorder::replyReceived(const Sent& sent, const ChatReply& reply)
{
    Result<Event> received = replyEvent(sent.node, reply);
    if (!received)
        return std::unexpected(received.error());
    received->duration = received->time - sent.time;
    return append(*received);
}

Result<void> Recorder::requestFailed(const Sent& sent, const ModelError& error)
{
    const bool unknown = error.outcomeUnknown();
    const bool unsent = !error.sent;
    Event failed = event(EventKind::RequestFailed,
        unknown      ? NodeState::Unknown
            : unsent ? NodeState::Cancelled
                     : NodeState::Failed);
    failed.node = sent.node;
    failed.duration = failed.time - sent.time;
    if (unknown)
        failed.usage = sent.estimate;
    return putText(failed.body, error.partialText)
        .and_then([&] { return putText(failed.extra, encodeError(error)); })
        .and_then([&] { return append(failed); });
}

Result<void> Recorder::replyServed(
    const ChatRequest& request, const RecordedRequest& described, const ChatReply& reply)
{
    Result<Event> sent = sentEvent(request, described);
    if (!sent)
        return std::unexpected(sent.error());
    sent->reused = true;
    if (const auto appended = append(*sent); !appended)
        return appended;
    Result<Event> received = replyEvent(sent->node, reply);
    if (!received)
        return std::unexpected(received.error());
    received->reused = true;
    return append(*received);
}

Result<void> Recorder::cellStarted(const Cell& cell)
{
    Event started = event(EventKind::CellStarted, NodeState::Running);
    return place(started, cell.path, NodeKind::Cell)
        .and_then([&] { return putText(started.body, cell.code); })
        .and_then([&] { return append(started); });
}

Result<void> Recorder::cellFinished(
    const NodePath& path, const CellOutput& output, std::chrono::microseconds took)
{
    Event finished
        = event(EventKind::CellFinished, output.status == CellStatus::Ok ? NodeState::Ok : NodeState::Failed);
    finished.detail = quint8(output.status);
    finished.duration = took;
    const EncodedOutput encoded = encodeOutput(output);
    return place(finished, path, NodeKind::Cell)
        .and_then([&] { return putText(finished.body, encoded.texts); })
        .and_then([&] { return putText(finished.extra, encoded.json); })
        .and_then([&] { return append(finished); });
}

Result<void> Recorder::cellCancelled(const NodePath& path)
{
    Event cancelled = event(EventKind::CellFinished, NodeState::Cancelled);
    return place(cancelled, path, NodeKind::Cell).and_then([&] { return append(cancelled); });
}

Result<void> Recorder::hostCall(const NodePath& cell, int ordinal, const QueryBatch& batch,
    const QueryOutcome& outcome, std::chrono::microseconds took)
{
    Event call = event(EventKind::HostCall, NodeState::Running);
    call.ordinal = ordinal;
    call.detail = outcome ? 0 : 1;
    call.duration = took;
    return place(call, cell, NodeKind::Cell)
        .and_then([&] { return putText(call.body, encodeHostCall(batch, outcome)); })
        .and_then([&] { return append(call); });
}

} // namespace burrow
