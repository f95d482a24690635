#pragma once

#include "documents/text_rows.h"

#include <QString>

namespace burrow {

/// A row as it is shown, and which bytes of the document each position in it stands for. Control and other
/// invisible characters are symbols (base/visible_text.h), tabs stay.
class RowText {
public:
    RowText(const OpenText& text, const TextRow& row);

    const TextRow& row() const { return m_row; }
    const QString& shown() const { return m_shown; }

    /// The position in shown() of the character at @p offset, or the nearest one.
    int positionOf(ByteOffset offset) const;
    /// Where the character begins that @p position in shown() belongs to; the row's end behind the last.
    ByteOffset offsetAt(int position) const;

private:
    TextRow m_row;
    QString m_shown;
    std::vector<quint16> m_offsets; ///< from the row's begin, for each position
};

} // namespace burrow
