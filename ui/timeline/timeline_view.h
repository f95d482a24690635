#pragma once

#include "run/shown_run.h"
#include "timeline/bar_layout.h"

#include <QWidget>

namespace burrow {

/// The run as bars: what lasted, or used, how much. The wheel and + and − zoom, dragging and the arrows move,
/// a click selects.
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

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    void layOutSoon();
    void layOut();
    struct Scale;
    void paintRow(QPainter& painter, const Scale& scale, size_t row);
    enum class Label { Shown, Hidden };
    void paintBar(QPainter& painter, const QRectF& rect, NodeIndex node, Label label);
    void paintAxis(QPainter& painter);
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
    QTimer m_layOutTimer;
};

} // namespace burrow
