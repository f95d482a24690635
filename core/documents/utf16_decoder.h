#pragma once

#include "documents/text_decoder.h"

#include <bit>

namespace burrow {

/// UTF-16. A lone surrogate stays what it is, as a str can hold it; an odd last byte becomes U+FFFD.
class Utf16Decoder final : public TextDecoder {
public:
    explicit Utf16Decoder(std::endian order) : m_order(order) { }

    size_t borderFrom(Bytes bytes, size_t start, size_t offset) const override;
    TextMeasure measure(Bytes piece) const override;
    qint64 decode(Bytes piece, CharWidth width, void* out) const override;
    void place(Bytes piece, std::vector<PlacedCharacter>& out) const override;
    bool isStoredForm(const TextMeasure& measure, qint64 bytes) const override;

private:
    char16_t unitAt(Bytes bytes, size_t offset) const;
    template <typename Emit> void forEach(Bytes piece, Emit emit) const;

    std::endian m_order;
};

} // namespace burrow
