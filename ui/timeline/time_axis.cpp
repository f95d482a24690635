#include "timeline/time_axis.h"

#include <algorithm>
#include <cmath>

namespace burrow {

namespace {

using std::chrono::microseconds;
using namespace std::chrono_literals;

constexpr microseconds longestGap = 3s; ///< a longer one is folded
constexpr microseconds foldedGap = 500ms;

} // namespace

TimeAxis::TimeAxis(std::vector<Interval> busy)
{
    std::ranges::sort(busy, {}, &Interval::begin);
    microseconds end = busy.empty() ? 0us : busy.front().begin;
    m_folds.push_back({end, end});
    for (const Interval& interval : busy) {
        if (interval.begin - end > longestGap)
            m_folds.push_back({interval.begin, m_folds.back().taken + (interval.begin - end - foldedGap)});
        end = std::max(end, interval.end);
    }
}

double TimeAxis::place(microseconds time) const
{
    auto fold = std::ranges::upper_bound(m_folds, time, {}, &Fold::from);
    if (fold == m_folds.begin())
        return 0;
    return std::chrono::duration<double>(std::max(0us, time - std::prev(fold)->taken)).count();
}

microseconds TimeAxis::time(double place) const
{
    const auto at = microseconds(std::llround(std::max(0.0, place) * 1e6));
    auto fold = std::ranges::upper_bound(m_folds, at, {}, [](const Fold& of) { return of.from - of.taken; });
    return fold == m_folds.begin() ? 0us : at + std::prev(fold)->taken;
}

} // namespace burrow
