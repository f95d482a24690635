#pragma once

#include "documents/open_text.h"

#include <vector>

namespace burrow {

/// A stretch of a document as UTF-8: its own bytes, or what they become. Private to core/documents.
class Utf8Stretch {
public:
    Utf8Stretch(const OpenText& text, ByteOffset from, ByteOffset to);

    Bytes utf8() const { return m_isSource ? m_source : asBytes(m_converted); }

    size_t inUtf8(ByteOffset at) const;
    ByteOffset inDocument(size_t at) const;

private:
    const std::vector<PlacedCharacter>& places() const;
    size_t charactersBefore(size_t at) const;

    const OpenText& m_text;
    ByteOffset m_from;
    Bytes m_source;
    bool m_isSource;
    QByteArray m_converted;
    mutable std::vector<PlacedCharacter> m_places;
    mutable std::vector<size_t> m_counts; ///< of the characters before each block of m_converted
};

} // namespace burrow
