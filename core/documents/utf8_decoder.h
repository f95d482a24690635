#pragma once

#include "documents/text_decoder.h"

namespace burrow {

/// UTF-8. Every maximal part of a broken sequence becomes one U+FFFD, as in Python and the Unicode standard
/// (§3.9, U+FFFD Substitution of Maximal Subparts); encoded surrogates are broken sequences.
class Utf8Decoder final : public TextDecoder {
public:
    size_t borderFrom(Bytes bytes, size_t start, size_t offset) const override;
    TextMeasure measure(Bytes piece) const override;
    qint64 decode(Bytes piece, CharWidth width, void* out) const override;
    void place(Bytes piece, std::vector<PlacedCharacter>& out) const override;
    bool isStoredForm(const TextMeasure& measure, qint64 bytes) const override;
};

/// How many bytes at the start of @p bytes are ASCII.
size_t asciiPrefix(Bytes bytes);

} // namespace burrow
