#include "trajectory/json_codec.h"
#include "trajectory/recorder.h"

#include "trajectory/difference.h"

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
    if (verifies())
        return notOnRecord(request, described);
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

bool Recorder::holdsReply(const ChatRequest& request, const QByteArray& endpoint)
{
    if (m_edits.reply(request.path))
        return true;
    const Result<std::vector<BlobId>> forms = formsOf(request, endpoint);
    return forms && std::ranges::any_of(*forms, [&](BlobId form) {
        return m_recording.holdsReply(request.path, form)
            || (m_source && m_source->recording.holdsReply(request.path, form));
    });
}

Result<std::vector<BlobId>> Recorder::formsOf(const ChatRequest& request, const QByteArray& endpoint)
{
    std::vector<BlobId> forms;
    for (const RequestForm form : {RequestForm::Linked, RequestForm::Flat}) {
        if (form == RequestForm::Flat && request.messages.size() <= RecordedRequest::linkLength)
            break; // it is the same in both
        const Result<BlobId> body = m_file.find(describe(request, endpoint, form).fingerprint);
        if (!body)
            return std::unexpected(body.error());
        if (*body != BlobId::None)
            forms.push_back(*body);
    }
    return forms;
}

/// The branch's own past goes before that of the branch that it left, the same node before any other.
Result<std::optional<Recording::Served>> Recorder::findServed(
    const NodePath& path, const std::vector<BlobId>& forms)
{
    for (const Recording::Match match : {Recording::Match::SamePath, Recording::Match::Anywhere}) {
        for (Recording* const recording : {&m_recording, m_source ? &m_source->recording : nullptr}) {
            if (!recording)
                continue;
            for (const BlobId form : forms) {
                auto served = recording->takeReply(m_file, path, form, match);
                if (served && *served && recording != &m_recording)
                    (*served)->node = 0; // of this branch it has no reply, even where this branch asked, too
                if (!served || *served)
                    return served;
            }
        }
    }
    return std::nullopt;
}

Result<std::optional<ModelResult>> Recorder::takeReply(const ChatRequest& request, const QByteArray& endpoint)
{
    auto served = formsOf(request, endpoint).and_then([&](const std::vector<BlobId>& forms) {
        return findServed(request.path, forms);
    });
    if (!served)
        return std::unexpected(served.error());
    const QByteArray* const edited = m_edits.reply(request.path);
    if (!*served && !edited)
        return std::nullopt;
    const NodeIndex node = m_tree.findPath(request.path);
    const bool isOnRecord = *served && node != noNode && m_tree.node(node).id == (*served)->node;
    ModelResult result = *served ? std::move((*served)->result) : ModelResult();
    if (edited) {
        // The usage of the reply that it replaces stays: the conversation counts its tokens with it.
        result = result.value_or(ChatReply());
        result->text = *edited;
        result->finish = FinishReason::Stop;
    }
    if (result && !isOnRecord && !verifies())
        if (const auto copied = replyServed(request, describe(request, endpoint), *result); !copied)
            return std::unexpected(copied.error());
    return std::optional(std::move(result));
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

Result<void> Recorder::markEdited(const NodePath& path, Edit::Kind kind)
{
    const NodeIndex node = m_tree.findPath(path);
    if (verifies() || node == noNode || m_tree.node(node).edited)
        return {};
    Event edited = event(EventKind::Edited, NodeState::Running);
    edited.node = m_tree.node(node).id;
    edited.detail = quint8(kind);
    edited.body = m_tree.node(node).output;
    return append(edited);
}

/// Whether the recording ends here, or something else happened then.
std::unexpected<Error> Recorder::notOnRecord(const ChatRequest& request, const RecordedRequest& described)
{
    const NodePath& path = request.path;
    const NodeIndex node = m_tree.findPath(path);
    const bool wasAnswered = node != noNode && m_tree.node(node).state == NodeState::Ok;
    if (!wasAnswered && m_recorded.state == RunState::Limit)
        return fail(ErrorCode::LimitReached, tr("The recording ends here: a limit of the run was reached."));
    if (!wasAnswered && m_recorded.state != RunState::Answered)
        return fail(ErrorCode::Cancelled, tr("The recording ends here: the run was stopped."));
    if (node == noNode)
        return diverged(path, tr("a request that is not on record"));
    const QByteArray json = m_file.text(m_tree.node(node).input).value_or(QByteArray());
    const auto recorded = readMessages(m_file, json);
    if (!recorded)
        return diverged(path, tr("another request"));
    for (size_t i = 0; i < std::min(recorded->size(), request.messages.size()); ++i)
        if ((*recorded)[i].text != request.messages[i].text)
            return diverged(path,
                tr("message %1 of its request, %2")
                    .arg(i + 1)
                    .arg(firstDifference((*recorded)[i].text, request.messages[i].text)));
    if (recorded->size() != request.messages.size())
        return diverged(path,
            tr("its request has %1 messages, recorded are %2")
                .arg(request.messages.size())
                .arg(recorded->size()));
    const QString difference = parameterDifference(json, described.json);
    return diverged(path, difference.isEmpty() ? tr("it is asked once more") : difference);
}

Result<void> Recorder::cellStarted(const Cell& cell)
{
    if (verifies()) {
        const NodeIndex node = m_tree.findPath(cell.path);
        const bool ended = node != noNode && m_tree.node(node).state != NodeState::Cancelled;
        if (!ended && m_recorded.state != RunState::Answered)
            return fail(ErrorCode::Cancelled, tr("The recording ends here: the run was stopped."));
        const QByteArray code
            = node == noNode ? QByteArray() : m_file.text(m_tree.node(node).input).value_or(QByteArray());
        return diverged(cell.path,
            node == noNode ? tr("a cell that is not on record")
                           : tr("its code, %1").arg(firstDifference(code, cell.code)));
    }
    Event started = event(EventKind::CellStarted, NodeState::Running);
    return place(started, cell.path, NodeKind::Cell)
        .and_then([&] { return putText(started.body, cell.code); })
        .and_then([&] { return append(started); });
}

void Recorder::passOver(const NodePath& cell)
{
    if (const NodeIndex node = m_tree.findPath(cell); node != noNode)
        passOver(node);
}

void Recorder::passOver(NodeIndex node)
{
    for (const NodeIndex child : m_tree.node(node).children) {
        if (m_tree.node(child).kind != NodeKind::Rlm && m_tree.node(child).kind != NodeKind::Cell)
            m_recording.markServed(m_tree.path(child), m_tree.node(child).input);
        passOver(child);
    }
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

Result<void> Recorder::cellDiverged(const NodePath& path, const CellOutput& recorded, const CellOutput& now)
{
    const QString difference = outputDifference(recorded, now);
    if (verifies())
        return diverged(path, difference);
    return note(path, NoteKind::Diverged,
        tr("This cell ran again and came out in another way: %1").arg(difference).toUtf8());
}

Result<void> Recorder::cellCancelled(const NodePath& path)
{
    if (verifies())
        return {};
    Event cancelled = event(EventKind::CellFinished, NodeState::Cancelled);
    return place(cancelled, path, NodeKind::Cell).and_then([&] { return append(cancelled); });
}

Result<void> Recorder::hostCall(const NodePath& cell, int ordinal, const QueryBatch& batch,
    const QueryOutcome& outcome, std::chrono::microseconds took, const QByteArray& question)
{
    Event call = event(EventKind::HostCall, NodeState::Running);
    call.ordinal = ordinal;
    call.detail = outcome ? 0 : 1;
    call.duration = took;
    return place(call, cell, NodeKind::Cell)
        .and_then([&] { return putText(call.body, encodeHostCall(batch, outcome, question)); })
        .and_then([&] { return append(call); });
}

Result<std::vector<AnswerOrder::Answer>> Recorder::answerOrder(const NodePath& cell)
{
    const auto answersIn = [&](const RunTree& tree, const Recording& recording) {
        const NodeIndex node = tree.findPath(cell);
        return node == noNode ? std::vector<Recording::HostAnswer>()
                              : recording.hostAnswers(tree.node(node).id);
    };
    std::vector<Recording::HostAnswer> answers = answersIn(m_tree, m_recording);
    if (answers.empty() && m_source)
        answers = answersIn(m_source->tree, m_source->recording);
    std::vector<AnswerOrder::Answer> order;
    order.reserve(answers.size());
    bool hasNames = false;
    BlobId nameless = BlobId::None;
    for (const auto& [json, took] : answers) {
        QByteArray question;
        if (json != nameless) { // as thousands of calls that were made one after the other
            const Result<QByteArray> text = m_file.text(json);
            if (!text)
                return std::unexpected(text.error());
            question = decodeQuestion(*text);
            hasNames = hasNames || !question.isEmpty();
            if (question.isEmpty())
                nameless = json;
        }
        order.push_back({std::move(question), took});
    }
    if (!hasNames)
        order.clear();
    return order;
}

} // namespace burrow
