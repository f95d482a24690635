#include "lm/offline_reader.h"

#include "lm/offline_answer.h"
#include "lm/offline_question.h"

#include <QRegularExpression>

#include <cmath>
#include <vector>

namespace burrow {
namespace {

constexpr qsizetype maxSentence = 600; // characters: a text without full stops is cut between words
constexpr double nearby = 0.4; // what a word in a neighbouring sentence is worth

/// The end of the sentence that begins at @p start.
qsizetype sentenceEnd(const QString& text, qsizetype start)
{
    // After a full stop that no abbreviation or initial holds; after one of Chinese; at a line end, unless
    // the next line goes on in lower case as in wrapped prose.
    static const QRegularExpression end(QStringLiteral(
        "(?<=[.!?])(?<!\\b[A-Z]\\.)(?<!\\b(?:Mr|Dr|St|No|Jr|Sr|vs)\\.)(?<!\\b(?:Mrs|Inc|Ltd)\\.)"
        "[\"')\\]”’]*\\s+(?![a-z])|(?<=[。！？])[”’」』]*|\\n(?![a-z])"));
    const qsizetype limit = std::min(text.size(), start + maxSentence);
    const QRegularExpressionMatch match = end.matchView(QStringView(text).sliced(start, limit - start));
    if (match.hasMatch())
        return start + match.capturedEnd();
    if (limit == text.size())
        return limit;
    const qsizetype space = text.lastIndexOf(QLatin1Char(' '), limit - 1);
    return space > start ? space + 1 : limit;
}

std::vector<QString> sentencesOf(const QString& text, const StopToken& stop)
{
    std::vector<QString> sentences;
    for (qsizetype start = 0; start < text.size() && !stop.stop_requested();) {
        const qsizetype end = sentenceEnd(text, start);
        const QString sentence = text.sliced(start, end - start).trimmed();
        if (!sentence.isEmpty())
            sentences.push_back(sentence);
        start = end;
    }
    return sentences;
}

/// For each sentence the terms in it, as bits.
std::vector<quint64> termsIn(
    const std::vector<QString>& sentences, const QStringList& terms, const StopToken& stop)
{
    static_assert(OfflineQuestion::maxTerms <= 64);
    std::vector<quint64> found;
    for (const QString& sentence : sentences) {
        quint64 bits = 0;
        for (qsizetype i = 0; i < terms.size() && !stop.stop_requested(); ++i) {
            if (indexOfTerm(sentence, terms[i]) >= 0)
                bits |= quint64(1) << i;
        }
        found.push_back(bits);
    }
    return found;
}

std::vector<double> weightsOf(const std::vector<quint64>& found, qsizetype terms)
{
    std::vector<double> weights;
    for (qsizetype i = 0; i < terms; ++i) {
        const auto holding = std::ranges::count_if(found, [i](quint64 bits) { return bits >> i & 1; });
        weights.push_back(std::log(2.0 + double(found.size()) / double(holding + 1)));
    }
    return weights;
}

double weigh(quint64 bits, const std::vector<double>& weights)
{
    double sum = 0;
    for (size_t i = 0; i < weights.size(); ++i) {
        if (bits >> i & 1)
            sum += weights[i];
    }
    return sum;
}

struct Prompt {
    QString question;
    QString passage;
};

Prompt parsePrompt(const QString& prompt)
{
    static const QRegularExpression form(
        QStringLiteral("^Question:\\s*(.*?)(?:\\n\\s*\\n.*?)?^Passage:\\s*\\n(.*)$"),
        QRegularExpression::MultilineOption | QRegularExpression::DotMatchesEverythingOption);
    if (const auto match = form.match(prompt); match.hasMatch())
        return {match.captured(1).trimmed(), match.captured(2)};

    static const QRegularExpression asks(QStringLiteral("[?？]\\s*$"));
    const QStringList paragraphs = prompt.split(QStringLiteral("\n\n"), Qt::SkipEmptyParts);
    qsizetype question = -1;
    for (qsizetype i = 0; i < paragraphs.size(); ++i) {
        if (asks.match(paragraphs[i]).hasMatch()
            && (question < 0 || paragraphs[i].size() < paragraphs[question].size()))
            question = i;
    }
    if (question < 0)
        question = 0;
    QStringList others = paragraphs;
    if (!others.isEmpty())
        others.removeAt(question);
    return {paragraphs.value(question), others.join(QStringLiteral("\n\n"))};
}

} // namespace

OfflineReading readPassage(const QString& question, const QString& passage, const StopToken& stop)
{
    const OfflineQuestion asked = OfflineQuestion::of(question);
    const std::vector<QString> sentences = sentencesOf(passage, stop);
    const std::vector<quint64> found = termsIn(sentences, asked.terms, stop);
    const std::vector<double> weights = weightsOf(found, asked.terms.size());
    const bool wantsDigits
        = asked.wants == OfflineQuestion::Wants::Number || asked.wants == OfflineQuestion::Wants::Time;

    double best = 0;
    const QString* evidence = nullptr;
    for (size_t i = 0; i < sentences.size(); ++i) {
        if (found[i] == 0)
            continue;
        const quint64 around = (i > 0 ? found[i - 1] : 0) | (i + 1 < found.size() ? found[i + 1] : 0);
        const double score = weigh(found[i], weights) + nearby * weigh(around & ~found[i], weights)
            + (wantsDigits && holdsDigit(sentences[i]) ? 1 : 0);
        if (score > best) {
            best = score;
            evidence = &sentences[i];
        }
    }
    if (!evidence)
        return {};
    return {offlineAnswer(asked, *evidence), *evidence};
}

QByteArray readPrompt(const QByteArray& prompt, const StopToken& stop)
{
    const Prompt parsed = parsePrompt(QString::fromUtf8(prompt));
    const OfflineReading reading = readPassage(parsed.question, parsed.passage, stop);
    if (reading.evidence.isEmpty())
        return "NOTHING: no sentence of the passage shares a word with the question. (Offline demo: keyword "
               "search, "
               "not a language model.)";
    return "Answer: " + reading.answer.simplified().toUtf8() + "\nEvidence: " + reading.evidence.toUtf8();
}

} // namespace burrow
