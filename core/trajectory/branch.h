#pragma once

#include "trajectory/event.h"

#include <QString>

#include <span>
#include <vector>

namespace burrow {

/// One line of play in a run file. The first is the run as it was asked; each fork adds one, and changes
/// nothing in those before it.
struct Branch {
    int id = 1;
    int parent = 0; ///< the branch that it left; 0 for the first
    qint64 forkSeq = 0; ///< the last event of its parent that is part of this branch, too
    QString reason; ///< what was edited, in words; empty for the first
    std::chrono::microseconds time{0}; ///< since 1970

    friend bool operator==(const Branch&, const Branch&) = default;
};

/// Which events make up a branch: its own, and up to the fork those of the branch that it left, and so on.
class Lineage {
public:
    /// @p branches as RunFile::branches() gives them. A branch that is not among them has no events.
    Lineage(std::span<const Branch> branches, int branch);

    /// @p events as the branch sees them: what does not belong to it is left out, and what an ancestor played
    /// is marked as reused, since it was paid for there.
    std::vector<Event> seen(std::span<const Event> events) const;

    int branch() const { return m_parts.empty() ? 0 : m_parts.front().branch; }

private:
    struct Part {
        int branch;
        qint64 upTo;
    };
    std::vector<Part> m_parts; ///< the branch itself first
};

} // namespace burrow
