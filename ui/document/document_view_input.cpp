#include "document/document_view.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>
#include <QTimerEvent>

#include <cstdlib>

namespace burrow {

namespace {

constexpr int linesPerNotch = 3;
constexpr qreal unitsPerNotch = 120; // QWheelEvent::angleDelta
constexpr int autoScrollMs = 40;

bool isSelecting(const QKeyEvent& event)
{
    return event.modifiers().testFlag(Qt::ShiftModifier);
}

/// Whether @p event, with or without Shift, is one of the keys for @p moving or @p selecting.
bool isKey(const QKeyEvent& event, QKeySequence::StandardKey moving, QKeySequence::StandardKey selecting)
{
    return event.matches(moving) || event.matches(selecting);
}

} // namespace

void DocumentView::moveCursor(ByteOffset offset, Extend extend)
{
    m_columnX.reset();
    select({extend == Extend::Yes ? m_selection.anchor : offset, offset});
}

void DocumentView::moveVertically(int lines, Extend extend)
{
    const SeenLine from = m_layout->lineAt(m_selection.cursor);
    const qreal x = m_columnX.value_or(from.row->xOf(from.line, m_selection.cursor));
    const SeenLine to = m_layout->lineBeyond(from, lines);
    ByteOffset offset = to.row->offsetAt(to.line, x);
    // Behind the last character of a wrapped line is the next line's begin.
    if (offset == to.end() && to.line + 1 < to.row->lineCount())
        offset = std::max(to.begin(), to.row->before(offset, RowLayout::Step::Character));
    moveCursor(offset, extend);
    m_columnX = x;
}

/// The cursor's place one step to the front or the back, over the ends of rows.
ByteOffset DocumentView::stepBeyond(int direction, RowLayout::Step step) const
{
    const SeenLine line = m_layout->lineAt(m_selection.cursor);
    const TextRow& row = line.row->row();
    if (direction > 0) {
        const ByteOffset next = line.row->after(m_selection.cursor, step);
        return next > m_selection.cursor ? next : std::max(row.next, m_selection.cursor);
    }
    if (m_selection.cursor > row.begin)
        return line.row->before(m_selection.cursor, step);
    const std::optional<TextRow> above = m_document->rows().rowBefore(row);
    if (!above)
        return row.begin;
    // Where the line was only cut, the end of the row above is this very place.
    return above->end < row.begin ? above->end : m_layout->lineAt(above->begin).row->before(above->end, step);
}

std::optional<ByteOffset> DocumentView::cursorTarget(const QKeyEvent& event) const
{
    using Key = QKeySequence;
    using Step = RowLayout::Step;
    if (isKey(event, Key::MoveToNextChar, Key::SelectNextChar))
        return stepBeyond(1, Step::Character);
    if (isKey(event, Key::MoveToPreviousChar, Key::SelectPreviousChar))
        return stepBeyond(-1, Step::Character);
    if (isKey(event, Key::MoveToNextWord, Key::SelectNextWord))
        return stepBeyond(1, Step::Word);
    if (isKey(event, Key::MoveToPreviousWord, Key::SelectPreviousWord))
        return stepBeyond(-1, Step::Word);
    if (isKey(event, Key::MoveToStartOfDocument, Key::SelectStartOfDocument))
        return m_document->text().begin();
    if (isKey(event, Key::MoveToEndOfDocument, Key::SelectEndOfDocument))
        return m_document->text().end();
    const SeenLine line = m_layout->lineAt(m_selection.cursor);
    if (isKey(event, Key::MoveToStartOfLine, Key::SelectStartOfLine))
        return line.begin();
    if (isKey(event, Key::MoveToEndOfLine, Key::SelectEndOfLine)) {
        const bool wrapped = line.line + 1 < line.row->lineCount();
        return wrapped ? line.row->before(line.end(), Step::Character) : line.end();
    }
    return std::nullopt;
}

std::optional<int> DocumentView::verticalTarget(const QKeyEvent& event) const
{
    using Key = QKeySequence;
    if (isKey(event, Key::MoveToNextLine, Key::SelectNextLine))
        return 1;
    if (isKey(event, Key::MoveToPreviousLine, Key::SelectPreviousLine))
        return -1;
    if (isKey(event, Key::MoveToNextPage, Key::SelectNextPage))
        return linesPerPage() - 1;
    if (isKey(event, Key::MoveToPreviousPage, Key::SelectPreviousPage))
        return 1 - linesPerPage();
    return std::nullopt;
}

/// Keys that the view takes are not the window's, as long as it has the focus.
bool DocumentView::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto& key = static_cast<const QKeyEvent&>(*event);
        if (key.matches(QKeySequence::Copy) || key.matches(QKeySequence::SelectAll)) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

void DocumentView::keyPressEvent(QKeyEvent* event)
{
    if (!m_layout)
        return event->ignore();
    const Extend extend = isSelecting(*event) ? Extend::Yes : Extend::No;
    if (event->matches(QKeySequence::Copy))
        copy();
    else if (event->matches(QKeySequence::SelectAll))
        select({m_document->text().end(), m_document->text().begin()});
    else if (event->modifiers() == Qt::ControlModifier && event->key() == Qt::Key_Down)
        scrollLines(1);
    else if (event->modifiers() == Qt::ControlModifier && event->key() == Qt::Key_Up)
        scrollLines(-1);
    else if (const std::optional<int> lines = verticalTarget(*event))
        moveVertically(*lines, extend);
    else if (const std::optional<ByteOffset> target = cursorTarget(*event))
        moveCursor(*target, extend);
    else
        event->ignore();
}

void DocumentView::mousePressEvent(QMouseEvent* event)
{
    if (!m_layout || event->button() != Qt::LeftButton)
        return;
    const bool extend = event->modifiers().testFlag(Qt::ShiftModifier);
    moveCursor(offsetAt(event->pos()), extend ? Extend::Yes : Extend::No);
}

void DocumentView::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_layout || !event->buttons().testFlag(Qt::LeftButton))
        return;
    m_mouse = event->pos();
    m_selection.cursor = offsetAt(m_mouse);
    viewport()->update();
    Q_EMIT selectionChanged();
    const bool outside = !viewport()->rect().contains(m_mouse);
    if (outside && m_selectTimer == 0)
        m_selectTimer = startTimer(autoScrollMs);
}

/// While the mouse selects beyond an edge, the text scrolls under it.
void DocumentView::timerEvent(QTimerEvent* event)
{
    if (event->timerId() != m_selectTimer)
        return QAbstractScrollArea::timerEvent(event);
    if (m_mouse.y() < 0)
        scrollLines(-1 + m_mouse.y() / 20);
    else if (m_mouse.y() > viewport()->height())
        scrollLines(1 + (m_mouse.y() - viewport()->height()) / 20);
    m_selection.cursor = offsetAt(m_mouse);
    viewport()->update();
    Q_EMIT selectionChanged();
}

void DocumentView::mouseReleaseEvent(QMouseEvent*)
{
    if (m_selectTimer != 0)
        killTimer(std::exchange(m_selectTimer, 0));
}

void DocumentView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (m_layout && event->button() == Qt::LeftButton)
        selectWordAt(offsetAt(event->pos()));
}

void DocumentView::selectWordAt(ByteOffset offset)
{
    const SeenLine line = m_layout->lineAt(offset);
    const RowLayout& row = *line.row;
    const ByteOffset next = row.after(offset, RowLayout::Step::Character);
    const ByteOffset begin = row.before(next, RowLayout::Step::Word);
    ByteOffset end = row.after(begin, RowLayout::Step::Word);
    while (end > next && row.shown().at(row.positionOf(end) - 1).isSpace())
        end = row.before(end, RowLayout::Step::Character);
    select({begin, end});
}

void DocumentView::wheelEvent(QWheelEvent* event)
{
    if (!m_layout)
        return;
    if (std::abs(event->angleDelta().x()) > std::abs(event->angleDelta().y())) {
        QScrollBar* const bar = horizontalScrollBar();
        bar->setValue(bar->value() - event->angleDelta().x());
        return;
    }
    m_wheel += event->pixelDelta().isNull() ? event->angleDelta().y() / unitsPerNotch * linesPerNotch
                                            : event->pixelDelta().y() / m_layout->format().pitch;
    const int lines = static_cast<int>(m_wheel);
    m_wheel -= lines;
    scrollLines(-lines);
    event->accept();
}

void DocumentView::contextMenuEvent(QContextMenuEvent* event)
{
    if (!m_layout)
        return;
    QMenu menu(this);
    QAction* const copyAction = menu.addAction(tr("&Copy"), QKeySequence::Copy, this, &DocumentView::copy);
    QAction* const saveAction
        = menu.addAction(tr("&Save Selection As…"), this, &DocumentView::saveSelectionWanted);
    copyAction->setEnabled(!m_selection.isEmpty());
    saveAction->setEnabled(!m_selection.isEmpty());
    menu.addSeparator();
    menu.addAction(tr("Select &All"), QKeySequence::SelectAll, this,
        [this] { select({m_document->text().end(), m_document->text().begin()}); });
    menu.addSeparator();
    menu.addActions(actions());
    menu.exec(event->globalPos());
}

void DocumentView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void DocumentView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace burrow
