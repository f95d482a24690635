#pragma once

#include <QAbstractTableModel>
#include <QPointer>

class QAction;
class QMenuBar;

namespace burrow {

/// All that the menus of a window offer, by the words that stand in them, with its keys.
class CommandList : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Keys, ColumnCount };

    explicit CommandList(QObject* parent = nullptr) : QAbstractTableModel(parent) { }

    void read(const QMenuBar& menus);
    QAction* action(const QModelIndex& index) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Command {
        QString name; ///< `Run: Pause`
        QPointer<QAction> action;
    };
    void add(const QString& menu, const QList<QAction*>& actions);

    std::vector<Command> m_commands;
};

} // namespace burrow
