#pragma once

#include "run/shown_run.h"
#include "timeline/bar_layout.h"

#include <QWidget>

namespace burrow {

/// The run as bars: what lasted, or used, how much. The wheel and + and − zoom, dragging and the arrows move,
/// a click selects; on the axis of time it moves the playhead. All of the run is seen at any moment of it:
/// what had not begun by then is faint.
class TimelineView : public QWidget {
    Q_OBJECT
public:
    explicit TimelineView(ShownRun& run, QWidget* parent = nullptr);

    void setMeasure(Measure measure);
    void setCurrent(NodeIndex node);
    NodeIndex nodeAt(QPointF position) const;
    /// The part of the axis that is seen, of its length().
    double scale() const { return m_scale; }
    void zoom(double factor, double aroundX);
    void showAll();

    QSize sizeHint() const override;

Q_SIGNALS:
    void chosen(burrow::NodeIndex node);
    /// The run is to be shown as it was at @p time (since 1970).
    void momentChosen(std::chrono::microseconds time);

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    void beginAnew();
    void layOutSoon();
    void layOut();
    struct Scale;
    void paintRow(QPainter& painter, const Scale& scale, size_t row);
    /// The name stands in the part of the bar from @p from to @p to (pixels), if there is room.
    void paintBar(QPainter& painter, const QRectF& rect, NodeIndex node, double from, double to);
    void paintAxis(QPainter& painter);
    void paintPlayhead(QPainter& painter);
    /// Whether it had begun at the moment that is shown.
    bool isThere(NodeIndex node) const { return int(node) < m_run.tree().size(); }
    const RunTree::Node& nodeOf(NodeIndex node) const
    {
        return (isThere(node) ? m_run.tree() : m_run.whole()).node(node);
    }
    bool isOnTimeAxis(QPointF position) const;
    double toX(double at) const { return (at - m_begin) * pixelsPerUnit(); }
    double toAxis(double x) const { return m_begin + x / pixelsPerUnit(); }
    double pixelsPerUnit() const;
    int rowHeight() const;
    int axisHeight() const;
    void moveTo(double begin);
    void step(int along, int down);
    QString axisText(double at) const;
    QString toolTip(NodeIndex node) const;

    ShownRun& m_run;
    BarLayout m_layout;
    int m_round = 0; ///< of the layouts; what an earlier one gives is out of date
    bool m_isLayingOut = false;
    bool m_isStale = false; ///< the run has changed since the layout began
    Measure m_measure = Measure::Time;
    double m_begin = 0; ///< of what is seen, on the axis
    double m_scale = 1; ///< 1: all is seen; 2: half of it
    NodeIndex m_current = noNode;
    std::optional<QPointF> m_dragged; ///< where the mouse was last
    bool m_hasMoved = false;
    bool m_movesPlayhead = false; ///< the mouse, which is pressed
    QTimer m_layOutTimer;
};

} // namespace burrow
