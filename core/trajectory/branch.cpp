#include "trajectory/branch.h"

#include <algorithm>
#include <limits>

namespace burrow {

Lineage::Lineage(std::span<const Branch> branches, int branch)
{
    qint64 upTo = std::numeric_limits<qint64>::max();
    while (branch != 0) {
        const auto found = std::ranges::find(branches, branch, &Branch::id);
        if (found == branches.end())
            return;
        m_parts.push_back({branch, upTo});
        upTo = std::min(upTo, found->forkSeq);
        branch = found->parent; // always a smaller number
    }
}

std::vector<Event> Lineage::seen(std::span<const Event> events) const
{
    std::vector<Event> seen;
    seen.reserve(events.size());
    for (const Event& event : events) {
        const auto part = std::ranges::find(m_parts, event.branch, &Part::branch);
        if (part == m_parts.end() || event.seq > part->upTo)
            continue;
        seen.push_back(event);
        seen.back().reused |= part != m_parts.begin();
    }
    return seen;
}

} // namespace burrow
