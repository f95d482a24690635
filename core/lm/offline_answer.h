#pragma once

#include "lm/offline_question.h"

namespace burrow {

/// The part of @p sentence that answers @p question: for numbers, times and names the one that stands nearest
/// to the question's words and is not among them; else the longest part that the question does not hold.
/// The whole sentence where no part stands out.
QString offlineAnswer(const OfflineQuestion& question, const QString& sentence);

} // namespace burrow
