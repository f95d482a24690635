#pragma once

#include "timeline/time_axis.h"
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

/// What the layout needs of a node. It is copied out of the tree, which changes while bars are laid out.
struct BarSource {
    std::chrono::microseconds begun{0}; ///< since 1970
    std::chrono::microseconds ended{0}; ///< 0 while it runs
    double use = 0; ///< in dollars or tokens, as the measure says; of all below it, too
    NodeIndex parent = noNode;
    NodeKind kind = NodeKind::Rlm;
    quint8 depth = 0;
};
/// Of all nodes of @p tree, by NodeIndex.
std::vector<BarSource> barSources(const RunTree& tree, Measure measure);

/// Where the nodes of a run stand along an axis: of time, without the gaps in which nothing ran, or of what
/// they used. A row for each level, its bars in the order of their beginnings.
class BarLayout {
public:
    BarLayout() = default;
    /// What still runs lasts until @p now (since 1970).
    BarLayout(const std::vector<BarSource>& nodes, Measure measure, std::chrono::microseconds now);

    const std::vector<std::vector<Bar>>& rows() const { return m_rows; }
    double length() const { return m_length; }
    /// Of a layout by time.
    const TimeAxis& axis() const { return m_axis; }
    /// The first bar of @p row that ends behind @p at; size() of the row where none does.
    size_t firstBehind(size_t row, double at) const;
    /// The bar of @p row at @p at, the last one where several overlap; noNode where there is none.
    NodeIndex at(size_t row, double at) const;

private:
    void addByTime(const std::vector<BarSource>& nodes, std::chrono::microseconds now);
    void addByUse(const std::vector<BarSource>& nodes);
    void add(int depth, Bar bar);
    void finish();

    std::vector<std::vector<Bar>> m_rows;
    std::vector<std::vector<double>> m_longestEnd; ///< of each row: the greatest end up to a bar
    TimeAxis m_axis;
    double m_length = 0;
};

} // namespace burrow
