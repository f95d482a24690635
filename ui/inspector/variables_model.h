#pragma once

#include "inspector/node_texts.h"

#include <QAbstractTableModel>

namespace burrow {

/// The variables of a REPL after a cell, and what that cell changed.
class VariablesModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Type, Size, Change, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setVariables(std::vector<ShownVariable> variables);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::vector<ShownVariable> m_variables;
};

} // namespace burrow
