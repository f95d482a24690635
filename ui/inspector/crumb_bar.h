#pragma once

#include "trajectory/run_tree.h"

#include <QWidget>

class QHBoxLayout;

namespace burrow {

class ShownRun;

/// The way from the question down to a node; each step is a button that selects it.
class CrumbBar : public QWidget {
    Q_OBJECT
public:
    explicit CrumbBar(ShownRun& run, QWidget* parent = nullptr);

    void setNode(NodeIndex node);

Q_SIGNALS:
    void chosen(burrow::NodeIndex node);

private:
    ShownRun& m_run;
    QHBoxLayout* m_row;
};

} // namespace burrow
