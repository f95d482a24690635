#pragma once

#include "trajectory/branch.h"
#include "trajectory/run_tree.h"

#include <QString>

/// How nodes and branches of a run are called, in the window and on the terminal. Visible text, each on one
/// line.
namespace burrow {

/// The states that a person tells apart; a node is in one of them.
enum class ShownState { Live, Ok, Reused, Diverged, Failed, Unknown, Stopped, NotSent };
inline constexpr std::array everyShownState{ShownState::Live, ShownState::Ok, ShownState::Reused,
    ShownState::Diverged, ShownState::Failed, ShownState::Unknown, ShownState::Stopped, ShownState::NotSent};

ShownState shownState(const RunTree::Node& node);
QString wordFor(ShownState state);

/// `question 2`, `turn 3`, `cell 1`, `call 17`, `summary 1`, `last answer`.
QString nameOf(const RunTree::Node& node);
/// `40 calls, 38 ok, 2 failed` for a cell that called models; else empty.
QString callSummary(const RunTree::Node& node);
QString wordFor(RunState state);
/// `answered`, `limit`, `killed` and so on: for programs, in no language.
const char* nameOf(RunState state);

/// What was changed in the branch; of the first, that it is as it was asked.
QString reasonOf(const Branch& branch);
/// `Branch 2: code of root/turn1/cell1`.
QString nameOf(const Branch& branch);

/// How long the node took, or has taken by @p now while it runs.
std::chrono::microseconds durationOf(const RunTree::Node& node, std::chrono::microseconds now);

} // namespace burrow
