#pragma once

#include "lm/chat_chunk.h"
#include "lm/http.h"
#include "lm/model_errors.h"
#include "lm/sse_parser.h"

namespace burrow {

/// Puts a reply together from the bytes of a response with status 200: a stream of events or, from a server
/// that ignores `stream`, one JSON object.
class ChatAssembler {
public:
    explicit ChatAssembler(ModelServer server) : m_server(std::move(server)) { }

    HttpFlow feed(QByteArrayView bytes);
    /// The reply, or why there is none, once the response has ended.
    ModelResult finish();

    /// Whether the reply has all that it needs, however the connection ends.
    bool isComplete() const { return m_done || m_reply.finishSeen; }
    const QByteArray& partialText() const { return m_reply.text; }

private:
    enum class Form { Unknown, Events, Object };
    struct Reply {
        QByteArray text;
        QByteArray reasoning;
        QByteArray model;
        FinishReason finish = FinishReason::Stop;
        bool finishSeen = false;
        bool choiceSeen = false;
        Usage usage;
    };

    void findForm(QByteArrayView bytes);
    void takeEvents(const std::vector<SseEvent>& events);
    void take(ChatChunk chunk);
    ModelResult finishEvents();
    ModelResult finishObject();
    ModelResult filteredOrDone();
    ModelError broken(ErrorCode code, const QString& what) const;

    ModelServer m_server;
    Form m_form = Form::Unknown;
    SseParser m_events;
    QByteArray m_object; ///< the bytes of a reply that is no stream
    Reply m_reply;
    bool m_done = false; ///< `[DONE]` came
    std::optional<ModelError> m_error;
};

} // namespace burrow
