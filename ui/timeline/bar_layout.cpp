#include "timeline/bar_layout.h"

namespace burrow {

namespace {

using std::chrono::microseconds;
using namespace std::chrono_literals;

double useOf(const RunTree::Node& node, Measure measure)
{
    switch (measure) {
    case Measure::Time:
        break;
    case Measure::Tokens:
        return double(node.subtree.inputTokens + node.subtree.outputTokens);
    case Measure::Money:
        return double(node.subtree.spent.value) / 1e6;
    }
    return 0;
}

} // namespace

std::vector<BarSource> barSources(const RunTree& tree, Measure measure)
{
    std::vector<BarSource> nodes;
    nodes.reserve(size_t(tree.size()));
    for (int i = 0; i < tree.size(); ++i) {
        const RunTree::Node& node = tree.node(NodeIndex(i));
        nodes.push_back({node.begun, node.ended, useOf(node, measure), node.parent, node.kind, node.depth});
    }
    return nodes;
}

BarLayout::BarLayout(const std::vector<BarSource>& nodes, Measure measure, microseconds now)
{
    if (measure == Measure::Time)
        addByTime(nodes, now);
    else
        addByUse(nodes);
    finish();
}

void BarLayout::addByTime(const std::vector<BarSource>& nodes, microseconds now)
{
    const auto endOf = [now](const BarSource& node) {
        return std::max(node.begun, node.ended.count() > 0 ? node.ended : now);
    };
    // What works is a request or a cell; a call only waits for them.
    std::vector<TimeAxis::Interval> busy;
    std::vector<microseconds> lastChildEnds(nodes.size());
    for (const BarSource& node : nodes) {
        if (node.kind != NodeKind::Rlm)
            busy.push_back({node.begun, endOf(node)});
        if (node.parent != noNode)
            lastChildEnds[size_t(node.parent)] = endOf(node);
    }
    m_axis = TimeAxis(std::move(busy));
    for (size_t i = 0; i < nodes.size(); ++i) {
        // A turn is its request; its cells stand under it and run behind it.
        const bool lastsAsItsChildren = nodes[i].kind != NodeKind::Cell;
        const microseconds end = std::max(endOf(nodes[i]), lastsAsItsChildren ? lastChildEnds[i] : 0us);
        add(nodes[i].depth, {NodeIndex(i), m_axis.place(nodes[i].begun), m_axis.place(end)});
    }
}

/// Beside the siblings before it, from the begin of its parent on. Parents come before their children.
void BarLayout::addByUse(const std::vector<BarSource>& nodes)
{
    std::vector<double> free(nodes.size());
    double freeForRoots = 0;
    for (size_t i = 0; i < nodes.size(); ++i) {
        double& place = nodes[i].parent == noNode ? freeForRoots : free[size_t(nodes[i].parent)];
        free[i] = place;
        if (nodes[i].use > 0)
            add(nodes[i].depth, {NodeIndex(i), place, place + nodes[i].use});
        place += nodes[i].use;
    }
}

void BarLayout::add(int depth, Bar bar)
{
    if (m_rows.size() <= size_t(depth))
        m_rows.resize(size_t(depth) + 1);
    m_rows[size_t(depth)].push_back(bar);
    m_length = std::max(m_length, bar.end);
}

void BarLayout::finish()
{
    for (std::vector<Bar>& row : m_rows) {
        std::ranges::stable_sort(row, {}, &Bar::begin);
        std::vector<double>& ends = m_longestEnd.emplace_back();
        ends.reserve(row.size());
        for (const Bar& bar : row)
            ends.push_back(ends.empty() ? bar.end : std::max(ends.back(), bar.end));
    }
}

size_t BarLayout::firstBehind(size_t row, double at) const
{
    const std::vector<double>& ends = m_longestEnd[row];
    return size_t(std::ranges::upper_bound(ends, at) - ends.begin());
}

NodeIndex BarLayout::at(size_t row, double at) const
{
    NodeIndex found = noNode;
    for (size_t i = firstBehind(row, at); i < m_rows[row].size() && m_rows[row][i].begin <= at; ++i) {
        if (m_rows[row][i].end >= at)
            found = m_rows[row][i].node;
    }
    return found;
}

} // namespace burrow
