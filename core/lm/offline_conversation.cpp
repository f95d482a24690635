#include "lm/offline_conversation.h"

#include "lm/offline_cells.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace burrow {
namespace {

constexpr std::array allSteps
    = {OfflineStep::Look, OfflineStep::Weigh, OfflineStep::Search, OfflineStep::Read, OfflineStep::Answer};

const char* introductionOf(OfflineStep step)
{
    switch (step) {
    case OfflineStep::Look:
        return "I am the offline demo: keyword search, not a language model. First I look at the context.";
    case OfflineStep::Weigh:
        return "Then I see which words of the question are rare.";
    case OfflineStep::Search:
        return "Now I search the whole text for those words, the rarest first.";
    case OfflineStep::Read:
        return "I read around the best hits.";
    case OfflineStep::Answer:
        return "The best quote answers the question.";
    }
    return "";
}

/// Where the last line that begins with @p beginning has its rest; -1 where there is none.
qsizetype afterLastLine(const QByteArray& text, const QByteArray& beginning)
{
    const qsizetype at = text.lastIndexOf('\n' + beginning);
    if (at >= 0)
        return at + 1 + beginning.size();
    return text.startsWith(beginning) ? beginning.size() : -1;
}

std::optional<QString> questionIn(const QByteArray& message)
{
    const qsizetype at = afterLastLine(message, "Question:");
    if (at < 0)
        return std::nullopt;
    return QString::fromUtf8(message.sliced(at)).trimmed();
}

/// The messages from the one that asks on.
std::span<const Message> sinceQuestion(const std::vector<Message>& messages)
{
    for (size_t i = messages.size(); i-- > 0;) {
        if (messages[i].role == Role::User && questionIn(messages[i].text))
            return std::span(messages).subspan(i);
    }
    const auto first = std::ranges::find(messages, Role::User, &Message::role);
    return {first, messages.end()};
}

/// How far a conversation has come.
struct Progress {
    size_t stepsDone = 0;
    int fruitlessReplies = 0; ///< whose cells did not end as they should
    QByteArray best; ///< a literal of the best quote, from the output of the reading
};

Progress progressOf(std::span<const Message> messages)
{
    Progress progress;
    for (const Message& message : messages.subspan(1)) {
        if (message.role != Role::User)
            continue;
        const size_t before = progress.stepsDone;
        while (progress.stepsDone < allSteps.size()
            && afterLastLine(message.text, markOf(allSteps[progress.stepsDone])) >= 0)
            ++progress.stepsDone;
        if (progress.stepsDone == before)
            ++progress.fruitlessReplies;
        if (const qsizetype at = afterLastLine(message.text, "Best so far: "); at >= 0)
            progress.best = message.text.sliced(at).split('\n').first();
    }
    return progress;
}

QByteArray cell(const QByteArray& code)
{
    return "```repl\n" + code + "```\n";
}

QByteArray introduced(OfflineStep step, const QByteArray& code)
{
    return QByteArray(introductionOf(step)) + "\n\n" + cell(code);
}

QByteArray bestAsText(const Progress& progress)
{
    const QByteArray note = " (Offline demo: keyword search, not a language model.)";
    if (progress.best.isEmpty())
        return "I found nothing before the turns ended." + note;
    return "The best passage found is " + progress.best + '.' + note;
}

bool says(const QByteArray& text, const char* pattern)
{
    return QRegularExpression(QLatin1String(pattern), QRegularExpression::CaseInsensitiveOption)
        .match(QString::fromUtf8(text))
        .hasMatch();
}

size_t turnsLeft(const QByteArray& message)
{
    const qsizetype at = afterLastLine(message, "Turns left: ");
    return at < 0 ? allSteps.size() : size_t(message.sliced(at).split('.').first().toUInt());
}

} // namespace

QByteArray replyAsRoot(const std::vector<Message>& messages)
{
    const std::span<const Message> since = sinceQuestion(messages);
    if (since.empty())
        return bestAsText({});
    const OfflineQuestion question
        = OfflineQuestion::of(questionIn(since.front().text).value_or(QString::fromUtf8(since.front().text)));
    const bool knowsSubModels
        = messages.front().role != Role::System || messages.front().text.contains("llm_query");
    const auto codeOf = [&](OfflineStep step) {
        return cellFor(step, question, knowsSubModels ? SubModels::Present : SubModels::Absent);
    };

    const Progress progress = progressOf(since);
    const QByteArray& latest = since.back().text;
    if (since.size() > 1 && says(latest, "\\bsum up\\b|\\bsummar"))
        return "Keyword search is under way; the variables hold what it found. " + bestAsText(progress);
    const bool isLastTurn = since.size() > 1 && says(latest, "\\blast turn\\b|\\b(best|final) answer\\b");
    if (progress.fruitlessReplies > 1 || (progress.fruitlessReplies > 0 && isLastTurn))
        return isLastTurn ? bestAsText(progress) : "FINAL(" + bestAsText(progress) + ")";

    const bool startsAnew = progress.fruitlessReplies > 0; // a restarted REPL has lost its variables
    const std::span<const OfflineStep> steps
        = std::span(allSteps).subspan(startsAnew ? 0 : progress.stepsDone);
    if (steps.empty())
        return "FINAL(" + bestAsText(progress) + ")";
    if (startsAnew || isLastTurn) {
        QByteArray code;
        for (const OfflineStep step : steps)
            code += codeOf(step) + '\n';
        return "All steps in one cell.\n\n" + cell(code);
    }
    const size_t together = turnsLeft(latest) < steps.size() ? steps.size()
        : steps.front() == OfflineStep::Look                 ? 2
                                                             : 1;
    QByteArray reply;
    for (const OfflineStep step : steps.first(together))
        reply += introduced(step, codeOf(step)) + '\n';
    return reply;
}

} // namespace burrow
