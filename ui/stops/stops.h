#pragma once

#include "engine/breakpoint.h"
#include "trajectory/run_tree.h"

#include <QObject>

#include <vector>

namespace burrow {

/// Where runs are to stop, as a person said in this session, and where the one that plays stands now.
class Stops : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const std::vector<Breakpoint>& breakpoints() const { return m_breakpoints; }
    void add(Breakpoint breakpoint);
    void replace(size_t index, Breakpoint breakpoint);
    void remove(size_t index);
    void clear();
    /// Adds one that stops at @p path and below it, or removes those that name it.
    void toggle(const NodePath& path);
    bool hasAt(const NodePath& path) const;

    /// Nothing while the run goes on.
    const std::optional<Stop>& here() const { return m_here; }
    void setHere(std::optional<Stop> here);
    /// The node at which the run stands, or the nearest above it that @p tree has already.
    NodeIndex nodeIn(const RunTree& tree) const;

    /// Parts of the run that are held while the rest of it plays.
    const std::vector<NodePath>& held() const { return m_held; }
    bool isHeld(const NodePath& path) const;
    void hold(const NodePath& path);
    void letGo(const NodePath& path);
    void letAllGo();

Q_SIGNALS:
    void heldChanged();
    void breakpointsChanged();
    void hereChanged();

private:
    std::vector<Breakpoint> m_breakpoints;
    std::optional<Stop> m_here;
    std::vector<NodePath> m_held;
};

/// `before a request`, and so on; `anywhere` for none.
QString wordFor(std::optional<StopPoint> point);
/// What has to hold, in a line for people.
QString describe(const Breakpoint& breakpoint);

} // namespace burrow
