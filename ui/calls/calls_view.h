#pragma once

#include "calls/call_filter.h"

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QTreeView;

namespace burrow {

/// The tree of calls with its filter. Batches stay folded under the row of their cell.
class CallsView : public QWidget {
    Q_OBJECT
public:
    explicit CallsView(ShownRun& run, QWidget* parent = nullptr);

    /// Marks breakpoints in the margin, where a click sets one. @p stops must outlive it.
    void setStops(Stops& stops);
    /// As CallTreeModel::setKeptUpTo().
    void setKeptUpTo(qint64 lastEvent) { m_model.setKeptUpTo(lastEvent); }

    NodeIndex current() const;
    void setCurrent(NodeIndex node);
    QTreeView* tree() const { return m_tree; }
    CallFilter& filter() { return m_filter; }
    /// For the window's menus; each works while the tree has the focus, too.
    const QList<QAction*>& menuActions() const { return m_actions; }

    QByteArray saveColumns() const;
    void restoreColumns(const QByteArray& columns);

    /// The selected rows, or all that are shown where none is, as text with tabs.
    QString asText() const;

Q_SIGNALS:
    void currentChanged(burrow::NodeIndex node);
    void activated(burrow::NodeIndex node);

private:
    QWidget* makeFilterBar();
    void setupTree();
    void setupActions();
    QAction* addTreeAction(const QString& text, const QKeySequence& keys, void (CallsView::*slot)());
    void applyFilter();
    void onSearched();
    void onChanged(const RunTree::Changes& changes);
    void expandNew(NodeIndex parent, int first = 0);
    void beforeMove(int nodes);
    void afterMove(const std::vector<RunTree::Insert>& inserts);
    void chooseColumns(const QPoint& at);
    void copy();
    void focusFilter();
    void setMargin();
    void toNextSibling() { toSibling(1); }
    void toPreviousSibling() { toSibling(-1); }
    void toSibling(int step);
    void expandMatches();

    ShownRun& m_run;
    CallTreeModel m_model;
    CallFilter m_filter;
    QTreeView* m_tree;
    QLineEdit* m_text = nullptr;
    QComboBox* m_state = nullptr;
    QLineEdit* m_cost = nullptr;
    QLabel* m_found = nullptr;
    QList<QAction*> m_actions;
    QPersistentModelIndex m_top; ///< the first row in sight, while another moment comes to be shown
    bool m_expandsMatches = false; ///< once all are found
    QTimer m_clock; ///< the seconds of what runs go on
};

} // namespace burrow
