#pragma once

#include "compare/branch_comparison.h"

#include <QAbstractTableModel>

namespace burrow {

/// The nodes that differ between two branches, a row each, and what either side used there. What a row says
/// is made when it is seen.
class CompareModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Node, Difference, LeftMoney, RightMoney, LeftTokens, RightTokens, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setComparison(BranchComparison comparison);
    const BranchComparison& comparison() const { return m_comparison; }
    const BranchComparison::Row& row(const QModelIndex& index) const
    {
        return m_comparison.rows[size_t(index.row())];
    }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString differenceOf(const BranchComparison::Row& row) const;

    BranchComparison m_comparison;
};

} // namespace burrow
