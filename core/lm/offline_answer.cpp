#include "lm/offline_answer.h"

#include <QRegularExpression>

#include <limits>
#include <vector>

namespace burrow {
namespace {

/// For each character of @p sentence, whether it belongs to one of @p terms.
std::vector<bool> covered(const QStringList& terms, const QString& sentence)
{
    std::vector<bool> marks(size_t(sentence.size()), false);
    for (const QString& term : terms) {
        for (qsizetype at = 0; (at = indexOfTerm(sentence, term, at)) >= 0; at += term.size())
            std::fill_n(marks.begin() + at, term.size(), true);
    }
    return marks;
}

qsizetype distanceToCovered(const std::vector<bool>& marks, qsizetype start, qsizetype end)
{
    const auto size = qsizetype(marks.size());
    for (qsizetype distance = 0; distance < size; ++distance) {
        const qsizetype left = start - 1 - distance, right = end + distance;
        if ((left >= 0 && marks[size_t(left)]) || (right < size && marks[size_t(right)]))
            return distance;
    }
    return std::numeric_limits<qsizetype>::max();
}

/// The match of @p pattern that stands nearest to the question's words, or to what it counts, and is not
/// among them.
QString nearestMatch(const QString& pattern, const OfflineQuestion& question, const QString& sentence)
{
    std::vector<bool> marks = covered(question.terms, sentence);
    if (!question.unit.isEmpty() && sentence.contains(question.unit, Qt::CaseInsensitive))
        marks = covered({question.unit}, sentence);
    QString nearest;
    qsizetype shortest = std::numeric_limits<qsizetype>::max();
    for (const auto& match :
        QRegularExpression(pattern, QRegularExpression::UseUnicodePropertiesOption).globalMatch(sentence)) {
        const QString text = match.captured();
        if (question.text.contains(text, Qt::CaseInsensitive))
            continue;
        const qsizetype distance = distanceToCovered(marks, match.capturedStart(), match.capturedEnd());
        if (nearest.isEmpty() || distance < shortest) {
            nearest = text;
            shortest = distance;
        }
    }
    return nearest;
}

/// Whether @p part of a sentence, after @p before, tells a place.
bool tellsPlace(const QString& before, const QString& part)
{
    static const QRegularExpression preposition(QStringLiteral(
        "^(?:(?:is|was|are|were|lies|lay) "
        ")?(above|at|behind|below|beside|between|from|in|inside|near|next|on|over|to|under)\\b"));
    return preposition.match(part).hasMatch()
        || (!before.isEmpty() && QStringView(u"在于到").contains(before.back()));
}

/// Whether @p part reads as the name of a person in Chinese: a common surname and one or two characters more.
bool isChineseName(const QString& part)
{
    static const QRegularExpression name(
        QStringLiteral(
            "^(?:[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
            "贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷"
            "钱汤尹黎易常武乔贺赖龚文]|欧阳|司马|上官|诸葛)\\p{Han}{1,2}$"),
        QRegularExpression::UseUnicodePropertiesOption);
    return name.match(part).hasMatch();
}

/// The longest stretch without a word of the question, without function words and punctuation around it.
QString longestUncovered(const OfflineQuestion& question, const QString& sentence)
{
    using Wants = OfflineQuestion::Wants;
    QString breaks = QStringLiteral(",;:，；：。.!?！？");
    if (question.wants == Wants::Person || question.wants == Wants::Name)
        breaks += QStringLiteral("由以在把被是的了叫"); // a Chinese name ends where a function word begins
    if (question.wants == Wants::Place)
        breaks += QStringLiteral("在于到");
    const std::vector<bool> marks = covered(question.terms, sentence);
    QString longest;
    qsizetype start = 0;
    for (qsizetype i = 0; i <= sentence.size(); ++i) {
        if (i < sentence.size() && !marks[size_t(i)] && !breaks.contains(sentence[i]))
            continue;
        // The rest of a word whose stem is covered belongs to it.
        while (start > 0 && start < i && marks[size_t(start - 1)] && sentence[start].isLower())
            ++start;
        const QString part = sentence.sliced(start, std::max<qsizetype>(0, i - start)).trimmed();
        if (question.wants == Wants::Person && isChineseName(part))
            return part;
        if (part.size() > longest.size()
            && (question.wants != Wants::Place || tellsPlace(sentence.first(start), part)))
            longest = part;
        start = i + 1;
    }
    static const QRegularExpression edges(QStringLiteral("^(?:(?:is|was|are|were|of|the|a|an|to|by|as)\\b\\s*"
                                                         "|[和在是把的了由叫名]|[\"'“”\\s])+|[\"'“”\\s]+$"));
    return longest.remove(edges);
}

/// The kinds of thing that a question wants, as patterns; the best first.
QStringList patternsFor(OfflineQuestion::Wants wants)
{
    using Wants = OfflineQuestion::Wants;
    // A capital at the beginning of a sentence makes no name.
    const QString opener
        = QStringLiteral("(?!(?:A|After|All|Among|An|And|As|At|Before|But|By|For|From|He|If|In|It|Not?|Of"
                         "|On|Once|She|Some|That|The|Then|There|They|This|To|We|When|While|With)\\b)");
    const QString word = opener + QStringLiteral("\\p{Lu}[\\p{Latin}\\p{Greek}\\p{Cyrillic}\\p{N}'’-]*");
    const QString nextWord = QStringLiteral("(?: (?:of |de |von |van |& )?%1)").arg(word);
    const QString name
        = QStringLiteral("(?:(?:Dr|Mrs?|Ms|Prof|St)\\. )?") + word + nextWord + QLatin1Char('*');
    const QString fullName
        = QStringLiteral("\\b(?:(?:Dr|Mrs?|Ms|Prof|St)\\. )?") + word + nextWord + QLatin1Char('+');
    const QString number = QStringLiteral(
        "(?<![A-Za-z0-9])(?=[A-Za-z.,:/_-]*[0-9])[A-Za-z0-9](?:[A-Za-z0-9]|[.,:/_-](?=[A-Za-z0-9]))*%?");
    const QString numeral
        = QStringLiteral("(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\\w+teen|twenty|"
                         "thirty|forty|fifty|sixty"
                         "|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|billions?)");
    const QString numberInWords
        = QStringLiteral("(?i)\\b%1(?:(?: and |[ -])%1)*\\b|[〇零一二两三四五六七八九十百千万亿]+")
              .arg(numeral);
    const QString quoted = QStringLiteral("(?<=[\"“「『])[^\"“”「」『』]+(?=[\"”」』])");
    switch (wants) {
    case Wants::Time: {
        const QString month = QStringLiteral("(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\.?");
        return {QStringLiteral("\\b\\d{1,2}(?:st|nd|rd|th)? (?:of )?%1 \\d{3,4}\\b").arg(month),
            QStringLiteral("\\b%1 \\d{1,2}(?:st|nd|rd|th)?,? \\d{3,4}\\b").arg(month),
            QStringLiteral("\\d{4}-\\d{2}-\\d{2}(?:[ T]\\d{2}:\\d{2}(?::\\d{2})?)?"),
            QStringLiteral("\\d{1,4}年(?:\\d{1,2}月(?:\\d{1,2}日)?)?|\\d{1,2}月\\d{1,2}日"),
            QStringLiteral("(?:上午|下午|晚上|凌晨|中午)?\\d{1,2}(?::\\d{2}|点(?:\\d{1,2}分|半)?)(?::\\d{2})?"
                           "(?: ?[ap]\\.?m\\.?| in the \\w+| sharp| o'clock)?"),
            QStringLiteral("\\b(?:1\\d|20)\\d{2}\\b"),
            QStringLiteral("\\b\\d{1,2} %1|\\b%1 \\d{1,2}\\b|\\b\\p{Lu}\\w+day\\b").arg(month)};
    }
    case Wants::Number:
        return {number, numberInWords, quoted};
    case Wants::Person:
        return {fullName, QStringLiteral("\\b") + name};
    case Wants::Place:
        return {QStringLiteral("\\b(?<=in |at |near |from |to |on )(?:the )?") + name};
    case Wants::Name:
        return {quoted, QStringLiteral("\\b") + name, number};
    case Wants::Anything:
        break;
    }
    return {};
}

} // namespace

QString offlineAnswer(const OfflineQuestion& question, const QString& sentence)
{
    QString answer;
    for (const QString& pattern : patternsFor(question.wants)) {
        if (answer.isEmpty())
            answer = nearestMatch(pattern, question, sentence);
    }
    using Wants = OfflineQuestion::Wants;
    const bool mayBePhrase
        = question.wants == Wants::Person || question.wants == Wants::Place || question.wants == Wants::Name;
    if (answer.isEmpty() && mayBePhrase)
        answer = longestUncovered(question, sentence);
    return answer.size() < 2 || answer.size() * 3 > sentence.size() * 2 ? sentence : answer;
}

} // namespace burrow
