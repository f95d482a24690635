#pragma once

#include <QString>

namespace burrow {

/// How many columns of a terminal @p text takes: two for a wide character (Chinese, emoji), none for a
/// combining mark. @p text is visible (visibleText()) and of one line.
int columnsOf(const QString& text);

/// @p text where it takes @p columns at most, else as much of it as leaves room for a final `…`.
QString cutToColumns(const QString& text, int columns);

} // namespace burrow
