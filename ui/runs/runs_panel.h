#pragma once

#include "compare/branch_comparison.h"
#include "runs/runs_model.h"

#include <QWidget>

class QAction;
class QTreeView;

namespace burrow {

/// All runs of this person, to be shown again.
class RunsPanel : public QWidget {
    Q_OBJECT
public:
    explicit RunsPanel(QString folder, QWidget* parent = nullptr);

    void refresh();
    QTreeView* tree() const { return m_tree; }
    RunsModel& model() { return m_model; }
    /// Works where two runs or branches are selected.
    QAction* compareAction() const { return m_compare; }

Q_SIGNALS:
    void chosen(const QString& path, int branch);
    void wantsComparison(const burrow::RunBranch& left, const burrow::RunBranch& right);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void compareSelected();

    QString m_folder;
    RunsModel m_model;
    QTreeView* m_tree;
    QAction* m_compare;
};

} // namespace burrow
