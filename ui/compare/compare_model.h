#pragma once

#include "compare/branch_comparison.h"

#include <QAbstractItemModel>

namespace burrow {

/// Two branches as one tree: a row for each node that either has, with how they differ there and what each
/// used. Rows are made when they are looked at.
class CompareModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Node, Difference, Badge, LeftMoney, RightMoney, LeftTokens, RightTokens, ColumnCount };
    enum class Shows {
        Differences, ///< nodes that differ, and what leads to them
        Everything,
    };

    explicit CompareModel(QObject* parent = nullptr);

    void setComparison(BranchComparison comparison);
    const BranchComparison& comparison() const { return m_comparison; }
    void setShows(Shows shows);
    Shows shows() const { return m_shows; }

    /// Where in BranchComparison::differences; -1: the node is the same in both.
    int differenceOf(const QModelIndex& index) const;
    QModelIndex indexOfDifference(int difference) const;
    /// Whether only one branch has the node.
    bool isOneSided(const QModelIndex& index) const;
    NodePath path(const QModelIndex& index) const;
    /// What either branch has on record there: left, right.
    std::pair<std::optional<NodeRecord>, std::optional<NodeRecord>> records(const QModelIndex& index) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    /// A row. Its place among m_pairs is the internal id of its indexes.
    struct Pair {
        NodeIndex left = noNode;
        NodeIndex right = noNode;
        size_t parent = 0;
        int row = 0;
        std::vector<size_t> children;
        bool hasAllChildren = false;
    };

    void begin();
    size_t pairAt(const QModelIndex& index) const;
    QModelIndex indexOf(size_t pair, int column = Node) const;
    const std::vector<size_t>& childrenOf(size_t pair) const;
    bool leadsToDifference(const Pair& pair) const;
    int differenceOf(const Pair& pair) const;
    const RunTree::Node& node(const Pair& pair) const;
    QString text(const Pair& pair, Column column) const;
    QString differenceText(const Pair& pair) const;
    QString badgeText(const Pair& pair) const;

    BranchComparison m_comparison;
    Shows m_shows = Shows::Differences;
    mutable std::vector<Pair> m_pairs; ///< the first is the root, which is no row; grows as rows are seen
};

} // namespace burrow
