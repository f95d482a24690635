#pragma once

#include "trajectory/run_tree.h"

#include <map>

namespace burrow {

/// The journal of a branch, and the tree as it was after any of its events. Plain data; at() is used by one
/// thread at a time, the events by any.
class Moments {
public:
    explicit Moments(std::vector<Event> events) : m_events(std::move(events)) { }
    /// Reads branch number @p branch of the run at @p path, and closes what a killed run left open.
    /// Errors: those of RunFile::open() and readBranch().
    static Result<Moments> read(const QString& path, int branch);

    const std::vector<Event>& events() const { return m_events; }
    /// The fold of the first @p count events. Near a moment that was asked for before it folds a thousand
    /// events, anywhere else half a million at most, once what lies before has been folded.
    RunTree at(size_t count);

private:
    std::vector<Event> m_events;
    std::map<size_t, RunTree> m_keys; ///< by how many events they fold
};

} // namespace burrow
