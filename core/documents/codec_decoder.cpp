#include "documents/codec_decoder.h"

#include <QStringDecoder>

#include <algorithm>

namespace burrow {

namespace {

constexpr size_t stepBytes = size_t(64) << 10;

QStringDecoder decoderFor(const QByteArray& codec)
{
    return QStringDecoder(codec.constData(), QStringConverter::Flag::ConvertInitialBom);
}

QString decodeNext(QStringDecoder& decoder, Bytes bytes)
{
    return decoder.decode(QByteArrayView(bytes.data(), std::ssize(bytes)));
}

/// What a sequence that ends too early at the end of a piece still yields. Only a following byte makes the
/// decoder tell.
QString decodeEnd(QStringDecoder& decoder)
{
    QString end = decoder.decode(QByteArrayView("\n"));
    end.chop(1);
    return end;
}

/// Calls @p emit(code point) for the whole of @p text.
template <typename Emit> void forEachCodePoint(QStringView text, Emit emit)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool pair = text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        emit(pair ? QChar::surrogateToUcs4(text[i], text[i + 1]) : char32_t(text[i].unicode()));
        i += pair;
    }
}

template <typename Emit> void forEachCodePoint(const QByteArray& codec, Bytes piece, Emit emit)
{
    QStringDecoder decoder = decoderFor(codec);
    for (size_t at = 0; at < piece.size(); at += stepBytes)
        forEachCodePoint(
            decodeNext(decoder, piece.subspan(at, std::min(stepBytes, piece.size() - at))), emit);
    forEachCodePoint(decodeEnd(decoder), emit);
}

} // namespace

std::unique_ptr<const TextDecoder> CodecDecoder::make(const QByteArray& codec)
{
    if (!decoderFor(codec).isValid())
        return nullptr;
    return std::make_unique<CodecDecoder>(codec);
}

size_t CodecDecoder::borderFrom(Bytes bytes, size_t start, size_t offset) const
{
    const Bytes near = bytes.subspan(offset, std::min(stepBytes, bytes.size() - offset));
    if (const auto feed = std::ranges::find(near, '\n'); feed != near.end())
        return offset + static_cast<size_t>(feed - near.begin()) + 1;
    // One long line: decode up to the place and on, until a byte completes a character.
    QStringDecoder decoder = decoderFor(m_codec);
    for (size_t at = start; at < offset; at += stepBytes)
        decodeNext(decoder, bytes.subspan(at, std::min(stepBytes, offset - at)));
    for (size_t at = offset; at < bytes.size(); ++at) {
        const QString completed = decodeNext(decoder, bytes.subspan(at, 1));
        if (!completed.isEmpty() && !completed.contains(QChar::ReplacementCharacter))
            return at + 1;
    }
    return bytes.size();
}

TextMeasure CodecDecoder::measure(Bytes piece) const
{
    TextMeasure measure;
    bool replacement = false;
    forEachCodePoint(m_codec, piece, [&](char32_t codePoint) {
        measure.count(codePoint);
        replacement = replacement || codePoint == replacementCharacter;
    });
    return replacement ? measureBytewise(piece) : measure;
}

/// Tells which U+FFFD stand for broken bytes and which are really in the text, and where they lie.
TextMeasure CodecDecoder::measureBytewise(Bytes piece) const
{
    static constexpr unsigned char replacementInGb18030[] = {0x84, 0x31, 0xA4, 0x37};
    TextMeasure measure;
    QStringDecoder decoder = decoderFor(m_codec);
    size_t start = 0; // of the sequence that is not complete yet
    for (size_t at = 0; at <= piece.size(); ++at) {
        const QString text
            = at < piece.size() ? decodeNext(decoder, piece.subspan(at, 1)) : decodeEnd(decoder);
        const Bytes sequence = piece.subspan(start, std::min(at + 1, piece.size()) - start);
        const bool genuine = std::ranges::equal(sequence, replacementInGb18030);
        forEachCodePoint(text, [&](char32_t codePoint) {
            if (codePoint == replacementCharacter && !genuine)
                measure.countReplaced(start);
            else
                measure.count(codePoint);
        });
        if (!text.isEmpty())
            start = at + 1;
    }
    return measure;
}

qint64 CodecDecoder::decode(Bytes piece, CharWidth width, void* out) const
{
    return withUnits(width, out, [this, piece]<typename Unit>(Unit* const first) {
        Unit* next = first;
        Unit* const end = first + piece.size();
        forEachCodePoint(m_codec, piece, [&next, end](char32_t codePoint) {
            if (next != end)
                *next++ = static_cast<Unit>(codePoint);
        });
        return qint64(next - first);
    });
}

void CodecDecoder::place(Bytes piece, std::vector<PlacedCharacter>& out) const
{
    QStringDecoder decoder = decoderFor(m_codec);
    size_t start = 0; // of the sequence that is not complete yet
    for (size_t at = 0; at <= piece.size(); ++at) {
        const QString text
            = at < piece.size() ? decodeNext(decoder, piece.subspan(at, 1)) : decodeEnd(decoder);
        forEachCodePoint(text, [&](char32_t codePoint) { out.push_back({codePoint, start}); });
        if (!text.isEmpty())
            start = at + 1;
    }
}

} // namespace burrow
