#include "lm/chat_assembler.h"

#include <algorithm>

namespace burrow {

namespace {

// A parsed object takes many times its bytes, so one that comes whole has a lower limit than a stream.
constexpr qsizetype longestObject = 16 * 1024 * 1024;

} // namespace

HttpFlow ChatAssembler::feed(QByteArrayView bytes)
{
    if (m_error || m_done)
        return HttpFlow::Enough;
    if (m_form == Form::Unknown)
        findForm(bytes);
    if (m_form == Form::Object) {
        m_object += bytes;
        if (m_object.size() > longestObject)
            m_error = broken(ErrorCode::MalformedReply,
                QStringLiteral("sent a reply of more than 16 MB. Check the server."));
    } else if (m_form == Form::Events) {
        if (const auto events = m_events.feed(bytes))
            takeEvents(*events);
        else
            m_error = broken(ErrorCode::MalformedReply,
                QStringLiteral("sent %1. Check the server.").arg(events.error().message));
    }
    return m_error || m_done ? HttpFlow::Enough : HttpFlow::More;
}

/// The first byte tells, and content types lie: an event stream begins with a mark of byte order or a colon,
/// or with data, event, id or retry; no JSON and no tag does.
void ChatAssembler::findForm(QByteArrayView bytes)
{
    const auto isBlank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    const auto* first = std::ranges::find_if_not(bytes, isBlank);
    if (first != bytes.end())
        m_form = QByteArrayView("\xEF:deir").contains(*first) ? Form::Events : Form::Object;
}

void ChatAssembler::takeEvents(const std::vector<SseEvent>& events)
{
    for (const SseEvent& event : events) {
        if (event.data.trimmed() == "[DONE]") {
            m_done = true;
            return;
        }
        std::optional<ChatChunk> chunk = parseChatChunk(event.data);
        if (!chunk) {
            m_error = broken(ErrorCode::MalformedReply,
                QStringLiteral("sent an event that is not JSON (%1). Check the server.")
                    .arg(m_server.quoted(event.data)));
            return;
        }
        take(std::move(*chunk));
        if (m_error)
            return;
    }
}

void ChatAssembler::take(ChatChunk chunk)
{
    m_reply.text += chunk.text;
    m_reply.reasoning += chunk.reasoning;
    m_reply.choiceSeen |= chunk.hasChoice;
    if (!chunk.model.isEmpty())
        m_reply.model = chunk.model;
    if (chunk.finish) {
        m_reply.finish = *chunk.finish;
        m_reply.finishSeen = true;
    }
    if (chunk.usage.inputTokens)
        m_reply.usage.inputTokens = chunk.usage.inputTokens;
    if (chunk.usage.outputTokens)
        m_reply.usage.outputTokens = chunk.usage.outputTokens;
    if (chunk.usage.cost)
        m_reply.usage.cost = chunk.usage.cost;
    if (chunk.error) {
        m_error = errorOfReply(m_server, *chunk.error);
        m_error->partialText = m_reply.text;
    }
}

ModelResult ChatAssembler::finish()
{
    if (m_form == Form::Object && !m_error)
        return finishObject();
    // The transport vouches for the end: nothing was cut off, so asking again would bring nothing again.
    if (m_form == Form::Unknown)
        return std::unexpected(broken(ErrorCode::MalformedReply,
            QStringLiteral("sent an empty reply. Check that the address is that of a chat server.")));
    return finishEvents();
}

ModelResult ChatAssembler::finishEvents()
{
    // A last event without its blank line counts where it is whole; where it is not, the stream was cut.
    if (const std::optional<SseEvent> last = m_events.finish(); last && !m_error && !m_done) {
        takeEvents({*last});
        if (m_error && m_error->code == ErrorCode::MalformedReply)
            m_error.reset();
    }
    if (m_error)
        return std::unexpected(*m_error);
    if (!isComplete()) {
        ModelError cut
            = broken(ErrorCode::StreamCut, QStringLiteral("broke off inside its answer. Try again."));
        cut.retryable = true;
        return std::unexpected(cut);
    }
    return filteredOrDone();
}

ModelResult ChatAssembler::finishObject()
{
    std::optional<ChatChunk> chunk = parseChatChunk(m_object);
    if (!chunk) {
        const bool isPage = m_object.trimmed().startsWith('<');
        return std::unexpected(broken(ErrorCode::MalformedReply,
            isPage ? QStringLiteral("sent a web page. Check the address, which usually ends in /v1.")
                   : QStringLiteral("sent a reply that is no JSON object (%1). Check the server.")
                         .arg(m_server.quoted(m_object))));
    }
    take(std::move(*chunk));
    if (m_error)
        return std::unexpected(*m_error);
    if (!m_reply.choiceSeen) {
        return std::unexpected(broken(ErrorCode::MalformedReply,
            QStringLiteral(
                "sent a reply without a message. Check that the address is that of a chat server.")));
    }
    return filteredOrDone();
}

ModelResult ChatAssembler::filteredOrDone()
{
    if (m_reply.finish == FinishReason::ContentFilter) {
        return std::unexpected(broken(ErrorCode::ContentFiltered,
            QStringLiteral("was kept from answering by a content filter. Word the prompt differently.")));
    }
    ChatReply reply;
    reply.text = std::move(m_reply.text);
    reply.reasoning = std::move(m_reply.reasoning);
    reply.servedModel = std::move(m_reply.model);
    reply.finish = m_reply.finish;
    reply.usage = m_reply.usage;
    return reply;
}

ModelError ChatAssembler::broken(ErrorCode code, const QString& what) const
{
    ModelError error = m_server.error(code, what);
    error.partialText = m_reply.text;
    return error;
}

} // namespace burrow
