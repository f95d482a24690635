#include "stops/stops.h"

#include "base/quantities.h"
#include "base/visible_text.h"

namespace burrow {

void Stops::add(Breakpoint breakpoint)
{
    m_breakpoints.push_back(std::move(breakpoint));
    Q_EMIT breakpointsChanged();
}

void Stops::replace(size_t index, Breakpoint breakpoint)
{
    m_breakpoints.at(index) = std::move(breakpoint);
    Q_EMIT breakpointsChanged();
}

void Stops::remove(size_t index)
{
    m_breakpoints.erase(m_breakpoints.begin() + qsizetype(index));
    Q_EMIT breakpointsChanged();
}

void Stops::clear()
{
    m_breakpoints.clear();
    Q_EMIT breakpointsChanged();
}

void Stops::toggle(const NodePath& path)
{
    if (path.isEmpty())
        return;
    const auto removed
        = std::erase_if(m_breakpoints, [&](const Breakpoint& breakpoint) { return breakpoint.at == path; });
    if (removed == 0)
        m_breakpoints.push_back({.point = std::nullopt, .at = path});
    Q_EMIT breakpointsChanged();
}

bool Stops::hasAt(const NodePath& path) const
{
    return std::ranges::find(m_breakpoints, path, &Breakpoint::at) != m_breakpoints.end();
}

void Stops::setHere(std::optional<Stop> here)
{
    if (!m_here && !here)
        return;
    m_here = std::move(here);
    Q_EMIT hereChanged();
}

bool Stops::isHeld(const NodePath& path) const
{
    return std::ranges::contains(m_held, path);
}

void Stops::hold(const NodePath& path)
{
    if (path.isEmpty() || isHeld(path))
        return;
    m_held.push_back(path);
    Q_EMIT heldChanged();
}

void Stops::letGo(const NodePath& path)
{
    if (std::erase(m_held, path) > 0)
        Q_EMIT heldChanged();
}

void Stops::letAllGo()
{
    if (!std::exchange(m_held, {}).empty())
        Q_EMIT heldChanged();
}

NodeIndex Stops::nodeIn(const RunTree& tree) const
{
    for (NodePath at = m_here ? m_here->path : NodePath(); !at.isEmpty(); at = at.parent())
        if (const NodeIndex node = tree.findPath(at); node != noNode)
            return node;
    return noNode;
}

QString wordFor(std::optional<StopPoint> point)
{
    if (!point)
        return Stops::tr("anywhere");
    switch (*point) {
    case StopPoint::BeforeRequest:
        return Stops::tr("before a request");
    case StopPoint::AfterReply:
        return Stops::tr("after a reply");
    case StopPoint::BeforeCell:
        return Stops::tr("before a cell");
    case StopPoint::AtHostCall:
        return Stops::tr("at a sub-call");
    case StopPoint::AfterOutput:
        return Stops::tr("after an output");
    case StopPoint::BeforeAnswer:
        return Stops::tr("before an answer");
    }
    return {};
}

QString describe(const Breakpoint& breakpoint)
{
    const auto shown
        = [](const QByteArray& text) { return QString::fromUtf8(visibleText(text, LineMode::SingleLine)); };
    QStringList parts{wordFor(breakpoint.point)};
    if (!breakpoint.at.isEmpty())
        parts << Stops::tr("in %1").arg(QString::fromUtf8(breakpoint.at.text()));
    if (breakpoint.depth)
        parts << Stops::tr("depth %1").arg(*breakpoint.depth);
    if (!breakpoint.model.isEmpty())
        parts << Stops::tr("model %1").arg(shown(breakpoint.model));
    if (!breakpoint.text.isEmpty())
        parts << Stops::tr("text holds “%1”").arg(shown(breakpoint.text));
    if (breakpoint.cost)
        parts << Stops::tr("%1 spent").arg(formatMoney(*breakpoint.cost));
    if (breakpoint.tokens)
        parts << Stops::tr("%1 tokens used").arg(formatCount(*breakpoint.tokens));
    if (breakpoint.hits > 1)
        parts << Stops::tr("from match %1 on").arg(breakpoint.hits);
    if (breakpoint.logOnly)
        parts << Stops::tr("log only");
    return parts.join(QStringLiteral(", "));
}

} // namespace burrow
