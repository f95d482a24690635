#include "document/document_view.h"

#include "document/document_view_accessible.h"
#include "document/mark_strip.h"
#include "documents/text_excerpt.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QScopedValueRollback>
#include <QScrollBar>

#include <cmath>
#include <mutex>

namespace burrow {

namespace {

constexpr qint64 largestCopy = qint64(32) << 20; // bytes; a clipboard holds it in memory several times
constexpr int mostBarSteps = 1 << 30;

} // namespace

DocumentView::DocumentView(QWidget* parent) : QAbstractScrollArea(parent), m_strip(new MarkStrip(this))
{
    static std::once_flag once;
    std::call_once(once, makeDocumentViewsAccessible);
    setAccessibleName(tr("Document"));
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    verticalScrollBar()->setAccessibleName(tr("Position in the document"));
    horizontalScrollBar()->setAccessibleName(tr("Position in the lines"));
    connect(verticalScrollBar(), &QScrollBar::actionTriggered, this, &DocumentView::onBarAction);
    connect(m_strip, &MarkStrip::chosen, this, &DocumentView::goTo);
}

DocumentView::~DocumentView() = default;

void DocumentView::setDocument(const ViewedDocument* document)
{
    if (m_document)
        m_document->disconnect(viewport());
    m_document = document;
    m_matches = nullptr;
    m_layout.reset();
    setCoverage(nullptr);
    m_widest = 0;
    m_columnX.reset();
    if (document) {
        m_layout.emplace(*document, RowFormat::of(font(), 0));
        connect(document, &ViewedDocument::linesCounted, viewport(), qOverload<>(&QWidget::update));
        connect(document, &ViewedDocument::stateChanged, viewport(), qOverload<>(&QWidget::update));
        m_top = document->text().begin();
    }
    m_selection = {m_top, m_top};
    updateFormat();
    Q_EMIT selectionChanged();
}

void DocumentView::setWrap(Wrap wrap)
{
    m_wrap = wrap;
    updateFormat();
}

void DocumentView::setMatches(const std::vector<TextMatch>* matches)
{
    m_matches = matches;
    viewport()->update();
}

void DocumentView::setCoverage(std::shared_ptr<const DocumentCoverage> coverage)
{
    m_coverage = std::move(coverage);
    m_strip->setCoverage(m_coverage);
    const bool hasMarks = m_coverage && (!m_coverage->places.empty() || !m_coverage->cited.empty());
    if (hasMarks == m_strip->isHidden()) {
        m_strip->setVisible(hasMarks);
        setViewportMargins(0, 0, hasMarks ? MarkStrip::breadth : 0, 0);
    }
    placeStrip();
    viewport()->update();
}

/// Between the text and the scroll bar.
void DocumentView::placeStrip()
{
    const QRect text = viewport()->geometry();
    m_strip->setGeometry(text.right() + 1, text.top(), MarkStrip::breadth, text.height());
}

/// What the layout depends on may have changed: the font, the width, the wrapping.
void DocumentView::updateFormat()
{
    viewport()->update();
    if (!m_layout)
        return;
    const qreal width = std::max(40.0, viewport()->width() - textLeft());
    const RowFormat format = RowFormat::of(font(), m_wrap == Wrap::On ? width : 0);
    if (format != m_layout->format())
        m_widest = 0;
    m_layout->setFormat(format);
    const SeenLine last = m_layout->lineAt(m_document->text().end());
    m_lastTop = m_layout->lineBeyond(last, 1 - linesPerPage()).begin();
    setTop(m_top);
}

int DocumentView::linesPerPage() const
{
    const qreal pitch = m_layout ? m_layout->format().pitch : 1;
    return std::max(1, static_cast<int>(viewport()->height() / pitch));
}

std::vector<SeenLine> DocumentView::visibleLines() const
{
    std::vector<SeenLine> lines;
    if (!m_layout)
        return lines;
    const int count = static_cast<int>(std::ceil(viewport()->height() / m_layout->format().pitch));
    lines.push_back(m_layout->lineAt(m_top));
    while (std::ssize(lines) < count) {
        std::optional<SeenLine> next = m_layout->lineAfter(lines.back());
        if (!next)
            break;
        lines.push_back(std::move(*next));
    }
    return lines;
}

QString DocumentView::visibleText() const
{
    QString text;
    for (const SeenLine& line : visibleLines()) {
        const qsizetype begin = line.row->positionOf(line.begin()), end = line.row->positionOf(line.end());
        text += line.row->shown().sliced(begin, end - begin) + u'\n';
    }
    text.chop(1);
    return text;
}

void DocumentView::setTop(ByteOffset top)
{
    if (!m_layout)
        return;
    m_top = m_layout->lineAt(std::min(top, m_lastTop)).begin();
    updateBars();
    viewport()->update();
}

void DocumentView::scrollLines(int count)
{
    if (m_layout)
        setTop(m_layout->lineBeyond(m_layout->lineAt(m_top), count).begin());
}

/// The bars move in bytes, by steps of 2^n of them where there are too many for an int.
int DocumentView::barValue(ByteOffset offset) const
{
    const OpenText& text = m_document->text();
    const qint64 step = (text.end() - text.begin()).value / mostBarSteps + 1;
    return static_cast<int>((offset - text.begin()).value / step);
}

ByteOffset DocumentView::offsetOf(int barValue) const
{
    const OpenText& text = m_document->text();
    const qint64 step = (text.end() - text.begin()).value / mostBarSteps + 1;
    return text.begin() + ByteOffset{barValue * step};
}

void DocumentView::updateBars()
{
    const QScopedValueRollback<bool> updating(m_updatingBars, true);
    const std::vector<SeenLine> lines = visibleLines();
    for (const SeenLine& line : lines)
        m_widest = std::max(m_widest, line.row->width());
    QScrollBar* const vertical = verticalScrollBar();
    const ByteOffset shown = lines.back().row->row().next - m_top;
    vertical->setPageStep(std::max(1, barValue(m_document->text().begin() + shown)));
    vertical->setSingleStep(1);
    vertical->setRange(0, barValue(m_lastTop));
    if (!vertical->isSliderDown())
        vertical->setValue(barValue(m_top));
    QScrollBar* const horizontal = horizontalScrollBar();
    const auto width = static_cast<int>(viewport()->width() - textLeft());
    const int beyond = m_wrap == Wrap::On ? 0 : static_cast<int>(std::ceil(m_widest)) + 1 - width;
    horizontal->setPageStep(std::max(1, width));
    horizontal->setSingleStep(static_cast<int>(m_layout->format().tabWidth));
    horizontal->setRange(0, std::max(0, beyond));
}

/// A step of the bar is a line or a page, not a number of bytes.
void DocumentView::onBarAction(int action)
{
    if (!m_layout)
        return;
    switch (action) {
    case QAbstractSlider::SliderSingleStepAdd:
        scrollLines(1);
        break;
    case QAbstractSlider::SliderSingleStepSub:
        scrollLines(-1);
        break;
    case QAbstractSlider::SliderPageStepAdd:
        scrollLines(linesPerPage() - 1);
        break;
    case QAbstractSlider::SliderPageStepSub:
        scrollLines(1 - linesPerPage());
        break;
    default:
        return;
    }
    verticalScrollBar()->setSliderPosition(barValue(m_top));
}

void DocumentView::scrollContentsBy(int, int)
{
    viewport()->update();
    if (!m_layout || m_updatingBars)
        return;
    // Several tops may share a value; only a value of another top is a wish to be there.
    if (const int value = verticalScrollBar()->value(); value != barValue(m_top)) {
        const bool atEnd = value == verticalScrollBar()->maximum();
        setTop(atEnd ? m_lastTop : offsetOf(value));
    }
}

void DocumentView::select(const Selection& selection)
{
    m_selection = selection;
    scrollToCursor();
    viewport()->update();
    tellCursorMoved(*this);
    Q_EMIT selectionChanged();
}

void DocumentView::goTo(ByteOffset offset)
{
    if (!m_layout)
        return;
    const OpenText& text = m_document->text();
    const ByteOffset place = std::clamp(offset, text.begin(), text.end());
    setTop(m_layout->lineBeyond(m_layout->lineAt(place), -linesPerPage() / 3).begin());
    m_columnX.reset();
    select({place, place});
}

void DocumentView::scrollToCursor()
{
    if (!m_layout)
        return;
    const SeenLine line = m_layout->lineAt(m_selection.cursor);
    const SeenLine top = m_layout->lineAt(m_top);
    if (line.begin() < top.begin())
        setTop(line.begin());
    else if (line.begin() > m_layout->lineBeyond(top, linesPerPage() - 1).begin())
        setTop(m_layout->lineBeyond(line, 1 - linesPerPage()).begin());
    if (m_wrap == Wrap::On)
        return;
    m_widest = std::max(m_widest, line.row->width());
    updateBars();
    const auto x = static_cast<int>(line.row->xOf(line.line, m_selection.cursor));
    const int left = horizontalScrollBar()->value();
    const auto width = static_cast<int>(viewport()->width() - textLeft());
    if (x < left || x > left + width - 2)
        horizontalScrollBar()->setValue(x - width / 3);
}

void DocumentView::copy()
{
    if (!m_document || m_selection.isEmpty())
        return;
    if ((m_selection.end() - m_selection.begin()).value > largestCopy) {
        Q_EMIT tooLargeToCopy();
        return;
    }
    if (const auto text = textBetween(m_document->text(), m_selection.begin(), m_selection.end()))
        QGuiApplication::clipboard()->setText(*text);
}

void DocumentView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    placeStrip();
    updateFormat();
}

void DocumentView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateFormat();
}

} // namespace burrow
