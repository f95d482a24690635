#pragma once

#include "trajectory/run_tree.h"

#include <QAbstractTableModel>
#include <QDateTime>
#include <QThreadPool>

namespace burrow {

/// The runs in a folder, the newest first. What they came to is read in the background, one after the other.
class RunsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { When, Question, State, Money, Calls, ColumnCount };

    explicit RunsModel(QObject* parent = nullptr);
    ~RunsModel() override;

    void look(const QString& folder);
    QString path(const QModelIndex& index) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        QString path;
        QDateTime when;
        QString question;
        std::optional<RunTotals> totals; ///< once it is read
        QString problem;
    };

    void readNext(size_t row, int generation);
    QString text(const Row& row, Column column) const;

    std::vector<Row> m_rows;
    QThreadPool m_pool;
    int m_generation = 0; ///< of the list: what was read for an earlier one is dropped
};

} // namespace burrow
