#include "verdict.h"

#include <algorithm>

namespace burrow::escapes {

namespace {

bool hasSeen(const Outcome& outcome, const QByteArray& witness)
{
    return std::ranges::any_of(
        outcome.seen, [&](const Sighting& sighting) { return sighting.witness == witness; });
}

QByteArray sightingsOf(const Outcome& outcome)
{
    QByteArrayList lines;
    for (const Sighting& sighting : outcome.seen)
        lines << sighting.witness + ": " + sighting.what;
    return lines.join("; ");
}

/// Whether the system said no. A call that is merely wrong proves nothing.
bool isRefusal(const QByteArray& error, const QByteArrayList& alsoRefusals)
{
    static const QByteArrayList kinds = {"OSError", "PermissionError", "FileNotFoundError",
        "ProcessLookupError", "ConnectionRefusedError", "BlockingIOError", "ChildProcessError",
        "NotADirectoryError", "FileExistsError", "socket.gaierror"};
    const QByteArray exception = error.split(':').front();
    if (alsoRefusals.contains(exception))
        return true;
    const bool isWrongCall = error.contains("[Errno 22]") || error.contains("[Errno 14]");
    return kinds.contains(exception) && !isWrongCall;
}

Verdict judgeControl(const Attempt& attempt, const Outcome& outcome)
{
    const bool isSeen = attempt.seenBy == "word" ? outcome.status == "ok" : hasSeen(outcome, attempt.seenBy);
    if (isSeen)
        return {Verdict::Kind::Works, sightingsOf(outcome)};
    if (!attempt.controlNeeds.isEmpty())
        return {Verdict::Kind::NoControl, "needs " + attempt.controlNeeds};
    return {Verdict::Kind::Nothing, outcome.status + ' ' + outcome.error + ' ' + sightingsOf(outcome)};
}

} // namespace

bool Verdict::isGood() const
{
    return kind != Kind::Escaped && kind != Kind::Nothing && kind != Kind::Unclear;
}

const char* nameOf(Verdict::Kind kind)
{
    switch (kind) {
    case Verdict::Kind::Blocked:
        return "blocked";
    case Verdict::Kind::Contained:
        return "contained";
    case Verdict::Kind::Known:
        return "known";
    case Verdict::Kind::Escaped:
        return "ESCAPED";
    case Verdict::Kind::Works:
        return "works";
    case Verdict::Kind::Nothing:
        return "NOTHING";
    case Verdict::Kind::NoControl:
        return "none";
    case Verdict::Kind::Unclear:
        break;
    }
    return "UNCLEAR";
}

Verdict judge(const Attempt& attempt, Protection protection, const Outcome& outcome)
{
    if (!outcome.trouble.isEmpty())
        return {Verdict::Kind::Unclear, outcome.trouble};
    if (protection == Protection::None)
        return judgeControl(attempt, outcome);
    const QByteArray end = outcome.status + ' ' + outcome.error;
    const bool isExpected = attempt.containedWhen.contains(outcome.status);
    const bool isWordAlone = outcome.status == "ok" && !isExpected;
    if (!outcome.seen.isEmpty() || isWordAlone) {
        const bool isAsSaid = std::ranges::all_of(
            outcome.seen, [&](const Sighting& sighting) { return sighting.witness == attempt.seenBy; });
        if (protection == Protection::Strong && !attempt.knownAtStrong.isEmpty() && isAsSaid)
            return {Verdict::Kind::Known, attempt.knownAtStrong};
        return {Verdict::Kind::Escaped,
            outcome.seen.isEmpty() ? QByteArray("the guest says that it worked") : sightingsOf(outcome)};
    }
    if (outcome.status == "violation" || outcome.status == "refused"
        || (outcome.status == "raised" && isRefusal(outcome.error, attempt.blockedWith)))
        return {Verdict::Kind::Blocked, end};
    if (isExpected)
        return {Verdict::Kind::Contained, end};
    return {Verdict::Kind::Unclear, end};
}

} // namespace burrow::escapes
