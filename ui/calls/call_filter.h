#pragma once

#include "calls/call_tree_model.h"
#include "trajectory/node_words.h"

#include <QSortFilterProxyModel>
#include <QTimer>

namespace burrow {

/// What a person wants to see of a run's calls.
struct CallCriteria {
    QString text; ///< in the node's path, name or model, whatever its case
    std::optional<ShownState> state;
    MicroUsd leastCost; ///< of the node and all below

    bool isEmpty() const { return text.isEmpty() && !state && leastCost.value == 0; }
    friend bool operator==(const CallCriteria&, const CallCriteria&) = default;
};

/// Sorts the calls, and leaves out those that do not match and have none below that does. A large tree is
/// looked through in slices, so that the window stays alive; what is found shows meanwhile.
class CallFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit CallFilter(CallTreeModel& model, QObject* parent = nullptr);

    void setCriteria(CallCriteria criteria);
    const CallCriteria& criteria() const { return m_criteria; }
    bool isSearching() const { return m_timer.isActive(); }
    int matches() const { return m_matches; }

    NodeIndex node(const QModelIndex& index) const { return m_model.node(mapToSource(index)); }
    QModelIndex indexOf(NodeIndex node) const { return mapFromSource(m_model.indexOf(node)); }
    bool hasChildren(const QModelIndex& parent = {}) const override;

Q_SIGNALS:
    /// More was looked through, or all.
    void searched();

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    void start();
    void startAgain();
    void searchSome();
    void look(NodeIndex node);
    bool isMatch(const RunTree::Node& node, NodeIndex index) const;
    void onChanges(const RunTree::Changes& changes);

    CallTreeModel& m_model;
    CallCriteria m_criteria;
    std::vector<bool> m_shown; ///< by NodeIndex: matches, or has below what does
    std::vector<bool> m_isMatch;
    std::vector<bool> m_shownBefore; ///< at the moment that was left, until this one is looked through
    int m_looked = 0;
    int m_matches = 0;
    QTimer m_timer;
};

} // namespace burrow
