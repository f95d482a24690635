#include "documents/utf8_decoder.h"

#include "documents/also_for_avx2.h"

#include <algorithm>

namespace burrow {

namespace {

constexpr size_t blockBytes = 128;

bool isContinuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

bool isAscii(Bytes bytes)
{
    unsigned char all = 0;
    for (const unsigned char byte : bytes)
        all |= byte;
    return all < 0x80;
}

struct Sequence {
    size_t bytes;
    char32_t codePoint;
    bool valid = true;
};

size_t lengthByLead(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/// The sequence at the start of @p bytes, which is not empty; where it is broken, its maximal part.
Sequence sequenceAt(Bytes bytes)
{
    const unsigned char lead = bytes[0];
    if (lead < 0x80)
        return {1, lead};
    if (lead < 0xC2 || lead > 0xF4)
        return {1, replacementCharacter, false};
    const size_t length = lengthByLead(lead);
    // The second byte alone rules out overlong forms, surrogates and what lies above U+10FFFF.
    const unsigned char lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (bytes.size() < 2 || bytes[1] < lowest || bytes[1] > highest)
        return {1, replacementCharacter, false};
    char32_t codePoint = (lead & (0x7Fu >> length)) << 6 | (bytes[1] & 0x3Fu);
    for (size_t i = 2; i < length; ++i) {
        if (i >= bytes.size() || !isContinuation(bytes[i]))
            return {i, replacementCharacter, false};
        codePoint = codePoint << 6 | (bytes[i] & 0x3Fu);
    }
    return {length, codePoint};
}

/// What is in a block of bytes.
struct BlockCheck {
    bool valid;
    unsigned char highest; ///< byte
    unsigned char leads; ///< bytes that begin a sequence
};

/// Checks blockBytes bytes that begin on a border, the last sequence as far as it reaches into them. Reads
/// the three bytes before, too. Every byte is judged by itself and these three without branches, so that the
/// compiler makes it a few vector instructions for 16 or 32 bytes at once: 2 to 4 GB/s on one core.
BURROW_ALSO_FOR_AVX2 BlockCheck checkBlock(const unsigned char* block)
{
    unsigned char broken = 0, highest = 0, leads = 0;
    for (size_t i = 0; i < blockBytes; ++i) {
        const unsigned char byte = block[i], before = *(block + i - 1);
        const unsigned char secondBefore = *(block + i - 2), thirdBefore = *(block + i - 3);
        const unsigned char continues = byte >= 0x80 && byte <= 0xBF;
        const unsigned char isDue = (before >= 0xC0) | (secondBefore >= 0xE0) | (thirdBefore >= 0xF0);
        const unsigned char never = (byte == 0xC0) | (byte == 0xC1) | (byte >= 0xF5);
        const unsigned char outside = ((before == 0xE0) & (byte < 0xA0)) | ((before == 0xED) & (byte > 0x9F))
            | ((before == 0xF0) & (byte < 0x90)) | ((before == 0xF4) & (byte > 0x8F));
        broken |= static_cast<unsigned char>((continues ^ isDue) | never | outside);
        highest = std::max(highest, byte);
        leads = static_cast<unsigned char>(leads + (continues ^ 1));
    }
    return {broken == 0, highest, leads};
}

/// How many bytes of the last sequence of a block lie in it, where it reaches beyond; else 0.
size_t openBytesAtEnd(const unsigned char* block)
{
    for (size_t bytes = 1; bytes <= 3; ++bytes) {
        const unsigned char byte = block[blockBytes - bytes];
        if (!isContinuation(byte))
            return lengthByLead(byte) > bytes ? bytes : 0;
    }
    return 0;
}

/// Takes @p piece apart: @p onBlock(bytes, check) for whole valid sequences together, @p onSequence(offset,
/// sequence) for single ones at the ends and around broken places.
template <typename OnBlock, typename OnSequence>
void walk(Bytes piece, OnBlock onBlock, OnSequence onSequence)
{
    constexpr size_t bytesBefore = 3; // that checkBlock reads
    for (size_t at = 0; at < piece.size();) {
        const unsigned char* const block = piece.data() + at;
        // A lead before the block that was found broken does not count, so no byte may continue it.
        const bool hasContext = at >= bytesBefore && !isContinuation(*block);
        if (hasContext && at + blockBytes <= piece.size()) {
            const Bytes whole = piece.subspan(at, blockBytes);
            const BlockCheck check = isAscii(whole) ? BlockCheck{true, 0x7F, blockBytes} : checkBlock(block);
            const size_t open = openBytesAtEnd(block);
            const Sequence last = open ? sequenceAt(piece.subspan(at + blockBytes - open)) : Sequence{0, 0};
            if (check.valid && last.valid) {
                const size_t bytes = blockBytes - open + last.bytes;
                onBlock(piece.subspan(at, bytes), check);
                at += bytes;
                continue;
            }
        }
        const size_t end = std::min(at + (at < bytesBefore ? bytesBefore : blockBytes), piece.size());
        while (at < end) {
            const Sequence sequence = sequenceAt(piece.subspan(at));
            onSequence(at, sequence);
            at += sequence.bytes;
        }
    }
}

/// The code points below some power of two among which those of a valid block lie, as a mask.
char32_t bitsOf(unsigned char highestByte)
{
    if (highestByte < 0x80)
        return 0x7F;
    if (highestByte < 0xC4)
        return 0xFF;
    return highestByte < 0xF0 ? 0xFFFF : 0x10FFFF;
}

template <typename Unit> Unit* widenAscii(Bytes bytes, Unit* out)
{
    for (size_t i = 0; i < bytes.size(); ++i)
        out[i] = bytes[i];
    return out + bytes.size();
}

template <typename Unit> Unit unitOfThree(const unsigned char* bytes)
{
    return static_cast<Unit>((bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu));
}

bool isLeadOfThree(unsigned char byte)
{
    return (byte & 0xF0) == 0xE0;
}

/// Decodes valid @p bytes, with a quick way for runs of the three-byte characters that Chinese, Japanese,
/// Korean and Indian text consists of.
template <typename Unit> Unit* decodeValid(Bytes bytes, Unit* out)
{
    const unsigned char* at = bytes.data();
    const unsigned char* const end = at + bytes.size();
    while (at < end) {
        while (end - at >= 12 && isLeadOfThree(at[0]) && isLeadOfThree(at[3]) && isLeadOfThree(at[6])
            && isLeadOfThree(at[9])) {
            for (size_t i = 0; i < 4; ++i)
                out[i] = unitOfThree<Unit>(at + i * 3);
            at += 12;
            out += 4;
        }
        if (at == end)
            break;
        const size_t length = lengthByLead(*at);
        char32_t codePoint = length == 1 ? *at : *at & (0x7Fu >> length);
        for (size_t i = 1; i < length; ++i)
            codePoint = codePoint << 6 | (at[i] & 0x3Fu);
        *out++ = static_cast<Unit>(codePoint);
        at += length;
    }
    return out;
}

} // namespace

size_t asciiPrefix(Bytes bytes)
{
    size_t at = 0;
    while (at + blockBytes <= bytes.size() && isAscii(bytes.subspan(at, blockBytes)))
        at += blockBytes;
    while (at < bytes.size() && bytes[at] < 0x80)
        ++at;
    return at;
}

size_t Utf8Decoder::borderFrom(Bytes bytes, size_t, size_t offset) const
{
    // No sequence reaches over a byte that begins one, nor further than three bytes past its lead.
    size_t at = std::min(offset, bytes.size());
    for (int i = 0; i < 3 && at < bytes.size() && isContinuation(bytes[at]); ++i)
        ++at;
    return at;
}

TextMeasure Utf8Decoder::measure(Bytes piece) const
{
    TextMeasure measure;
    walk(
        piece,
        [&measure](Bytes, const BlockCheck& check) {
            measure.chars += check.leads;
            measure.bits |= bitsOf(check.highest);
        },
        [&measure](size_t at, const Sequence& sequence) {
            if (sequence.valid)
                measure.count(sequence.codePoint);
            else
                measure.countReplaced(at);
        });
    return measure;
}

qint64 Utf8Decoder::decode(Bytes piece, CharWidth width, void* out) const
{
    return withUnits(width, out, [piece]<typename Unit>(Unit* const first) {
        Unit* next = first;
        walk(
            piece,
            [&next](Bytes bytes, const BlockCheck& check) {
                next = check.highest < 0x80 ? widenAscii(bytes, next) : decodeValid(bytes, next);
            },
            [&next](size_t, const Sequence& sequence) { *next++ = static_cast<Unit>(sequence.codePoint); });
        return qint64(next - first);
    });
}

void Utf8Decoder::place(Bytes piece, std::vector<PlacedCharacter>& out) const
{
    for (size_t at = 0; at < piece.size();) {
        const Sequence sequence = sequenceAt(piece.subspan(at));
        out.push_back({sequence.codePoint, at});
        at += sequence.bytes;
    }
}

bool Utf8Decoder::isStoredForm(const TextMeasure& measure, qint64) const
{
    return measure.width() == CharWidth::Ascii;
}

} // namespace burrow
