#include "documents/document_text.h"

#include "base/thread_pool.h"
#include "documents/document_errors.h"
#include "documents/encoding_detector.h"
#include "documents/first_error.h"
#include "documents/utf8_decoder.h"

namespace burrow {

namespace {

// Small enough that a piece and its characters stay in the processor's cache.
constexpr size_t pieceBytes = size_t(256) << 10;

/// Where the first byte beyond ASCII is; bytes.size() where there is none.
size_t findNonAscii(Bytes bytes, const StopToken& stop)
{
    const size_t pieces = (bytes.size() + pieceBytes - 1) / pieceBytes;
    std::atomic<size_t> found = bytes.size();
    parallelFor(
        static_cast<qsizetype>(pieces),
        [&](qsizetype index) {
            const size_t start = static_cast<size_t>(index) * pieceBytes;
            size_t earliest = found;
            if (start >= earliest)
                return;
            const Bytes piece = bytes.subspan(start, std::min(pieceBytes, bytes.size() - start));
            const size_t prefix = asciiPrefix(piece);
            while (prefix < piece.size() && start + prefix < earliest
                && !found.compare_exchange_weak(earliest, start + prefix)) { }
        },
        stop);
    return found;
}

std::vector<size_t> borders(const TextDecoder& decoder, Bytes bytes, const StopToken& stop)
{
    std::vector<size_t> borders = {0};
    while (borders.back() < bytes.size() && !stop.stop_requested()) {
        const size_t start = borders.back();
        const bool last = bytes.size() - start <= pieceBytes;
        borders.push_back(last ? bytes.size() : decoder.borderFrom(bytes, start, start + pieceBytes));
    }
    return borders;
}

/// Measures every piece of @p bytes, which begin at text.begin.
void measurePieces(DocumentText& text, const TextDecoder& decoder, Bytes bytes, const StopToken& stop)
{
    const std::vector<size_t> cuts = borders(decoder, bytes, stop);
    std::vector<TextMeasure> measures(cuts.size() - 1);
    parallelFor(
        std::ssize(measures),
        [&](qsizetype index) {
            const auto i = static_cast<size_t>(index);
            measures[i] = decoder.measure(bytes.subspan(cuts[i], cuts[i + 1] - cuts[i]));
        },
        stop);
    for (size_t i = 0; i < measures.size(); ++i) {
        const ByteOffset begin = text.begin + ByteOffset{static_cast<qint64>(cuts[i])};
        const ByteOffset end = text.begin + ByteOffset{static_cast<qint64>(cuts[i + 1])};
        text.pieces.push_back({begin, end, CharOffset{text.measure.chars}, measures[i].chars});
        text.measure.append(measures[i], begin);
    }
}

void addAsciiPieces(DocumentText& text, qint64 bytes)
{
    constexpr auto step = static_cast<qint64>(pieceBytes);
    for (qint64 at = 0; at < bytes; at += step) {
        const qint64 length = std::min(step, bytes - at);
        const ByteOffset begin = text.begin + ByteOffset{at};
        text.pieces.push_back({begin, begin + ByteOffset{length}, CharOffset{at}, length});
    }
    text.measure.chars = bytes;
}

bool isAsciiBased(const TextEncoding& encoding)
{
    switch (encoding.kind()) {
    case TextEncoding::Kind::Utf8:
    case TextEncoding::Kind::Latin1:
    case TextEncoding::Kind::Windows1252:
        return true;
    default:
        return false;
    }
}

/// People say UTF-16, and the mark says which of the two.
bool agree(const TextEncoding& named, const TextEncoding& marked)
{
    const auto isUtf16 = [](const TextEncoding& encoding) {
        return encoding == TextEncoding::Kind::Utf16Le || encoding == TextEncoding::Kind::Utf16Be;
    };
    return named == marked || (isUtf16(named) && isUtf16(marked));
}

} // namespace

Result<DocumentText> measureText(
    const MappedFile& file, const std::optional<TextEncoding>& encoding, const StopToken& stop)
{
    const ByteOrderMark mark = byteOrderMark(file.bytes());
    const bool marked = mark.encoding && (!encoding || agree(*encoding, *mark.encoding));
    const std::optional<TextEncoding> known = marked ? mark.encoding : encoding;
    DocumentText text;
    text.begin = {marked ? mark.bytes : 0};
    const Bytes bytes = file.bytes().subspan(static_cast<size_t>(text.begin.value));
    const bool mayBeAscii = !known || isAsciiBased(*known);
    const size_t firstNonAscii = mayBeAscii ? findNonAscii(bytes, stop) : 0;
    text.encoding = known ? *known : detectEncoding(bytes, firstNonAscii);
    if (stop.stop_requested())
        return errors::cancelled();
    if (isAsciiBased(text.encoding) && firstNonAscii == bytes.size()) {
        text.isStoredForm = true;
        addAsciiPieces(text, std::ssize(bytes));
        return text;
    }
    const std::unique_ptr<const TextDecoder> decoder = makeDecoder(text.encoding);
    if (!decoder)
        return errors::unknownEncoding(QString::fromLatin1(text.encoding.name()));
    measurePieces(text, *decoder, bytes, stop);
    if (stop.stop_requested())
        return errors::cancelled();
    text.isStoredForm = decoder->isStoredForm(text.measure, std::ssize(bytes));
    return text;
}

Result<void> transcode(const MappedFile& file, const QString& path, const DocumentText& text,
    const PrivateFile& image, ByteOffset at, const StopToken& stop)
{
    const std::unique_ptr<const TextDecoder> decoder = makeDecoder(text.encoding);
    const CharWidth width = text.measure.width();
    const auto unitBytes = static_cast<size_t>(bytesPerChar(width));
    FirstError error;
    parallelFor(
        std::ssize(text.pieces),
        [&](qsizetype index) {
            if (error.failed())
                return;
            const DocumentText::Piece& piece = text.pieces[static_cast<size_t>(index)];
            const Bytes source = file.bytes().subspan(
                static_cast<size_t>(piece.begin.value), static_cast<size_t>((piece.end - piece.begin).value));
            const size_t roomBytes = text.isStoredForm ? 0 : source.size() * unitBytes;
            const auto room = std::make_unique_for_overwrite<unsigned char[]>(roomBytes);
            if (!text.isStoredForm && decoder->decode(source, width, room.get()) != piece.chars)
                return error.note(errors::changed(path).error());
            const Bytes stored(
                text.isStoredForm ? source.data() : room.get(), static_cast<size_t>(piece.chars) * unitBytes);
            if (const auto written = image.writeAt(at.value + piece.at.value * bytesPerChar(width), stored);
                !written)
                error.note(written.error());
        },
        stop);
    if (stop.stop_requested())
        return errors::cancelled();
    return error.take();
}

} // namespace burrow
