#pragma once

#include "documents/line_breaks.h"
#include "documents/open_text.h"

namespace burrow {

/// A line, or a part of about 4 KiB of one that is longer.
struct TextRow {
    ByteOffset begin;
    ByteOffset end; ///< of its text; a line break follows, or the next part
    ByteOffset next; ///< where the next row begins, if there is one

    friend bool operator==(const TextRow&, const TextRow&) = default;
};

/// Takes a document apart into rows that are short enough to be laid out. The rows around a place are found
/// by looking at some KiB around it, so this needs no index, and a line of any length costs nothing.
class TextRows {
public:
    explicit TextRows(const OpenText& text);

    /// The row that @p offset is in; the nearest one where it is outside the text.
    TextRow rowAt(ByteOffset offset) const;
    std::optional<TextRow> rowAfter(const TextRow& row) const;
    std::optional<TextRow> rowBefore(const TextRow& row) const;

    /// Whether a line begins at the row, rather than a further part of one.
    bool beginsLine(const TextRow& row) const;

private:
    std::optional<ByteOffset> cutAt(qint64 nominal) const;
    ByteOffset rowBegin(ByteOffset offset) const;
    TextRow rowFrom(ByteOffset begin) const;

    const OpenText& m_text;
    LineBreaks m_breaks;
};

} // namespace burrow
