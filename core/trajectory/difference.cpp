#include "trajectory/difference.h"

#include "base/json.h"
#include "base/visible_text.h"
#include "base/words.h"

#include <algorithm>

namespace burrow {

namespace {

constexpr qsizetype before = 20, after = 40; // bytes that show what a place is about

using words::tr;

QString quoted(const QByteArray& text)
{
    return u'“' + QString::fromUtf8(visibleText(text, LineMode::SingleLine)) + u'”';
}

/// Where the character begins that holds byte @p at of UTF-8 text.
qsizetype characterAt(const QByteArray& text, qsizetype at)
{
    while (at > 0 && at < text.size() && (uchar(text[at]) & 0xc0) == 0x80)
        --at;
    return at;
}

QString around(const QByteArray& text, qsizetype at)
{
    if (at >= text.size())
        return tr("its end");
    const qsizetype lineStart = at == 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
    const qsizetype start = characterAt(text, std::max(lineStart, at - before));
    qsizetype end = text.indexOf('\n', at);
    end = characterAt(text, std::min(end < 0 ? text.size() : end, at + after));
    return quoted(text.sliced(start, end - start));
}

QString recordedAndNow(const QString& recorded, const QString& now)
{
    return tr("recorded %1, now %2").arg(recorded, now);
}

/// What a person reads of a captured text.
QByteArray shown(const CapturedText& text)
{
    return text.droppedChars == 0
        ? text.head
        : text.head + "\n(" + QByteArray::number(text.droppedChars) + " characters)\n" + text.tail;
}

QString shown(const Variable& variable)
{
    const QString type = QString::fromUtf8(visibleText(variable.type, LineMode::SingleLine));
    return variable.length < 0 ? type : tr("%1 of length %2").arg(type).arg(variable.length);
}

QString shown(const std::vector<Variable>& variables, const QByteArray& name)
{
    const auto found = std::ranges::find(variables, name, &Variable::name);
    return found == variables.end() ? tr("none") : shown(*found);
}

QString variableDifference(const std::vector<Variable>& recorded, const std::vector<Variable>& now)
{
    std::vector<Variable> all = recorded;
    all.insert(all.end(), now.begin(), now.end());
    const auto isTheSame = [&](const Variable& variable) {
        return std::ranges::find(recorded, variable) != recorded.end()
            && std::ranges::find(now, variable) != now.end();
    };
    const auto another = std::ranges::find_if_not(all, isTheSame);
    return another == all.end()
        ? QString()
        : tr("its variable %1: %2")
              .arg(QString::fromUtf8(visibleText(another->name, LineMode::SingleLine)),
                  recordedAndNow(shown(recorded, another->name), shown(now, another->name)));
}

} // namespace

QString firstDifference(const QByteArray& recorded, const QByteArray& now)
{
    const auto [inRecorded, inNow] = std::ranges::mismatch(recorded, now);
    const qsizetype at = characterAt(recorded, inRecorded - recorded.begin());
    const auto line = std::count(recorded.begin(), recorded.begin() + at, '\n') + 1;
    return tr("line %1: %2").arg(line).arg(recordedAndNow(around(recorded, at), around(now, at)));
}

QString outputDifference(const CellOutput& recorded, const CellOutput& now)
{
    if (recorded.status != now.status)
        return tr("how it ended");
    const auto differs = [](const QString& what, const QByteArray& one, const QByteArray& other) {
        return one == other ? QString() : tr("%1, %2").arg(what, firstDifference(one, other));
    };
    for (const QString& difference : {
             differs(tr("its output"), shown(recorded.out), shown(now.out)),
             differs(tr("its errors"), shown(recorded.err), shown(now.err)),
             differs(tr("its value"), shown(recorded.value), shown(now.value)),
             differs(
                 tr("its answer"), recorded.answer.value_or(QByteArray()), now.answer.value_or(QByteArray())),
             differs(tr("its draft of the answer"), recorded.answerDraft, now.answerDraft),
             variableDifference(recorded.variables, now.variables),
         })
        if (!difference.isEmpty())
            return difference;
    return recorded == now ? QString() : tr("the limit that it ran into, or what was lost with its process");
}

QString parameterDifference(const QByteArray& recorded, const QByteArray& now)
{
    using Json = nlohmann::json;
    const Json then = parseJson(recorded);
    const Json here = parseJson(now);
    if (!then.is_object() || !here.is_object())
        return {};
    const std::pair<const char*, QString> names[] = {{"endpoint", tr("the server that it asks")},
        {"model", tr("its model")}, {"max_output_tokens", tr("the tokens of its reply, at most")},
        {"temperature", tr("its temperature")}, {"sample", tr("which sample it is")}};
    const auto shownIn = [](const Json& json, const char* key) {
        return QString::fromUtf8(visibleText(toText(json.value(key, Json())), LineMode::SingleLine));
    };
    for (const auto& [key, name] : names)
        if (then.value(key, Json()) != here.value(key, Json()))
            return tr("%1: %2").arg(name, recordedAndNow(shownIn(then, key), shownIn(here, key)));
    return {};
}

} // namespace burrow
