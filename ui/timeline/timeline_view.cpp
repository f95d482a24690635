#include "timeline/timeline_view.h"

#include "base/clock.h"
#include "base/quantities.h"
#include "look/look.h"
#include "run/background.h"
#include "trajectory/node_words.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr double deepestZoom = 1e6;
constexpr double zoomStep = 1.25;
constexpr double narrowest = 1.0; ///< pixels; what is narrower is drawn together

/// At least @p least, and a round number; of times above a minute one that is round on a clock.
double stepFor(double least, Measure measure)
{
    constexpr double clockSteps[] = {60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
    if (measure == Measure::Time && least > 50 && least <= std::ranges::max(clockSteps))
        return *std::ranges::lower_bound(clockSteps, least);
    const double power = std::pow(10, std::floor(std::log10(least)));
    return power * (least / power > 5 ? 10 : least / power > 2 ? 5 : least / power > 1 ? 2 : 1);
}

} // namespace

TimelineView::TimelineView(ShownRun& run, QWidget* parent) : QWidget(parent), m_run(run)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("Timeline of the run"));
    setMinimumHeight(60);
    m_layOutTimer.setSingleShot(true);
    connect(&m_layOutTimer, &QTimer::timeout, this, &TimelineView::layOut);
    connect(&m_run, &ShownRun::changed, this, &TimelineView::layOutSoon);
    connect(&m_run, &ShownRun::wholeWasReset, this, &TimelineView::beginAnew);
    connect(&m_run, &ShownRun::moved, this, qOverload<>(&QWidget::update));
    connect(&m_run, &ShownRun::wasReset, this, qOverload<>(&QWidget::update));
}

void TimelineView::beginAnew()
{
    m_layout = {};
    m_isLayingOut = false;
    ++m_round;
    m_current = noNode;
    m_scale = 1;
    m_begin = 0;
    layOut();
}

QSize TimelineView::sizeHint() const
{
    return {600, axisHeight() + 6 * (fontMetrics().height() + 4)};
}

/// All rows fit: those of a deep run are low, and say their names in tooltips alone.
int TimelineView::rowHeight() const
{
    constexpr int lowest = 3;
    const int rows = int(m_layout.rows().size());
    const int most = fontMetrics().height() + 4;
    return rows == 0 ? most : qBound(lowest, (height() - axisHeight()) / rows, most);
}

int TimelineView::axisHeight() const
{
    return fontMetrics().height() + 6;
}

void TimelineView::setMeasure(Measure measure)
{
    m_measure = measure;
    showAll();
    layOut();
}

/// A large run is not laid out anew with each of its events: that would keep a processor busy.
void TimelineView::layOutSoon()
{
    if (m_run.isAtMoment())
        return update(); // the whole stays as it is
    m_isStale = m_isLayingOut;
    if (m_layOutTimer.isActive() || m_isLayingOut)
        return;
    const int size = m_run.whole().size();
    m_layOutTimer.start(size < 20'000 ? 100ms : size < 200'000 ? 1000ms : 5000ms);
}

void TimelineView::layOut()
{
    if (!isVisible() && !m_layout.rows().empty())
        return;
    const RunTree& tree = m_run.whole();
    const auto now = m_run.isFollowing() ? SystemClock().now() : tree.lastEvent();
    m_isLayingOut = true;
    inBackground(
        QThreadPool::globalInstance(), this,
        [nodes = tree.nodes(), measure = m_measure, now] { return BarLayout(nodes, measure, now); },
        [this, round = ++m_round](BarLayout layout) {
            if (round != m_round)
                return;
            m_isLayingOut = false;
            m_layout = std::move(layout);
            update();
            if (std::exchange(m_isStale, false))
                layOutSoon();
        });
}

double TimelineView::pixelsPerUnit() const
{
    return m_layout.length() > 0 ? width() * m_scale / m_layout.length() : 1;
}

/// What places bars, worked out once for all that are painted.
struct TimelineView::Scale {
    double begin, pixelsPerUnit;
    int top, rowHeight;

    double x(double at) const { return (at - begin) * pixelsPerUnit; }
    QRectF rectOf(const Bar& bar, size_t row) const
    {
        const double left = x(bar.begin);
        return {left, top + double(row) * rowHeight, qMax(narrowest, x(bar.end) - left), rowHeight - 1.0};
    }
};

void TimelineView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (m_layout.length() <= 0) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(rect(), Qt::AlignCenter,
            m_measure == Measure::Time ? tr("What runs appears here as bars.")
                                       : tr("Nothing of this was used so far."));
        return;
    }
    const Scale scale{m_begin, pixelsPerUnit(), axisHeight(), rowHeight()};
    for (size_t row = 0; row < m_layout.rows().size(); ++row)
        paintRow(painter, scale, row);
    painter.setOpacity(1);
    paintAxis(painter);
    paintPlayhead(painter);
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void TimelineView::paintRow(QPainter& painter, const Scale& scale, size_t row)
{
    const std::vector<Bar>& bars = m_layout.rows()[row];
    const double end = toAxis(width());
    double drawnUpTo = -1;
    double coveredUpTo = -1; // by bars before: calls in flight together lie on one another
    for (size_t i = m_layout.firstBehind(row, m_begin); i < bars.size() && bars[i].begin <= end;) {
        const QRectF bar = scale.rectOf(bars[i], row);
        // Bars under a pixel that begin on one pixel are one.
        const bool isNarrow = bar.width() <= narrowest;
        if (isNarrow && bar.left() < drawnUpTo) {
            ++i;
            continue;
        }
        if (bars[i].node != m_current) {
            const double next = i + 1 < bars.size() ? scale.x(bars[i + 1].begin) : bar.right();
            paintBar(painter, bar, bars[i].node, coveredUpTo, next);
        }
        coveredUpTo = qMax(coveredUpTo, bar.right());
        if (isNarrow)
            drawnUpTo = std::floor(bar.left()) + 1;
        i = isNarrow ? m_layout.nextBehind(row, i, toAxis(drawnUpTo)) : i + 1;
    }
    // Last, so that no neighbour hides it.
    if (const Bar* const current = m_layout.barOf(m_current, row))
        paintBar(painter, scale.rectOf(*current, row), m_current, 0, width());
}

void TimelineView::paintBar(QPainter& painter, const QRectF& bar, NodeIndex index, double from, double to)
{
    const RunTree::Node& node = nodeOf(index);
    const look::Colours& colours = look::colours(palette());
    const ShownState state = shownState(node);
    painter.setOpacity(isThere(index) ? 1 : 0.35);
    QColor colour = node.kind == NodeKind::Cell ? colours.ok
        : node.kind == NodeKind::Rlm            ? colours.muted
                                                : colours.live;
    if (state == ShownState::Failed || state == ShownState::Unknown)
        colour = colours.failed;
    QColor fill = colour;
    fill.setAlphaF(index == m_current ? 0.55F : 0.22F);
    painter.fillRect(bar, fill);
    if (bar.width() < 3)
        return;
    painter.setPen(index == m_current ? palette().color(QPalette::Text) : colour);
    painter.drawRect(bar.adjusted(0, 0, -1, -1));
    // Not by colour alone.
    if (colour == colours.failed)
        painter.fillRect(bar, QBrush(colour, Qt::BDiagPattern));
    QRectF inside = bar.intersected(rect());
    inside.setLeft(qMax(inside.left(), from));
    inside.setRight(qMin(inside.right(), to));
    inside.adjust(4, 0, -2, 0);
    if (inside.width() < 24 || inside.height() < fontMetrics().height())
        return;
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(inside, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
        fontMetrics().elidedText(nameOf(node), Qt::ElideRight, int(inside.width())));
}

void TimelineView::paintAxis(QPainter& painter)
{
    painter.fillRect(0, 0, width(), axisHeight() - 2, palette().color(QPalette::AlternateBase));
    painter.setPen(palette().color(QPalette::PlaceholderText));
    // About a mark for each 120 pixels.
    const double step = stepFor(120 / pixelsPerUnit(), m_measure);
    for (double at = std::ceil(m_begin / step) * step; toX(at) < width(); at += step) {
        const int x = int(toX(at));
        painter.drawLine(x, axisHeight() - 6, x, axisHeight() - 2);
        // A part of a number is another number.
        if (const QString text = axisText(at); x + 3 + fontMetrics().horizontalAdvance(text) <= width())
            painter.drawText(x + 3, fontMetrics().ascent() + 2, text);
    }
}

void TimelineView::paintPlayhead(QPainter& painter)
{
    if (!m_run.isAtMoment() || m_measure != Measure::Time)
        return;
    const double x = toX(m_layout.axis().place(m_run.tree().lastEvent()));
    const QColor colour = palette().color(QPalette::Highlight);
    painter.fillRect(QRectF(x - 1, 0, 2, height()), colour);
    // A handle on the axis, where it is taken.
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    const double top = axisHeight() - 2;
    painter.drawPolygon(QPolygonF{{x - 5, top - 7}, {x + 5, top - 7}, {x, top}});
    painter.setBrush(Qt::NoBrush);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

QString TimelineView::axisText(double at) const
{
    switch (m_measure) {
    case Measure::Time:
        return formatDuration(std::chrono::microseconds(std::llround(at * 1e6)));
    case Measure::Tokens:
        return tr("%1 tokens").arg(formatCount(std::llround(at)));
    case Measure::Money:
        return formatMoney(MicroUsd{std::llround(at * 1e6)});
    }
    return {};
}

void TimelineView::setCurrent(NodeIndex node)
{
    if (node == m_current)
        return;
    m_current = node;
    update();
}

NodeIndex TimelineView::nodeAt(QPointF position) const
{
    const double row = std::floor((position.y() - axisHeight()) / rowHeight());
    if (row < 0 || row >= double(m_layout.rows().size()))
        return noNode;
    return m_layout.at(size_t(row), toAxis(position.x()));
}

bool TimelineView::isOnTimeAxis(QPointF position) const
{
    return m_measure == Measure::Time && position.y() < axisHeight() && m_layout.length() > 0;
}

void TimelineView::zoom(double factor, double aroundX)
{
    const double fixed = toAxis(aroundX);
    m_scale = std::clamp(m_scale * factor, 1.0, deepestZoom);
    moveTo(fixed - aroundX / pixelsPerUnit());
}

void TimelineView::showAll()
{
    m_scale = 1;
    moveTo(0);
}

void TimelineView::moveTo(double begin)
{
    m_begin = std::clamp(begin, 0.0, m_layout.length() * (1 - 1 / m_scale));
    update();
}

void TimelineView::wheelEvent(QWheelEvent* event)
{
    if (event->modifiers().testFlag(Qt::ShiftModifier) || event->angleDelta().y() == 0)
        moveTo(m_begin - (event->angleDelta().x() + event->angleDelta().y()) / pixelsPerUnit());
    else
        zoom(std::pow(zoomStep, event->angleDelta().y() / 120.0), event->position().x());
    event->accept();
}

void TimelineView::mousePressEvent(QMouseEvent* event)
{
    m_movesPlayhead = event->button() == Qt::LeftButton && isOnTimeAxis(event->position());
    if (m_movesPlayhead) {
        Q_EMIT momentChosen(m_layout.axis().time(toAxis(event->position().x())));
        return;
    }
    m_dragged = event->position();
    m_hasMoved = false;
}

void TimelineView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_movesPlayhead) {
        Q_EMIT momentChosen(m_layout.axis().time(toAxis(event->position().x())));
        return;
    }
    setCursor(isOnTimeAxis(event->position()) ? Qt::SizeHorCursor : Qt::ArrowCursor);
    if (!m_dragged)
        return;
    m_hasMoved = m_hasMoved || (event->position() - *m_dragged).manhattanLength() > 4;
    if (!m_hasMoved)
        return;
    moveTo(m_begin - (event->position().x() - m_dragged->x()) / pixelsPerUnit());
    m_dragged = event->position();
}

void TimelineView::mouseReleaseEvent(QMouseEvent* event)
{
    const bool isClick = m_dragged && !m_hasMoved;
    m_dragged.reset();
    m_movesPlayhead = false;
    if (!isClick)
        return;
    // What had not begun yet has nothing to be shown.
    if (const NodeIndex node = nodeAt(event->position()); node != noNode && isThere(node)) {
        setCurrent(node);
        Q_EMIT chosen(node);
    }
}

void TimelineView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(zoomStep, width() / 2.0);
    case Qt::Key_Minus:
        return zoom(1 / zoomStep, width() / 2.0);
    case Qt::Key_0:
    case Qt::Key_Home:
        return showAll();
    case Qt::Key_Left:
        return step(-1, 0);
    case Qt::Key_Right:
        return step(1, 0);
    case Qt::Key_Up:
        return step(0, -1);
    case Qt::Key_Down:
        return step(0, 1);
    default:
        QWidget::keyPressEvent(event);
    }
}

/// To the neighbour in the tree: sibling, parent or first child.
void TimelineView::step(int along, int down)
{
    const RunTree& tree = m_run.tree();
    if (tree.size() == 0)
        return;
    NodeIndex next = noNode;
    if (m_current == noNode || !isThere(m_current)) {
        next = tree.roots().back();
    } else {
        const RunTree::Node& node = tree.node(m_current);
        const std::vector<NodeIndex>& siblings
            = node.parent == noNode ? tree.roots() : tree.node(node.parent).children;
        const int row = node.row + along;
        if (along != 0 && row >= 0 && size_t(row) < siblings.size())
            next = siblings[size_t(row)];
        else if (down < 0)
            next = node.parent;
        else if (down > 0 && !node.children.empty())
            next = node.children.front();
    }
    if (next == noNode)
        return;
    setCurrent(next);
    Q_EMIT chosen(next);
}

bool TimelineView::event(QEvent* event)
{
    if (event->type() == QEvent::Show)
        layOut();
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto* const help = static_cast<QHelpEvent*>(event);
    const NodeIndex node = nodeAt(help->pos());
    QToolTip::showText(help->globalPos(),
        isOnTimeAxis(help->pos()) ? tr("Click to show the run as it was then")
            : node == noNode      ? QString()
                                  : toolTip(node),
        this);
    return true;
}

QString TimelineView::toolTip(NodeIndex index) const
{
    const RunTree::Node& node = nodeOf(index);
    const Totals& used = node.subtree;
    QString text
        = QStringLiteral("%1: %2\n%3 · %4 tokens · %5")
              .arg(nameOf(node), wordFor(shownState(node)), formatDuration(durationOf(node, m_run.now())),
                  formatCount(used.inputTokens + used.outputTokens, used.estimatedTokens),
                  formatMoney(used.spent, used.estimated));
    if (!isThere(index))
        text += QLatin1Char('\n') + tr("It had not begun at the moment that is shown.");
    return text.toHtmlEscaped();
}

} // namespace burrow
