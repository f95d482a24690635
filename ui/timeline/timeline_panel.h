#pragma once

#include "trajectory/run_tree.h"

#include <QWidget>

class QHBoxLayout;

namespace burrow {

class ShownRun;
class TimelineView;

/// The timeline and what its bars stand for.
class TimelinePanel : public QWidget {
    Q_OBJECT
public:
    explicit TimelinePanel(ShownRun& run, QWidget* parent = nullptr);

    /// Shows @p bar beside the choice of what the bars stand for.
    void setPlayheadBar(QWidget* bar);
    TimelineView& view() { return *m_view; }

private:
    TimelineView* m_view;
    QHBoxLayout* m_row;
};

} // namespace burrow
