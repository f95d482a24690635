#pragma once

#include "suite.h"

namespace burrow::escapes {

/// "Full, root: 180 blocked, 12 contained, 0 escaped", a line for each column.
QByteArray totals(const std::vector<Row>& rows);
/// The table in Markdown, by group, with what contains each attempt or why it has no control.
QByteArray markdownTable(const std::vector<Attempt>& attempts, const std::vector<Row>& rows);
/// Replaces what stands between the two marks of @p file by @p table. Errors: NotFound, InvalidArgument.
Result<void> writeTable(const QString& file, const QByteArray& table);

} // namespace burrow::escapes
