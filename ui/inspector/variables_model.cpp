#include "inspector/variables_model.h"

#include "base/quantities.h"
#include "base/visible_text.h"

#include <QFont>

namespace burrow {

namespace {

QString wordFor(ShownVariable::Change change)
{
    switch (change) {
    case ShownVariable::Change::New:
        return VariablesModel::tr("new");
    case ShownVariable::Change::Changed:
        return VariablesModel::tr("changed");
    case ShownVariable::Change::Same:
        break;
    }
    return {};
}

QString visible(const QByteArray& text)
{
    return QString::fromUtf8(visibleText(text, LineMode::SingleLine));
}

} // namespace

void VariablesModel::setVariables(std::vector<ShownVariable> variables)
{
    beginResetModel();
    m_variables = std::move(variables);
    endResetModel();
}

int VariablesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_variables.size());
}

int VariablesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant VariablesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const ShownVariable& shown = m_variables[size_t(index.row())];
    if (role == Qt::TextAlignmentRole && index.column() == Size)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::FontRole && shown.change != ShownVariable::Change::Same) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Name:
        return visible(shown.variable.name);
    case Type:
        return visible(shown.variable.type);
    case Size:
        return shown.variable.length < 0 ? QString() : formatCount(shown.variable.length);
    case Change:
        return wordFor(shown.change);
    default:
        return {};
    }
}

QVariant VariablesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Variable");
    case Type:
        return tr("Type");
    case Size:
        return tr("Length");
    case Change:
        return tr("By this cell");
    default:
        return {};
    }
}

} // namespace burrow
