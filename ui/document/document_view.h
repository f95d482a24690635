#pragma once

#include "document/document_coverage.h"
#include "document/document_layout.h"
#include "documents/text_search.h"

#include <QAbstractScrollArea>

namespace burrow {

class MarkStrip;

/// Shows a document of any size, and touches only what is visible. Where it is, is an offset in bytes, so
/// that nothing waits for lines to be counted. Read only; with a cursor and a selection.
class DocumentView : public QAbstractScrollArea {
    Q_OBJECT
public:
    enum class Wrap { Off, On };
    struct Selection {
        ByteOffset anchor, cursor;

        ByteOffset begin() const { return std::min(anchor, cursor); }
        ByteOffset end() const { return std::max(anchor, cursor); }
        bool isEmpty() const { return anchor == cursor; }
    };

    explicit DocumentView(QWidget* parent = nullptr);
    ~DocumentView() override;

    /// @p document must outlive its being shown; null shows nothing.
    void setDocument(const ViewedDocument* document);
    const ViewedDocument* document() const { return m_document; }

    void setWrap(Wrap wrap);
    /// Where the search found something, in order. @p matches must outlive its being shown, and may grow.
    void setMatches(const std::vector<TextMatch>* matches);

    /// What a run read and cites of the document; null where that is not known.
    void setCoverage(std::shared_ptr<const DocumentCoverage> coverage);
    const std::shared_ptr<const DocumentCoverage>& coverage() const { return m_coverage; }

    const Selection& selection() const { return m_selection; }
    /// Selects, and scrolls so that the cursor can be seen.
    void select(const Selection& selection);
    /// Puts the cursor at @p offset and that into the upper third of the view.
    void goTo(ByteOffset offset);
    ByteOffset top() const { return m_top; }
    void scrollLines(int count);

    /// What is shown, as text: a line for each line.
    QString visibleText() const;
    /// The lines on the screen, from the top.
    std::vector<SeenLine> visibleLines() const;
    QRect cursorRect() const;
    /// The place that is at @p point of the viewport.
    ByteOffset offsetAt(QPoint point) const;

    /// Copies the selection; what is too large for that stays, and tooLargeToCopy() says so.
    void copy();

Q_SIGNALS:
    void selectionChanged();
    void tooLargeToCopy();
    void saveSelectionWanted();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void timerEvent(QTimerEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    enum class Extend { No, Yes };

    int linesPerPage() const;
    qreal gutterWidth() const;
    qreal textLeft() const;
    void updateFormat();
    void updateBars();
    void setTop(ByteOffset top);
    int barValue(ByteOffset offset) const;
    ByteOffset offsetOf(int barValue) const;
    void onBarAction(int action);

    void moveCursor(ByteOffset offset, Extend extend);
    void moveVertically(int lines, Extend extend);
    std::optional<ByteOffset> cursorTarget(const QKeyEvent& event) const;
    std::optional<int> verticalTarget(const QKeyEvent& event) const;
    ByteOffset stepBeyond(int direction, RowLayout::Step step) const;
    void scrollToCursor();
    void selectWordAt(ByteOffset offset);

    void paintLines(QPainter& painter) const;
    void paintGutter(QPainter& painter, const std::vector<SeenLine>& lines) const;
    void placeStrip();
    std::vector<RowLayout::Mark> marksOf(const TextRow& row) const;
    static bool hasPlace(const std::vector<TextMatch>& places, const SeenLine& line);

    const ViewedDocument* m_document = nullptr;
    std::optional<DocumentLayout> m_layout;
    const std::vector<TextMatch>* m_matches = nullptr;
    std::shared_ptr<const DocumentCoverage> m_coverage;
    MarkStrip* m_strip;
    Wrap m_wrap = Wrap::Off;
    ByteOffset m_top; ///< where the first line on the screen begins
    ByteOffset m_lastTop; ///< the lowest top: the last line is at the bottom then
    Selection m_selection;
    std::optional<qreal> m_columnX; ///< where moving up and down would like to be
    qreal m_widest = 0; ///< line seen so far, in pixels
    bool m_updatingBars = false;
    qreal m_wheel = 0; ///< lines not scrolled yet
    int m_selectTimer = 0;
    QPoint m_mouse;
};

} // namespace burrow
