#pragma once

#include "run/shown_run.h"
#include "stops/stops.h"
#include "trajectory/badge.h"
#include "trajectory/node_words.h"

#include <QAbstractItemModel>
#include <QIcon>

#include <limits>

namespace burrow {

/// The calls of a run as a tree of rows: what RunTree holds, in its order. While a run is live, rows are
/// inserted exactly where they come to stand and nothing is reset; nor is it where another moment is shown.
class CallTreeModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, State, Model, Money, Tokens, Seconds, Badge, Mark, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole, ///< a number, where the column shows one
    };

    /// @p run must outlive it.
    explicit CallTreeModel(ShownRun& run, QObject* parent = nullptr);

    /// Marks its breakpoints, and where the run stands. @p stops must outlive this.
    void setStops(Stops& stops);

    /// A planned change keeps the run up to event @p lastEvent: calls that began later are stale.
    void setKeptUpTo(qint64 lastEvent);

    const ShownRun& run() const { return m_run; }
    NodeIndex node(const QModelIndex& index) const;
    QModelIndex indexOf(NodeIndex node, int column = Name) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    /// The tree has changed; what rows come of it is about to be told.
    void aboutToAnnounce(const burrow::RunTree::Changes& changes);
    /// The first @p nodes stay, the rows of the others are about to go: another moment is to be shown.
    void aboutToMove(int nodes);
    /// What is in the margins.
    void marksChanged();

private:
    void announce(const RunTree::Changes& changes);
    void shrink(int nodes);
    void announceMove(const std::vector<RunTree::Insert>& inserts);
    void insertRows(const std::vector<RunTree::Insert>& inserts);
    void announceChanged(const std::vector<NodeIndex>& nodes);
    const std::vector<NodeIndex>& childrenOf(NodeIndex node) const;
    QString text(const RunTree::Node& node, Column column) const;
    QString badgeText(const RunTree::Node& node) const;
    QVariant number(const RunTree::Node& node, Column column) const;
    QString toolTip(const RunTree::Node& node) const;
    bool isStoppedAt(NodeIndex node) const;
    QVariant mark(NodeIndex node, int role) const;

    ShownRun& m_run;
    const Stops* m_stops = nullptr;
    qint64 m_keptUpTo = std::numeric_limits<qint64>::max();
    /// Of parents that have more rows in the tree than are told of: how many those are.
    QHash<NodeIndex, int> m_rowsTold;
    QHash<ShownState, QIcon> m_icons;
    QIcon m_breakpoint;
    QIcon m_stoppedHere;
    QIcon m_held;
};

} // namespace burrow
