#pragma once

#include "repl/repl.h"

namespace burrow {

/// How much of a cell's output a model is shown, in characters.
inline constexpr qsizetype outputLimit = 20'000;

/// @p text within @p limit characters: the head and the tail, and between them how many characters are
/// missing.
QByteArray elided(const CapturedText& text, qsizetype limit);

/// What a model is told about a cell that ran: output, errors, value, variables. @p ordinal counts from 1.
QByteArray describeOutput(int ordinal, const CellOutput& output);

/// The message of the `LimitReached` that ended the cell; empty where something else did, or nothing.
QByteArray limitThatEnded(const CellOutput& output);

/// `name (type, length)` of each variable, in one line.
QByteArray describeVariables(const std::vector<Variable>& variables);

} // namespace burrow
