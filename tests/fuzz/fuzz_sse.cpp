// A stream of server-sent events, whole and in pieces.

#include "fuzz.h"

#include "lm/sse_parser.h"

using namespace burrow;
using namespace burrow::fuzz;

namespace {

/// Nothing where a line or an event was too long.
std::optional<std::vector<SseEvent>> eventsOf(QByteArrayView bytes, qsizetype piece)
{
    SseParser parser(1024);
    std::vector<SseEvent> events;
    while (!bytes.isEmpty()) {
        const qsizetype count = std::min(piece, bytes.size());
        const Result<std::vector<SseEvent>> more = parser.feed(bytes.first(count));
        if (!more)
            return std::nullopt;
        events.insert(events.end(), more->begin(), more->end());
        bytes = bytes.sliced(count);
    }
    if (const std::optional<SseEvent> last = parser.finish())
        events.push_back(*last);
    return events;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArray bytes = bytesOf(data, size);
    check(eventsOf(bytes, bytes.size()) == eventsOf(bytes, 1));
    return 0;
}
