#include "lm/sse_parser.h"

#include <algorithm>

namespace burrow {

namespace {

constexpr QByteArrayView byteOrderMark = "\xEF\xBB\xBF";

bool isLineEnd(char c)
{
    return c == '\n' || c == '\r';
}

} // namespace

Result<std::vector<SseEvent>> SseParser::feed(QByteArrayView bytes)
{
    std::vector<SseEvent> events;
    while (!bytes.isEmpty()) {
        if (std::exchange(m_afterCr, false) && bytes.front() == '\n') {
            bytes.slice(1);
            continue;
        }
        const qsizetype end = std::find_if(bytes.begin(), bytes.end(), isLineEnd) - bytes.begin();
        if (m_line.size() + end + m_event.data.size() > m_longestEvent) {
            return fail(ErrorCode::MalformedReply,
                QStringLiteral("an event of more than %1 KB").arg(m_longestEvent / 1024));
        }
        if (end == bytes.size()) {
            m_line += bytes;
            break;
        }
        m_afterCr = bytes[end] == '\r';
        if (m_line.isEmpty()) {
            takeLine(bytes.first(end), events);
        } else {
            m_line += bytes.first(end);
            takeLine(std::exchange(m_line, {}), events);
        }
        bytes.slice(end + 1);
    }
    return events;
}

std::optional<SseEvent> SseParser::finish()
{
    std::vector<SseEvent> events;
    if (!m_line.isEmpty())
        takeLine(std::exchange(m_line, {}), events);
    return takeEvent();
}

void SseParser::takeLine(QByteArrayView line, std::vector<SseEvent>& events)
{
    if (std::exchange(m_atStart, false) && line.startsWith(byteOrderMark))
        line.slice(byteOrderMark.size());
    if (line.isEmpty()) {
        if (std::optional<SseEvent> event = takeEvent())
            events.push_back(std::move(*event));
        return;
    }
    const qsizetype colon = line.indexOf(':');
    const QByteArrayView name = colon < 0 ? line : line.first(colon);
    QByteArrayView value = colon < 0 ? QByteArrayView() : line.sliced(colon + 1);
    if (value.startsWith(' '))
        value.slice(1);
    if (name == "data") {
        if (m_hasData)
            m_event.data += '\n';
        m_event.data += value;
        m_hasData = true;
    } else if (name == "event") {
        m_event.type = value.toByteArray();
    }
}

std::optional<SseEvent> SseParser::takeEvent()
{
    SseEvent event = std::exchange(m_event, {});
    if (!std::exchange(m_hasData, false))
        return std::nullopt; // a type without data is no event
    return event;
}

} // namespace burrow
