#include "trajectory/difference.h"

#include "base/visible_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace burrow {

namespace {

constexpr qsizetype before = 20, after = 40; // bytes that show what a place is about

QString around(const QByteArray& text, qsizetype at)
{
    if (at >= text.size())
        return QCoreApplication::translate("Replay", "its end");
    const qsizetype lineStart = at == 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
    const qsizetype start = std::max(lineStart, at - before);
    qsizetype end = text.indexOf('\n', at);
    end = std::min(end < 0 ? text.size() : end, at + after);
    return u'“' + QString::fromUtf8(visibleText(text.sliced(start, end - start), LineMode::SingleLine))
        + u'”';
}

} // namespace

QString firstDifference(const QByteArray& recorded, const QByteArray& now)
{
    const auto [inRecorded, inNow] = std::ranges::mismatch(recorded, now);
    const qsizetype at = inRecorded - recorded.begin();
    const auto line = std::count(recorded.begin(), inRecorded, '\n') + 1;
    return QCoreApplication::translate("Replay", "line %1: recorded %2, now %3")
        .arg(line)
        .arg(around(recorded, at), around(now, at));
}

} // namespace burrow
