#pragma once

#include "trajectory/run_tree.h"

namespace burrow {

/// What the length of a bar stands for.
enum class Measure { Time, Tokens, Money };

/// A node as a bar, from `begin` to `end` on an axis of its layout; its parent's bar contains it.
struct Bar {
    NodeIndex node = noNode;
    double begin = 0;
    double end = 0;
};

/// Where the nodes of a run stand along an axis: of time, without the gaps in which nothing ran, or of what
/// they used. A row for each level, its bars in the order of their beginnings.
class BarLayout {
public:
    BarLayout() = default;
    /// What still runs lasts until @p now (since 1970).
    BarLayout(const RunTree& tree, Measure measure, std::chrono::microseconds now);

    const std::vector<std::vector<Bar>>& rows() const { return m_rows; }
    double length() const { return m_length; }
    /// The first bar of @p row that ends behind @p at; size() of the row where none does.
    size_t firstBehind(size_t row, double at) const;
    /// The bar of @p row at @p at, the last one where several overlap; noNode where there is none.
    NodeIndex at(size_t row, double at) const;
    std::optional<Bar> barOf(NodeIndex node) const;

private:
    void addByTime(const RunTree& tree, std::chrono::microseconds now);
    void addByUse(const RunTree& tree, NodeIndex node, double begin, Measure measure);
    void add(int depth, Bar bar);
    void finish();

    std::vector<std::vector<Bar>> m_rows;
    std::vector<std::vector<double>> m_longestEnd; ///< of each row: the greatest end up to a bar
    double m_length = 0;
};

} // namespace burrow
