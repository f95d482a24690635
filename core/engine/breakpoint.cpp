#include "engine/breakpoint.h"

#include "base/words.h"

#include <algorithm>

namespace burrow {

namespace {

constexpr std::pair<const char*, StopPoint> pointNames[] = {
    {"request", StopPoint::BeforeRequest},
    {"reply", StopPoint::AfterReply},
    {"cell", StopPoint::BeforeCell},
    {"call", StopPoint::AtHostCall},
    {"output", StopPoint::AfterOutput},
    {"answer", StopPoint::BeforeAnswer},
};

using words::tr;

/// Of the RLM call that @p path belongs to: how many calls with turns of their own lead to it.
int depthOf(const NodePath& path)
{
    int depth = -1;
    for (NodePath at = path; !at.isEmpty(); at = at.parent())
        depth += at.name() != "root" && at.name() != "cell" && at.name() != "call";
    return std::max(depth, 0);
}

bool takeCondition(Breakpoint& breakpoint, const QString& name, const QString& value)
{
    bool ok = true;
    if (name == QLatin1String("at")) {
        const auto path = NodePath::parse(value.toUtf8());
        ok = path.has_value();
        breakpoint.at = path.value_or(NodePath());
    } else if (name == QLatin1String("depth")) {
        breakpoint.depth = value.toInt(&ok);
    } else if (name == QLatin1String("model")) {
        breakpoint.model = value.toUtf8();
    } else if (name == QLatin1String("text")) {
        breakpoint.text = value.toUtf8();
    } else if (name == QLatin1String("cost")) {
        breakpoint.cost = MicroUsd{qint64(value.toDouble(&ok) * 1e6)};
    } else if (name == QLatin1String("tokens")) {
        breakpoint.tokens = value.toLongLong(&ok);
    } else if (name == QLatin1String("hits")) {
        breakpoint.hits = value.toInt(&ok);
        ok = ok && breakpoint.hits > 0;
    } else {
        ok = false;
    }
    return ok;
}

} // namespace

bool isWithin(const NodePath& path, const NodePath& scope)
{
    if (scope.isEmpty() || path == scope)
        return true;
    return path.text().startsWith(scope.text()) && path.text()[scope.text().size()] == '/';
}

bool Breakpoint::matches(const Stop& stop, const Spent& spent) const
{
    return (!point || *point == stop.point) && isWithin(stop.path, at)
        && (!depth || *depth == depthOf(stop.path)) && (model.isEmpty() || model == stop.model)
        && (text.isEmpty() || stop.text.contains(text)) && (!cost || spent.cost >= *cost)
        && (!tokens || spent.tokens >= *tokens);
}

Result<Breakpoint> parseBreakpoint(const QString& text)
{
    Breakpoint breakpoint;
    QString rest = text;
    while (!rest.isEmpty()) {
        const bool isLast = rest.startsWith(QLatin1String("text="));
        const qsizetype comma = isLast ? -1 : rest.indexOf(QLatin1Char(','));
        const QString part = rest.left(comma);
        rest = comma < 0 ? QString() : rest.sliced(comma + 1);
        const qsizetype equals = part.indexOf(QLatin1Char('='));
        const auto* const named = std::ranges::find(
            pointNames, part.toLatin1(), [](const auto& entry) { return QByteArray(entry.first); });
        if (named != std::end(pointNames))
            breakpoint.point = named->second;
        else if (part == QLatin1String("log"))
            breakpoint.logOnly = true;
        else if (equals < 0 || !takeCondition(breakpoint, part.left(equals), part.sliced(equals + 1)))
            return fail(ErrorCode::InvalidArgument,
                tr("'%1' is no condition to stop at: name request, reply, cell, call, output or answer, and "
                   "at=NODE, depth=N, model=NAME, cost=$, tokens=N, hits=N, log or text=PART.")
                    .arg(part));
    }
    if (text.isEmpty())
        return fail(ErrorCode::InvalidArgument, tr("There is nothing to stop at: name cell, for example."));
    return breakpoint;
}

QString describe(const Stop& stop)
{
    const auto words = [&] {
        switch (stop.point) {
        case StopPoint::BeforeRequest:
            return tr("before the request of %1");
        case StopPoint::AfterReply:
            return tr("after the reply to %1");
        case StopPoint::BeforeCell:
            return tr("before %1 runs");
        case StopPoint::AtHostCall:
            return tr("at a sub-call of %1");
        case StopPoint::AfterOutput:
            return tr("after the output of %1");
        case StopPoint::BeforeAnswer:
            return tr("before the answer of %1 is taken");
        }
        return QString();
    };
    return words().arg(QString::fromUtf8(stop.path.text()));
}

} // namespace burrow
