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
    /// Cheap where it is asked with growing @p at.
    ByteOffset inDocument(size_t at);

private:
    const std::vector<PlacedCharacter>& places() const;

    const OpenText& m_text;
    ByteOffset m_from;
    Bytes m_source;
    bool m_isSource;
    QByteArray m_converted;
    mutable std::vector<PlacedCharacter> m_places;
    size_t m_counted = 0; ///< bytes of m_converted that m_characters begin in
    size_t m_characters = 0;
};

} // namespace burrow
