#include "lm/offline_question.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <array>
#include <utility>

namespace burrow {
namespace {

// Scripts that are written without spaces between words, or with endings grown onto them.
#define UNSPACED "\\p{Han}\\p{Hiragana}\\p{Katakana}\\p{Hangul}\\p{Thai}\\p{Lao}\\p{Khmer}\\p{Myanmar}"

const QRegularExpression& tokenPattern()
{
    static const QRegularExpression pattern(
        QStringLiteral("[\"“「『《](?<quote>[^\"“”「」『』《》]{2,60})[\"”」』》]"
                       "|(?<run>[" UNSPACED "]+)"
                       "|(?<word>(?:(?![" UNSPACED
                       "])[\\p{L}\\p{M}\\p{N}_]|(?<=\\w)[-'’./:@](?=\\w)|(?<=\\d),(?=\\d))+)"),
        QRegularExpression::UseUnicodePropertiesOption);
    return pattern;
}

/// Question words, and signs that stand between words and in few names.
const QRegularExpression& functionRunPattern()
{
    static const QRegularExpression pattern(
        QStringLiteral("为什么|什么时候|什么|时候|多少|哪里|哪儿|哪个|哪家|哪些|哪年|哪天|哪|怎么|怎样|如何|"
                       "何时|何地|是否|请问|谁|几"
                       "|吗|呢|吧|的|了|は|が|を|です|ですか|誰"));
    return pattern;
}

OfflineQuestion::Wants wantsOf(const QString& text)
{
    using Wants = OfflineQuestion::Wants;
    static const std::array kinds = {
        std::pair(Wants::Time,
            "\\b(when|(what|which) "
            "(time|year|date|day|month))\\b|时候|几点|何时|哪年|哪天|哪一年|哪一天|日期|いつ"),
        std::pair(Wants::Number,
            "\\b(how "
            "(many|much|long|old|far|tall|large|often)|numbers?|codes?|pin|id|price|cost|amount"
            "|percent(age)?|total)\\b|多少|几|密码|号码|编号是|代码|价格|いくつ|いくら"),
        std::pair(Wants::Person, "\\b(who|whom|whose)\\b|谁|誰"),
        std::pair(Wants::Place, "\\bwhere\\b|哪里|哪儿|何地|どこ"),
        std::pair(Wants::Name, "\\b(names?|called|passwords?|which)\\b|名字|口令|哪"),
    };
    for (const auto& [wants, pattern] : kinds) {
        const QRegularExpression asks(QString::fromUtf8(pattern), QRegularExpression::CaseInsensitiveOption);
        if (asks.match(text).hasMatch())
            return wants;
    }
    return Wants::Anything;
}

/// @p word without its ending, so that it is found in its other forms: "signed" in "signs".
/// A word with digits is a code and has no ending.
QString stemOf(QString word)
{
    for (const char* possessive : {"'s", "’s"}) {
        if (word.endsWith(QString::fromUtf8(possessive)))
            word.chop(2);
    }
    if (holdsDigit(word))
        return word;
    for (const char* ending : {"ing", "ed", "es", "s", "e"}) {
        const QLatin1String end(ending);
        if (word.endsWith(end) && word.size() - end.size() >= 4 && !word.endsWith(QLatin1String("ss"))) {
            word.chop(end.size());
            break;
        }
    }
    return word;
}

/// Pairs of neighbouring characters between the function words of a run without spaces.
QStringList pairsOf(const QString& run)
{
    QStringList pairs;
    for (const QString& chunk : run.split(functionRunPattern(), Qt::SkipEmptyParts)) {
        for (qsizetype i = 0; i + 2 <= chunk.size(); ++i) {
            if (!chunk[i].isLowSurrogate() && !chunk[i + 1].isHighSurrogate())
                pairs << chunk.sliced(i, 2);
        }
    }
    return pairs;
}

QStringList allTerms(const QString& text, bool withFunctionWords)
{
    QStringList terms;
    for (const QRegularExpressionMatch& token : tokenPattern().globalMatch(text)) {
        const QString word = token.captured(QStringLiteral("word"));
        const QString quote = token.captured(QStringLiteral("quote"));
        if (!quote.isEmpty())
            terms << quote.trimmed() << allTerms(quote, withFunctionWords);
        else if (word.isEmpty())
            terms << pairsOf(token.captured());
        else if (withFunctionWords || !isFunctionWord(word))
            terms << stemOf(word);
    }
    return terms;
}

QString unitOf(const QString& text)
{
    static const QRegularExpression pattern(
        QStringLiteral("\\b(?:how (?:many|much)|which|what) (?<word>\\p{L}+)|(?:多少|几)(?<sign>\\p{Han})"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = pattern.match(text);
    const QString word = match.captured(QStringLiteral("word"));
    if (isFunctionWord(word))
        return {};
    return word.isEmpty() ? match.captured(QStringLiteral("sign")) : stemOf(word);
}

} // namespace

bool holdsDigit(const QString& text)
{
    return std::ranges::any_of(text, [](QChar c) { return c.isDigit(); });
}

bool isFunctionWord(const QString& word)
{
    static const QSet<QString> words = [] {
        const QStringList list = QStringLiteral(
            "a about according after all also am an and any are as at be been before being but by can could "
            "did do does done each either find for from further give had has have he her here him his how i "
            "if in into is it its just let list may me might most much must my no nor not of on one only or "
            "our out over please say says she should show so some such tell than that the their them then "
            "there these they this those to under up us was we were what when where which who whom whose why "
            "will with would you your many exactly did's what's who's it's")
                                     .split(QLatin1Char(' '));
        return QSet<QString>(list.begin(), list.end());
    }();
    return words.contains(word.toLower());
}

qsizetype indexOfTerm(const QString& text, const QString& term, qsizetype from)
{
    static const QRegularExpression before(QStringLiteral("([0-9A-Za-z]|[0-9][.,])$"));
    static const QRegularExpression after(QStringLiteral("^([.,]?[0-9]|[A-Za-z])"));
    const bool hasDigit = holdsDigit(term);
    const auto standsAlone = [&](qsizetype at) {
        const QStringView view(text);
        return !before.matchView(view.first(at).last(std::min<qsizetype>(at, 2))).hasMatch()
            && !after
                    .matchView(view.sliced(at + term.size())
                            .first(std::min<qsizetype>(text.size() - at - term.size(), 2)))
                    .hasMatch();
    };
    qsizetype at = text.indexOf(term, from, Qt::CaseInsensitive);
    while (at >= 0 && hasDigit && !standsAlone(at))
        at = text.indexOf(term, at + 1, Qt::CaseInsensitive);
    return at;
}

OfflineQuestion OfflineQuestion::of(const QString& text)
{
    // In a question that is all capitals they mean nothing.
    const QString spelled = text == text.toUpper() ? text.toLower() : text;
    QStringList terms = allTerms(spelled, false);
    if (terms.isEmpty())
        terms = allTerms(spelled, true);
    terms.removeIf([](const QString& term) { return term.size() < 2; });
    terms.removeDuplicates();
    return {.text = text,
        .terms = terms.first(std::min(terms.size(), maxTerms)),
        .wants = wantsOf(text),
        .unit = unitOf(spelled)};
}

} // namespace burrow
