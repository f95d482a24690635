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

BarLayout::BarLayout(const RunTree::Nodes& nodes, Measure measure, microseconds now)
{
    if (measure == Measure::Time)
        addByTime(nodes, now);
    else
        addByUse(nodes, measure);
    finish();
}

void BarLayout::addByTime(const RunTree::Nodes& nodes, microseconds now)
{
    const auto endOf = [now](const RunTree::Node& node) {
        return std::max(node.begun, node.ended.count() > 0 ? node.ended : now);
    };
    // What works is a request or a cell; a call only waits for them.
    std::vector<TimeAxis::Interval> busy;
    std::vector<microseconds> lastChildEnds(size_t(nodes.size()));
    for (int i = 0; i < nodes.size(); ++i) {
        const RunTree::Node& node = nodes[NodeIndex(i)];
        if (node.kind != NodeKind::Rlm)
            busy.push_back({node.begun, endOf(node)});
        if (node.parent != noNode)
            lastChildEnds[size_t(node.parent)] = endOf(node);
    }
    m_axis = TimeAxis(std::move(busy));
    for (int i = 0; i < nodes.size(); ++i) {
        const RunTree::Node& node = nodes[NodeIndex(i)];
        // A turn is its request; its cells stand under it and run behind it.
        const bool lastsAsItsChildren = node.kind != NodeKind::Cell;
        const microseconds end = std::max(endOf(node), lastsAsItsChildren ? lastChildEnds[size_t(i)] : 0us);
        add(node.depth, {NodeIndex(i), m_axis.place(node.begun), m_axis.place(end)});
    }
}

/// Beside the siblings before it, from the begin of its parent on. Parents come before their children.
void BarLayout::addByUse(const RunTree::Nodes& nodes, Measure measure)
{
    std::vector<double> free(size_t(nodes.size()));
    double freeForRoots = 0;
    for (int i = 0; i < nodes.size(); ++i) {
        const RunTree::Node& node = nodes[NodeIndex(i)];
        const double use = useOf(node, measure);
        double& place = node.parent == noNode ? freeForRoots : free[size_t(node.parent)];
        free[size_t(i)] = place;
        if (use > 0)
            add(node.depth, {NodeIndex(i), place, place + use});
        place += use;
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
        for (const Bar& bar : row) {
            if (m_placeOf.size() <= size_t(bar.node))
                m_placeOf.resize(size_t(bar.node) + 1);
            m_placeOf[size_t(bar.node)] = quint32(ends.size());
            ends.push_back(ends.empty() ? bar.end : std::max(ends.back(), bar.end));
        }
    }
}

size_t BarLayout::firstBehind(size_t row, double at) const
{
    const std::vector<double>& ends = m_longestEnd[row];
    return size_t(std::ranges::upper_bound(ends, at) - ends.begin());
}

size_t BarLayout::nextBehind(size_t row, size_t bar, double at) const
{
    const std::vector<Bar>& bars = m_rows[row];
    const auto begins
        = std::ranges::lower_bound(bars.begin() + qsizetype(bar) + 1, bars.end(), at, {}, &Bar::begin);
    return std::max(bar + 1, std::min(size_t(begins - bars.begin()), firstBehind(row, at)));
}

const Bar* BarLayout::barOf(NodeIndex node, size_t row) const
{
    if (row >= m_rows.size() || size_t(node) >= m_placeOf.size())
        return nullptr;
    const size_t place = m_placeOf[size_t(node)];
    const std::vector<Bar>& bars = m_rows[row];
    return place < bars.size() && bars[place].node == node ? &bars[place] : nullptr;
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
