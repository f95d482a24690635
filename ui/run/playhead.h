#pragma once

#include "trajectory/event.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace burrow {

class ShownRun;

/// A place in the journal of the run that is shown: every view shows the run as it was then. Nothing
/// executes.
class Playhead : public QObject {
    Q_OBJECT
public:
    /// @p run must outlive it.
    explicit Playhead(ShownRun& run, QObject* parent = nullptr);

    /// How many events have happened at the place; length() at the end.
    qsizetype position() const { return m_position; }
    /// 0 until the journal is read.
    qsizetype length() const { return m_events ? qsizetype(m_events->size()) : 0; }
    bool isAtEnd() const { return m_position == length(); }
    /// The event that happened last there; nullptr at the beginning.
    const Event* event() const;

    /// Reads the journal in the background where that was not done, and moves to @p position then.
    void moveTo(qsizetype position);
    void moveBy(qsizetype events);
    void moveToEnd();
    /// To the last event of the node with number @p id (RunTree::Node::id).
    void moveToNode(qint64 id);

Q_SIGNALS:
    void moved();
    void failed(const QString& problem);

private:
    using Events = std::shared_ptr<const std::vector<Event>>;

    void withEvents(std::function<void()> then);
    void forget();
    void show(qsizetype position);

    ShownRun& m_run;
    Events m_events;
    qsizetype m_position = 0;
    std::vector<std::function<void()>> m_then; ///< what waits for the journal; not empty while it is read
    bool m_isMoving = false; ///< the run that is shown changes through this
    int m_generation = 0; ///< of the run: what is read of an earlier one is dropped
};

} // namespace burrow
