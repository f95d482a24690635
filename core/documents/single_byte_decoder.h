#pragma once

#include "documents/text_decoder.h"

#include <array>

namespace burrow {

/// Latin-1 and Windows-1252. The five bytes that Windows-1252 leaves open stand for C1 controls, as in
/// browsers (WHATWG Encoding Standard).
class SingleByteDecoder final : public TextDecoder {
public:
    explicit SingleByteDecoder(TextEncoding::Kind kind);

    size_t borderFrom(Bytes bytes, size_t start, size_t offset) const override;
    TextMeasure measure(Bytes piece) const override;
    qint64 decode(Bytes piece, CharWidth width, void* out) const override;
    void place(Bytes piece, std::vector<PlacedCharacter>& out) const override;
    bool isStoredForm(const TextMeasure& measure, qint64 bytes) const override;

private:
    std::array<char16_t, 256> m_table;
};

} // namespace burrow
