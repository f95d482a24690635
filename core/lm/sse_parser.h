#pragma once

#include "base/result.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace burrow {

/// One server-sent event (WHATWG HTML §9.2). Ids and reconnection times are of no use to a single reply.
struct SseEvent {
    QByteArray type; ///< empty where the stream names none
    QByteArray data; ///< the lines of `data:` joined by newlines

    friend bool operator==(const SseEvent&, const SseEvent&) = default;
};

/// Cuts a stream into events, however its bytes are split. Lines may end in LF, CRLF or CR; comments and
/// unknown fields are skipped, and so is a byte order mark at the start. Bytes are not decoded, so a
/// character may be split over any chunks.
class SseParser {
public:
    /// @p longestEvent bounds the bytes of one line and of one event.
    explicit SseParser(qsizetype longestEvent = 16 * 1024 * 1024) : m_longestEvent(longestEvent) { }

    /// The events that @p bytes complete. Errors: MalformedReply where a line or an event is too long; the
    /// stream cannot go on after that.
    Result<std::vector<SseEvent>> feed(QByteArrayView bytes);
    /// What the stream's end left without its closing blank line; some servers forget it.
    std::optional<SseEvent> finish();

private:
    void takeLine(QByteArrayView line, std::vector<SseEvent>& events);
    std::optional<SseEvent> takeEvent();

    qsizetype m_longestEvent;
    QByteArray m_line; ///< the beginning of a line that is not complete
    SseEvent m_event;
    bool m_hasData = false;
    bool m_atStart = true;
    bool m_afterCr = false; ///< an LF that comes next belongs to the line end before it
};

} // namespace burrow
