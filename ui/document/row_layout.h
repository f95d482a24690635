#pragma once

#include "document/row_text.h"

#include <QTextLayout>

namespace burrow {

/// How rows are laid out.
struct RowFormat {
    QFont font;
    qreal wrapWidth = 0; ///< pixels; 0: a row is one line, however wide
    qreal tabWidth = 0; ///< pixels
    qreal pitch = 0; ///< pixels from one line to the next
    qreal baseline = 0; ///< pixels below the top of a line

    static RowFormat of(const QFont& font, qreal wrapWidth);
    friend bool operator==(const RowFormat&, const RowFormat&) = default;
};

/// A row, laid out in one line or more; every script as it is written. Positions are offsets into the
/// document, points are pixels from the row's top left.
class RowLayout {
public:
    enum class Step { Character, Word };

    RowLayout(const OpenText& text, const TextRow& row, const RowFormat& format);

    const TextRow& row() const { return m_text.row(); }
    const QString& shown() const { return m_text.shown(); }
    int lineCount() const { return m_layout.lineCount(); }
    qreal width() const;

    int positionOf(ByteOffset offset) const { return m_text.positionOf(offset); } ///< in shown()
    ByteOffset offsetOf(int position) const { return m_text.offsetAt(position); }
    int lineOf(ByteOffset offset) const;
    ByteOffset lineBegin(int line) const;
    ByteOffset lineEnd(int line) const;

    ByteOffset offsetAt(int line, qreal x) const;
    qreal xOf(int line, ByteOffset offset) const;
    /// The next place for a cursor; the row's own end where there is none.
    ByteOffset after(ByteOffset offset, Step step) const;
    ByteOffset before(ByteOffset offset, Step step) const;

    /// A part of the row with other colours.
    struct Mark {
        ByteOffset begin, end;
        QTextCharFormat format;
    };
    /// Draws @p count lines from @p first on; the first one's top left is at @p origin.
    void draw(QPainter& painter, int first, int count, QPointF origin, const std::vector<Mark>& marks) const;
    void drawCursor(QPainter& painter, int line, QPointF origin, ByteOffset offset) const;

private:
    QTextLine lineFor(int line) const { return m_layout.lineAt(line); }

    RowText m_text;
    RowFormat m_format;
    QTextLayout m_layout;
};

} // namespace burrow
