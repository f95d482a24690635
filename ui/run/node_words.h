#pragma once

#include "trajectory/run_tree.h"

#include <QString>

/// How nodes of a run are called on the screen.
namespace burrow {

/// The states that a person tells apart; a node is in one of them.
enum class ShownState { Live, Ok, Reused, Diverged, Failed, Unknown, Stopped, NotSent };
inline constexpr std::array everyShownState{ShownState::Live, ShownState::Ok, ShownState::Reused,
    ShownState::Diverged, ShownState::Failed, ShownState::Unknown, ShownState::Stopped, ShownState::NotSent};

ShownState shownState(const RunTree::Node& node);
QString wordFor(ShownState state);
/// The icon that goes with it, in resources/icons.
const char* iconFor(ShownState state);

/// `Question 2`, `turn 3`, `cell 1`, `call 17`, `summary 1`, `last answer`.
QString nameOf(const RunTree::Node& node);
/// `40 calls, 38 ok, 2 failed` for a cell that called models; else empty.
QString callSummary(const RunTree::Node& node);
QString wordFor(RunState state);

/// How long the node took, or has taken by @p now while it runs.
std::chrono::microseconds durationOf(const RunTree::Node& node, std::chrono::microseconds now);

} // namespace burrow
