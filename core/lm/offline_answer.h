#pragma once

#include "lm/offline_question.h"

namespace burrow {

/// The part of @p sentence that answers @p question: the number, time or name that stands nearest to the
/// question's words and is not among them; for names and places else the longest part that the question does
/// not hold. The whole sentence where no part stands out, or no kind of thing is asked for.
QString offlineAnswer(const OfflineQuestion& question, const QString& sentence);

} // namespace burrow
