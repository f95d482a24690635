#pragma once

#include "base/task.h"

#include <QByteArray>
#include <QString>

namespace burrow {

/// What a passage says about a question, word for word.
struct OfflineReading {
    QString
        answer; ///< the part of the evidence that seems to be asked for; all of it where no part stands out
    QString
        evidence; ///< one sentence of the passage; empty where no sentence shares a word with the question
};

/// Finds the sentence of @p passage that shares most with @p question, rare words counting more.
/// Returns early, with what was found so far, once @p stop is requested.
OfflineReading readPassage(const QString& question, const QString& passage, const StopToken& stop);

/// Plays a sub-model: answers a prompt of the form `Question: …`, then `Passage:` and text to its end; in a
/// prompt of another form the shortest paragraph that asks is taken for the question. The reply holds a line
/// `Answer: …` and a line `Evidence: …`, or `NOTHING` and why.
QByteArray readPrompt(const QByteArray& prompt, const StopToken& stop);

} // namespace burrow
