// What a guest writes into its pipe: frames, and the messages in them.

#include "fuzz.h"

#include "host/frame_reader.h"
#include "host/guest_message.h"

#include <variant>

using namespace burrow;
using namespace burrow::fuzz;

namespace {

/// The frames of @p bytes when they come in pieces of @p piece, and whether the format was broken.
std::pair<std::vector<Frame>, bool> framesOf(QByteArrayView bytes, qsizetype piece)
{
    FrameReader reader(partsLimit);
    std::vector<Frame> frames;
    while (!bytes.isEmpty()) {
        const qsizetype count = std::min(piece, bytes.size());
        if (const std::span<char> place = reader.destination(); !place.empty()) {
            const auto fitting = std::min(qsizetype(place.size()), count);
            std::ranges::copy(bytes.first(fitting), place.begin());
            reader.filled(fitting);
            bytes = bytes.sliced(fitting);
        } else {
            if (!reader.feed(bytes.first(count)))
                return {std::move(frames), true};
            bytes = bytes.sliced(count);
        }
        while (std::optional<Frame> frame = reader.take())
            frames.push_back(*std::move(frame));
    }
    return {std::move(frames), false};
}

void checkMessage(Frame frame)
{
    const Result<GuestMessage> message = parseMessage(std::move(frame));
    if (!message)
        return;
    if (const auto* const out = std::get_if<OutMessage>(&*message)) {
        check(out->text.isValidUtf8());
    } else if (const auto* const query = std::get_if<QueryMessage>(&*message)) {
        check(query->batch.batched || query->batch.items.size() == 1);
        for (const SubQuery& item : query->batch.items)
            check(item.prompt.isValidUtf8() && item.context.document >= 0);
    } else if (const auto* const done = std::get_if<DoneMessage>(&*message)) {
        check(done->value.head.isValidUtf8() && done->out.tail.isValidUtf8() && done->err.droppedChars >= 0);
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArray bytes = bytesOf(data, size);
    const auto [frames, isBroken] = framesOf(bytes, bytes.size());
    const auto [sameFrames, isBrokenToo] = framesOf(bytes, 3);
    check(isBroken == isBrokenToo);
    // In one go, frames before a broken one are lost with it: the guest is ended all the same.
    check(isBroken ? frames.size() <= sameFrames.size() : frames.size() == sameFrames.size());
    for (const Frame& frame : sameFrames)
        checkMessage(frame);
    return 0;
}
