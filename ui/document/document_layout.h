#pragma once

#include "document/row_layout.h"
#include "document/viewed_document.h"

#include <QCache>

namespace burrow {

/// A line as it is seen: one of those that a row is laid out in. Good until the format changes.
struct SeenLine {
    std::shared_ptr<const RowLayout> row;
    int line = 0;

    ByteOffset begin() const { return row->lineBegin(line); }
    ByteOffset end() const { return row->lineEnd(line); }
};

/// The lines of a document as they are seen, laid out when somebody asks for them.
class DocumentLayout {
public:
    DocumentLayout(const ViewedDocument& document, const RowFormat& format);

    const RowFormat& format() const { return m_format; }
    void setFormat(const RowFormat& format);

    SeenLine lineAt(ByteOffset offset) const;
    std::optional<SeenLine> lineAfter(const SeenLine& line) const;
    std::optional<SeenLine> lineBefore(const SeenLine& line) const;
    /// The line @p count lines below @p line, above it where that is negative; the last or first at most.
    SeenLine lineBeyond(SeenLine line, int count) const;

private:
    std::shared_ptr<const RowLayout> layoutOf(const TextRow& row) const;
    SeenLine rowBeyond(const SeenLine& line, int count) const;

    const ViewedDocument& m_document;
    RowFormat m_format;
    mutable QCache<qint64, std::shared_ptr<const RowLayout>> m_cache;
};

} // namespace burrow
