#include "engine/sub_calls.h"

#include "engine/rlm_call.h"

namespace burrow {

namespace {

/// How an error of a sub-call reads in Python. It is part of what the model sees, so it depends on the code
/// alone: a message for people may name times, servers and what those say.
QByteArray describe(const Error& error)
{
    switch (error.code) {
    case ErrorCode::LimitReached:
        return error.message.toUtf8();
    case ErrorCode::WindowExceeded:
        return "The prompt is too long for the model. Split it.";
    case ErrorCode::ContentFiltered:
        return "The model's provider refused the prompt or the reply.";
    case ErrorCode::UnknownModel:
    case ErrorCode::ModelNotAllowed:
        return "The model does not exist. Leave out `model`.";
    case ErrorCode::NoAnswer:
        return "The child gave no answer.";
    case ErrorCode::Cancelled:
        return "The run was stopped.";
    case ErrorCode::RateLimited:
    case ErrorCode::Unreachable:
    case ErrorCode::TimedOut:
    case ErrorCode::ServerFailed:
    case ErrorCode::StreamCut:
    case ErrorCode::MalformedReply:
        return "The model gave no reply after several tries.";
    default:
        return "The call failed.";
    }
}

/// A copied context as text behind a prompt, where the depth limit allows no child to look at it.
QByteArray promptWithContext(const SubQuery& item)
{
    using Kind = ContextValue::Kind;
    if (item.context.kind != Kind::Text && item.context.kind != Kind::Json)
        return item.prompt;
    return item.prompt + "\n\nContext:\n" + QString::fromUtf8(item.context.bytes).toUtf8();
}

Stop stopAt(const NodePath& cell, const QueryBatch& batch)
{
    return {StopPoint::AtHostCall, cell, batch.model.value_or(QByteArray()),
        batch.items.empty() ? QByteArray() : batch.items.front().prompt};
}

} // namespace

SubCalls::SubCalls(RunParts& parts, const RlmTask& caller) : m_parts(parts), m_caller(caller) { }

QueryResult SubCalls::failed(const Error& error)
{
    m_stopped = m_stopped || error.code == ErrorCode::Cancelled;
    return {false, describe(error)};
}

QueryRefusal SubCalls::refused(const Error& error)
{
    const bool limit = error.code == ErrorCode::LimitReached;
    return {
        limit ? QByteArrayLiteral("LimitReached") : QByteArrayLiteral("RuntimeError"), failed(error).text};
}

std::optional<QueryRefusal> SubCalls::refusal(const QueryBatch& batch) const
{
    if (m_caller.depth >= m_parts.told.maxDepth)
        return QueryRefusal{"LimitReached", "The depth limit of this run allows no sub-calls here."};
    if (batch.model && !m_parts.models.allowed.contains(*batch.model)) {
        QByteArrayList names(m_parts.models.allowed.begin(), m_parts.models.allowed.end());
        return QueryRefusal{"ValueError",
            "model '" + *batch.model + "' is not allowed in this run; allowed are: " + names.join(", ")};
    }
    return std::nullopt;
}

Task<QueryOutcome> SubCalls::query(NodePath cell, QueryBatch batch, StopToken stop)
{
    if (std::optional<QueryRefusal> refused = refusal(batch))
        co_return std::unexpected(std::move(*refused));
    if (const auto passed = co_await m_parts.gate.pass(stopAt(cell, batch), stop); !passed)
        co_return std::unexpected(refused(passed.error()));

    int& issued = m_issued[cell];
    const int firstOrdinal = issued + 1;
    issued += int(batch.items.size());
    if (batch.kind == QueryBatch::Kind::Rlm && m_caller.depth + 1 < m_parts.told.maxDepth)
        co_return co_await callChildren(cell, firstOrdinal, std::move(batch), stop);

    std::vector<ChatRequest> requests;
    requests.reserve(batch.items.size());
    for (size_t i = 0; i < batch.items.size(); ++i)
        requests.push_back(completionRequest(cell.call(firstOrdinal + int(i)), batch, batch.items[i]));
    co_return co_await complete(std::move(requests), batch.batched, stop);
}

ChatRequest SubCalls::completionRequest(NodePath path, const QueryBatch& batch, const SubQuery& item) const
{
    ChatRequest request;
    request.path = std::move(path);
    request.model = batch.model.value_or(m_parts.models.sub);
    request.messages
        = {{Role::User, batch.kind == QueryBatch::Kind::Rlm ? promptWithContext(item) : item.prompt}};
    request.maxOutputTokens = m_parts.limits.maxOutputTokens;
    return request;
}

Task<QueryOutcome> SubCalls::complete(std::vector<ChatRequest> requests, bool batched, StopToken stop)
{
    // As they will be sent: a person may have changed their model or the length of their replies.
    std::vector<ChatRequest> unrecorded;
    for (const ChatRequest& request : requests) {
        if (!m_parts.isRecorded(request))
            unrecorded.push_back(m_parts.edits.applyTo(request));
    }
    if (const auto allowed = m_parts.budget.reserve(unrecorded); !allowed)
        co_return std::unexpected(refused(allowed.error()));
    unrecorded.clear();

    std::vector<NodePath> paths;
    std::vector<Task<ModelResult>> running;
    for (ChatRequest& request : requests) {
        paths.push_back(request.path);
        running.push_back(m_parts.model.complete(std::move(request), stop));
    }
    std::vector<QueryResult> results;
    results.reserve(running.size());
    for (size_t i = 0; i < running.size(); ++i) {
        const ModelResult reply = co_await running[i];
        m_parts.budget.release(paths[i]); // what a stop kept from being sent
        if (reply)
            results.push_back({true, withoutThinking(reply->text).trimmed()});
        else if (!batched)
            co_return std::unexpected(refused(reply.error()));
        else
            results.push_back(failed(reply.error()));
    }
    co_return results;
}

RlmTask SubCalls::childTask(NodePath path, const QueryBatch& batch, const SubQuery& item) const
{
    RlmTask child;
    child.path = std::move(path);
    child.depth = m_caller.depth + 1;
    child.question = item.prompt;
    child.model = batch.model.value_or(m_parts.models.sub);
    switch (item.context.kind) {
    case ContextValue::Kind::Corpus:
        child.context = m_caller.context;
        break;
    case ContextValue::Kind::Document: {
        const size_t index = size_t(item.context.document);
        child.context.spans = {m_caller.context.spans.at(index)};
        child.context.names = {m_caller.context.names.at(index)};
        break;
    }
    case ContextValue::Kind::Text:
    case ContextValue::Kind::Json:
        child.context.value = item.context;
        break;
    }
    return child;
}

Task<QueryOutcome> SubCalls::callChildren(NodePath cell, int firstOrdinal, QueryBatch batch, StopToken stop)
{
    const size_t documents = m_caller.context.value ? 0 : m_caller.context.spans.size();
    std::vector<Task<Result<QByteArray>>> running;
    for (size_t i = 0; i < batch.items.size(); ++i) {
        const ContextValue& context = batch.items[i].context;
        // The guest can forge any index.
        if (context.kind == ContextValue::Kind::Document
            && (context.document < 0 || size_t(context.document) >= documents))
            co_return std::unexpected(QueryRefusal{"ValueError", "there is no such document"});
    }
    for (size_t i = 0; i < batch.items.size(); ++i)
        running.push_back(
            callChild(childTask(cell.call(firstOrdinal + int(i)), batch, batch.items[i]), stop));
    std::vector<QueryResult> results;
    results.reserve(running.size());
    for (Task<Result<QByteArray>>& child : running) {
        const Result<QByteArray> answer = co_await child;
        if (answer)
            results.push_back({true, *answer});
        else if (!batch.batched)
            co_return std::unexpected(refused(answer.error()));
        else
            results.push_back(failed(answer.error()));
    }
    co_return results;
}

Task<Result<QByteArray>> SubCalls::callChild(RlmTask child, StopToken stop)
{
    const Semaphore::Slot slot = co_await m_parts.children.at(child.depth).acquire(stop);
    if (!slot)
        co_return fail(ErrorCode::Cancelled, {});
    co_return co_await m_parts.playChild(std::move(child), stop);
}

} // namespace burrow
