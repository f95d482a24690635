#include "timeline/bar_layout.h"

namespace burrow {

namespace {

using std::chrono::microseconds;
using namespace std::chrono_literals;

constexpr microseconds longestGap = 3s; ///< a longer one is folded
constexpr microseconds foldedGap = 500ms;

struct Interval {
    microseconds begin, end;
};

/// Real time with the gaps taken out.
class TimeAxis {
public:
    explicit TimeAxis(std::vector<Interval> busy)
    {
        std::ranges::sort(busy, {}, &Interval::begin);
        microseconds taken{0};
        microseconds end = busy.empty() ? 0us : busy.front().begin;
        m_folds.push_back({end, end});
        for (const Interval& interval : busy) {
            if (interval.begin - end > longestGap) {
                taken += interval.begin - end - foldedGap;
                m_folds.push_back({interval.begin, m_folds.front().second + taken});
            }
            end = std::max(end, interval.end);
        }
    }

    /// In seconds from the beginning.
    double place(microseconds time) const
    {
        auto fold
            = std::ranges::upper_bound(m_folds, time, {}, &std::pair<microseconds, microseconds>::first);
        if (fold != m_folds.begin())
            --fold;
        return std::chrono::duration<double>(std::max(0us, time - fold->second)).count();
    }

private:
    /// From the first on, the second is zero.
    std::vector<std::pair<microseconds, microseconds>> m_folds;
};

double useOf(const RunTree::Node& node, Measure measure)
{
    return measure == Measure::Money ? double(node.subtree.spent.value) / 1e6
                                     : double(node.subtree.inputTokens + node.subtree.outputTokens);
}

microseconds endOf(const RunTree::Node& node, microseconds now)
{
    return std::max(node.begun, node.ended.count() > 0 ? node.ended : now);
}

} // namespace

BarLayout::BarLayout(const RunTree& tree, Measure measure, microseconds now)
{
    if (measure == Measure::Time) {
        addByTime(tree, now);
    } else {
        double begin = 0;
        for (const NodeIndex root : tree.roots()) {
            addByUse(tree, root, begin, measure);
            begin += useOf(tree.node(root), measure);
        }
    }
    finish();
}

void BarLayout::addByTime(const RunTree& tree, microseconds now)
{
    // What works is a request or a cell; a call only waits for them.
    std::vector<Interval> busy;
    for (int i = 0; i < tree.size(); ++i) {
        const RunTree::Node& node = tree.node(NodeIndex(i));
        if (node.kind != NodeKind::Rlm)
            busy.push_back({node.begun, endOf(node, now)});
    }
    const TimeAxis axis(std::move(busy));
    for (int i = 0; i < tree.size(); ++i) {
        const RunTree::Node& node = tree.node(NodeIndex(i));
        microseconds end = endOf(node, now);
        // A turn is its request; its cells stand under it and run behind it.
        if (!node.children.empty() && node.kind != NodeKind::Cell)
            end = std::max(end, endOf(tree.node(node.children.back()), now));
        add(node.depth, {NodeIndex(i), axis.place(node.begun), axis.place(end)});
    }
}

void BarLayout::addByUse(const RunTree& tree, NodeIndex root, double at, Measure measure)
{
    std::vector<std::pair<NodeIndex, double>> waiting{{root, at}};
    while (!waiting.empty()) {
        const auto [index, begin] = waiting.back();
        waiting.pop_back();
        const RunTree::Node& node = tree.node(index);
        const double use = useOf(node, measure);
        if (use <= 0)
            continue;
        add(node.depth, {index, begin, begin + use});
        double childBegin = begin;
        for (const NodeIndex child : node.children) {
            waiting.emplace_back(child, childBegin);
            childBegin += useOf(tree.node(child), measure);
        }
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

std::optional<Bar> BarLayout::barOf(NodeIndex node) const
{
    for (const std::vector<Bar>& row : m_rows) {
        const auto found = std::ranges::find(row, node, &Bar::node);
        if (found != row.end())
            return *found;
    }
    return std::nullopt;
}

} // namespace burrow
