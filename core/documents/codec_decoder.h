#pragma once

#include "documents/text_decoder.h"

namespace burrow {

/// Every other encoding, by a codec of Qt. All of them (GB18030, Big5, Shift_JIS, EUC, ISO-8859, KOI8 …)
/// contain ASCII, and in none is a line feed part of a longer sequence.
class CodecDecoder final : public TextDecoder {
public:
    /// Null where Qt has no codec of this name.
    static std::unique_ptr<const TextDecoder> make(const QByteArray& codec);

    explicit CodecDecoder(QByteArray codec) : m_codec(std::move(codec)) { }

    size_t borderFrom(Bytes bytes, size_t start, size_t offset) const override;
    TextMeasure measure(Bytes piece) const override;
    qint64 decode(Bytes piece, CharWidth width, void* out) const override;
    void place(Bytes piece, std::vector<PlacedCharacter>& out) const override;
    // Some codecs read an ASCII byte as another character.
    bool isStoredForm(const TextMeasure&, qint64) const override { return false; }

private:
    TextMeasure measureBytewise(Bytes piece) const;

    QByteArray m_codec;
};

} // namespace burrow
