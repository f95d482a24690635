#pragma once

#include "repl/repl.h"

#include <QString>

namespace burrow {

/// Where @p now first differs from @p recorded, for people: the line, and what stands there in both.
QString firstDifference(const QByteArray& recorded, const QByteArray& now);

/// In what the output of a cell that ran again first differs, as a person reads it: how it ended, what it
/// printed, its value, its answer, its variables. Empty where the two are the same.
QString outputDifference(const CellOutput& recorded, const CellOutput& now);

/// In what the request @p now (as RecordedRequest::json) first differs from @p recorded beside its messages.
/// Empty where it does not.
QString parameterDifference(const QByteArray& recorded, const QByteArray& now);

} // namespace burrow
