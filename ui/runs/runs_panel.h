#pragma once

#include "runs/runs_model.h"

#include <QWidget>

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

Q_SIGNALS:
    void chosen(const QString& path, int branch);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QString m_folder;
    RunsModel m_model;
    QTreeView* m_tree;
};

} // namespace burrow
