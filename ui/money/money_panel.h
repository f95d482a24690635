#pragma once

#include "money/spending.h"
#include "run/shown_run.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;
class QVBoxLayout;

namespace burrow {

/// What the run spent, by model and by depth, how far it is from its limits, and while it plays what it may
/// yet spend.
class MoneyPanel : public QWidget {
    Q_OBJECT
public:
    explicit MoneyPanel(ShownRun& run, QWidget* parent = nullptr);

    QTreeWidget* table() const { return m_table; }
    /// What the run may yet spend, in words; empty where nobody can say.
    QString outlook() const;

Q_SIGNALS:
    /// The run, which stopped at a limit, is to go on within @p limits.
    void raised(const burrow::RunLimits& limits);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refreshSoon();
    void refresh();
    void refreshTable();
    void addRows(QTreeWidgetItem* group, const QList<std::pair<QString, Totals>>& rows);
    void refreshOutlook();
    void refreshLimits();
    struct Limit {
        QWidget* row = nullptr;
        QProgressBar* bar = nullptr;
        QPushButton* raise = nullptr; ///< to twice as much
    };
    void addLimit(Limit& limit, void (*twice)(RunLimits& limits));
    void showLimit(const Limit& limit, const QString& name, double used, double most, const QString& text,
        const QString& twice);
    void showTable(const SpendingTable& spending);

    ShownRun& m_run;
    QTreeWidget* m_table;
    QLabel* m_outlook;
    std::array<Limit, 4> m_limits{};
    int m_round = 0; ///< of what is added up: what an earlier one gives is out of date
    QTimer m_timer;
};

} // namespace burrow
