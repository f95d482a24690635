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

/// Where the nodes of a run stand along an axis: of time, without the gaps in which nothing ran, or of what
/// they used. A row for each level, its bars in the order of their beginnings.
class BarLayout {
public:
    BarLayout() = default;
    /// What still runs lasts until @p now (since 1970).
    BarLayout(const RunTree::Nodes& nodes, Measure measure, std::chrono::microseconds now);

    const std::vector<std::vector<Bar>>& rows() const { return m_rows; }
    double length() const { return m_length; }
    /// Of a layout by time.
    const TimeAxis& axis() const { return m_axis; }
    /// The first bar of @p row that ends behind @p at; size() of the row where none does.
    size_t firstBehind(size_t row, double at) const;
    /// The first bar of @p row behind bar number @p bar that begins or ends behind @p at.
    size_t nextBehind(size_t row, size_t bar, double at) const;
    /// nullptr where it has none.
    const Bar* barOf(NodeIndex node, size_t row) const;
    /// The bar of @p row at @p at, the last one where several overlap; noNode where there is none.
    NodeIndex at(size_t row, double at) const;

private:
    void addByTime(const RunTree::Nodes& nodes, std::chrono::microseconds now);
    void addByUse(const RunTree::Nodes& nodes, Measure measure);
    void add(int depth, Bar bar);
    void finish();

    std::vector<std::vector<Bar>> m_rows;
    std::vector<std::vector<double>> m_longestEnd; ///< of each row: the greatest end up to a bar
    std::vector<quint32> m_placeOf; ///< by NodeIndex: where its bar is in its row
    TimeAxis m_axis;
    double m_length = 0;
};

} // namespace burrow
