#pragma once

#include "trajectory/event.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace burrow {

class Moments;
class ShownRun;

/// A place in the journal of the run that is shown: every view shows the run as it was then. Nothing
/// executes. What was is folded in the background; of several moves at once, the last is made.
class Playhead : public QObject {
    Q_OBJECT
public:
    /// @p run must outlive it.
    explicit Playhead(ShownRun& run, QObject* parent = nullptr);

    /// How many events have happened in what is shown; length() at the end.
    qsizetype position() const { return m_position; }
    /// Where it is on its way to.
    qsizetype target() const { return m_target; }
    /// 0 until the journal is read.
    qsizetype length() const;
    /// The journal, which takes a while where it is long.
    bool isReading() const { return !m_then.empty(); }
    bool isAtEnd() const { return m_position == length(); }
    /// The event that happened last in what is shown; nullptr at the beginning.
    const Event* lastEvent() const;

    /// Reads the journal where that was not done, and moves to @p position then.
    void moveTo(qsizetype position);
    void moveBy(qsizetype events);
    /// At once.
    void moveToEnd();
    /// To the last event that happened by @p time (since 1970).
    void moveToTime(std::chrono::microseconds time);
    /// To the last event of the node with number @p id (RunTree::Node::id).
    void moveToNode(qint64 id);

Q_SIGNALS:
    /// Or begins to read the journal.
    void moved();
    void failed(const QString& problem);

private:
    void withEvents(std::function<void()> then);
    const std::vector<Event>& events() const;
    void forget();
    void goTo(qsizetype position);
    void goOn();
    void fold();
    void arrive(qsizetype position, const std::function<void()>& change);

    ShownRun& m_run;
    std::shared_ptr<Moments> m_moments; ///< its trees belong to the background
    qsizetype m_position = 0;
    qsizetype m_target = 0;
    std::vector<std::function<void()>> m_then; ///< what waits for the journal; not empty while it is read
    bool m_isMoving = false; ///< the run that is shown changes through this
    bool m_isFolding = false;
    int m_generation = 0; ///< of the run: what is read of an earlier one is dropped
};

} // namespace burrow
