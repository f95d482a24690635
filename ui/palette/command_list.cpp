#include "palette/command_list.h"

#include <QAction>
#include <QMenu>
#include <QMenuBar>

namespace burrow {

namespace {

QString plain(QString text)
{
    return text.remove(QLatin1Char('&')).remove(QStringLiteral("…"));
}

} // namespace

void CommandList::read(const QMenuBar& menus)
{
    beginResetModel();
    m_commands.clear();
    for (const QAction* const menu : menus.actions())
        add(plain(menu->text()), menu->menu()->actions());
    endResetModel();
}

void CommandList::add(const QString& menu, const QList<QAction*>& actions)
{
    for (QAction* const action : actions) {
        const QString name = menu + QStringLiteral(": ") + plain(action->text());
        if (action->menu())
            add(name, action->menu()->actions());
        else if (!action->isSeparator())
            m_commands.push_back({name, action});
    }
}

QAction* CommandList::action(const QModelIndex& index) const
{
    return index.isValid() ? m_commands[size_t(index.row())].action.data() : nullptr;
}

int CommandList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_commands.size());
}

int CommandList::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CommandList::data(const QModelIndex& index, int role) const
{
    const QAction* const command = action(index);
    if (!command)
        return {};
    if (role == Qt::DisplayRole)
        return index.column() == Name ? m_commands[size_t(index.row())].name
                                      : command->shortcut().toString(QKeySequence::NativeText);
    if (role == Qt::DecorationRole && index.column() == Name)
        return command->icon().isNull() ? QVariant(QColor(Qt::transparent)) : QVariant(command->icon());
    if (role == Qt::ToolTipRole)
        return command->toolTip();
    if (role == Qt::TextAlignmentRole && index.column() == Keys)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

QVariant CommandList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole && section == Keys)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("What") : tr("Keys");
}

Qt::ItemFlags CommandList::flags(const QModelIndex& index) const
{
    const QAction* const command = action(index);
    return command && command->isEnabled() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags;
}

} // namespace burrow
