#pragma once

#include "lm/offline_question.h"

#include <QByteArray>

namespace burrow {

/// The steps of a keyword search, each one cell of Python. They share variables, and each but the last ends
/// its output with a line that begins with its mark.
enum class OfflineStep { Look, Weigh, Search, Read, Answer };

/// What the output of @p step says when it has run to its end.
const char* markOf(OfflineStep step);

/// Whether a cell may ask sub-models.
enum class SubModels { Present, Absent };

/// The code of @p step, ready to stand in a fence. Of the question it holds literals alone.
QByteArray cellFor(OfflineStep step, const OfflineQuestion& question, SubModels subModels);

/// @p text as a Python literal of printable characters, which can neither end a fence nor begin a tag.
QByteArray pythonLiteral(const QString& text);

} // namespace burrow
