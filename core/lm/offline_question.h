#pragma once

#include <QString>
#include <QStringList>

namespace burrow {

/// What keyword search can make of a question.
struct OfflineQuestion {
    enum class Wants { Anything, Number, Time, Name, Person, Place };

    QString text;
    /// What to look for, as parts of words: stems of the words that carry meaning, codes and quoted phrases
    /// as they are, pairs of characters where a script has no spaces. Distinct, at most maxTerms.
    QStringList terms;
    Wants wants = Wants::Anything;
    /// What is counted or picked, beside which the answer stands: the stem of "grams" in "how many grams", of
    /// "locker" in "which locker". Empty where the question names nothing of the kind.
    QString unit;

    static constexpr qsizetype maxTerms = 60;
    static OfflineQuestion of(const QString& text);
};

/// Where @p term stands in @p text from @p from on, in any case; -1 where it does not. A term with digits
/// must stand alone: 113 is not in 31,113.
qsizetype indexOfTerm(const QString& text, const QString& term, qsizetype from = 0);

bool holdsDigit(const QString& text);

/// Whether @p word says nothing about what a text is about: "the", "which", "please".
bool isFunctionWord(const QString& word);

} // namespace burrow
