#pragma once

#include "palette/command_list.h"

#include <QFrame>
#include <QSortFilterProxyModel>

class QLineEdit;
class QTreeView;

namespace burrow {

/// Everything that the window can do, found by typing a part of its name. With an empty field it is the sheet
/// of all keys.
class CommandPalette : public QFrame {
    Q_OBJECT
public:
    CommandPalette(const QMenuBar& menus, QWidget* parent);

    void popUp();
    QLineEdit* field() const { return m_field; }
    QTreeView* list() const { return m_list; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void run(const QModelIndex& index);

    const QMenuBar& m_menus;
    CommandList m_commands;
    QSortFilterProxyModel m_filtered;
    QLineEdit* m_field;
    QTreeView* m_list;
};

} // namespace burrow
