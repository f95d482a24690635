#pragma once

#include "run/shown_run.h"

#include <QWidget>

class QProgressBar;
class QTreeWidget;
class QTreeWidgetItem;
class QVBoxLayout;

namespace burrow {

/// What the run spent, by model and by depth, and how far it is from its limits.
class MoneyPanel : public QWidget {
    Q_OBJECT
public:
    explicit MoneyPanel(ShownRun& run, QWidget* parent = nullptr);

    QTreeWidget* table() const { return m_table; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refreshSoon();
    void refresh();
    void refreshTable();
    void addRows(QTreeWidgetItem* group, const QList<std::pair<QString, Totals>>& rows);
    void refreshLimits();
    void showLimit(QProgressBar* bar, const QString& name, double used, double most, const QString& text);

    ShownRun& m_run;
    QTreeWidget* m_table;
    std::array<QProgressBar*, 4> m_limits{};
    QTimer m_timer;
};

} // namespace burrow
