#include "document/document_layout.h"

#include <cstdlib>

namespace burrow {

namespace {

constexpr int cachedRows = 400; // some screens

} // namespace

DocumentLayout::DocumentLayout(const ViewedDocument& document, const RowFormat& format)
    : m_document(document), m_format(format), m_cache(cachedRows)
{
}

void DocumentLayout::setFormat(const RowFormat& format)
{
    if (format == m_format)
        return;
    m_format = format;
    m_cache.clear();
}

std::shared_ptr<const RowLayout> DocumentLayout::layoutOf(const TextRow& row) const
{
    if (const auto* known = m_cache.object(row.begin.value); known && (*known)->row() == row)
        return *known;
    auto layout = std::make_shared<const RowLayout>(m_document.text(), row, m_format);
    m_cache.insert(row.begin.value, new std::shared_ptr<const RowLayout>(layout));
    return layout;
}

SeenLine DocumentLayout::lineAt(ByteOffset offset) const
{
    SeenLine seen{layoutOf(m_document.rows().rowAt(offset))};
    seen.line = seen.row->lineOf(offset);
    return seen;
}

std::optional<SeenLine> DocumentLayout::lineAfter(const SeenLine& line) const
{
    if (line.line + 1 < line.row->lineCount())
        return SeenLine{line.row, line.line + 1};
    const std::optional<TextRow> row = m_document.rows().rowAfter(line.row->row());
    return row ? std::optional(SeenLine{layoutOf(*row)}) : std::nullopt;
}

std::optional<SeenLine> DocumentLayout::lineBefore(const SeenLine& line) const
{
    if (line.line > 0)
        return SeenLine{line.row, line.line - 1};
    const std::optional<TextRow> row = m_document.rows().rowBefore(line.row->row());
    if (!row)
        return std::nullopt;
    SeenLine before{layoutOf(*row)};
    before.line = before.row->lineCount() - 1;
    return before;
}

/// Where a row is one line, those between need no layout.
SeenLine DocumentLayout::rowBeyond(const SeenLine& line, int count) const
{
    TextRow row = line.row->row();
    for (int i = 0; i < std::abs(count); ++i) {
        const std::optional<TextRow> next
            = count > 0 ? m_document.rows().rowAfter(row) : m_document.rows().rowBefore(row);
        if (!next)
            break;
        row = *next;
    }
    return {layoutOf(row)};
}

SeenLine DocumentLayout::lineBeyond(SeenLine line, int count) const
{
    if (m_format.wrapWidth <= 0)
        return rowBeyond(line, count);
    for (int i = 0; i < std::abs(count); ++i) {
        std::optional<SeenLine> next = count > 0 ? lineAfter(line) : lineBefore(line);
        if (!next)
            break;
        line = std::move(*next);
    }
    return line;
}

} // namespace burrow
