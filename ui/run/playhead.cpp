#include "run/playhead.h"

#include "run/background.h"
#include "run/shown_run.h"
#include "trajectory/moments.h"

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr qsizetype foldedAtOnce = 256; ///< events that the window's thread folds in far less than a frame

} // namespace

Playhead::Playhead(ShownRun& run, QObject* parent) : QObject(parent), m_run(run)
{
    // Whatever else changes the run makes what was read stale.
    connect(&m_run, &ShownRun::wasReset, this, &Playhead::forget);
    connect(&m_run, &ShownRun::moved, this, &Playhead::forget);
    connect(&m_run, &ShownRun::changed, this, &Playhead::forget);
}

void Playhead::forget()
{
    if (m_isMoving)
        return;
    ++m_generation;
    m_isFolding = false;
    if (!m_moments && !isReading())
        return;
    m_then.clear();
    m_moments.reset();
    m_position = m_target = 0;
    Q_EMIT moved();
}

const std::vector<Event>& Playhead::events() const
{
    return m_moments->events();
}

qsizetype Playhead::length() const
{
    return m_moments ? qsizetype(events().size()) : 0;
}

const Event* Playhead::lastEvent() const
{
    return m_position > 0 ? &events()[size_t(m_position - 1)] : nullptr;
}

void Playhead::withEvents(std::function<void()> then)
{
    if (m_moments)
        return then();
    if (m_run.path().isEmpty())
        return;
    m_then.push_back(std::move(then));
    if (m_then.size() > 1)
        return;
    Q_EMIT moved();
    inBackground(
        QThreadPool::globalInstance(), this,
        [path = m_run.path(), branch = m_run.branch()] { return Moments::read(path, branch); },
        [this, generation = m_generation](Result<Moments> moments) {
            if (generation != m_generation)
                return;
            const auto waiting = std::exchange(m_then, {});
            if (!moments) {
                Q_EMIT moved();
                Q_EMIT failed(moments.error().message);
                return;
            }
            m_moments = std::make_shared<Moments>(std::move(*moments));
            m_position = m_target = length();
            Q_EMIT moved();
            for (const auto& move : waiting)
                move();
        });
}

void Playhead::moveTo(qsizetype position)
{
    withEvents([this, position] { goTo(position); });
}

void Playhead::moveBy(qsizetype events)
{
    withEvents([this, events] { goTo(m_target + events); });
}

void Playhead::moveToEnd()
{
    if (m_moments)
        goTo(length());
}

void Playhead::moveToTime(std::chrono::microseconds time)
{
    withEvents([this, time] {
        goTo(std::ranges::upper_bound(events(), time, {}, &Event::time) - events().begin());
    });
}

void Playhead::moveToNode(qint64 id)
{
    withEvents([this, id] {
        // From where the node ended back: all of a long journal is not looked through on this thread.
        const NodeIndex node = m_run.whole().findId(id);
        const auto ended = node == noNode ? 0us : m_run.whole().node(node).ended;
        const auto behind
            = ended > 0us ? std::ranges::upper_bound(events(), ended, {}, &Event::time) : events().end();
        const auto found = std::ranges::find(
            std::reverse_iterator(behind), std::reverse_iterator(events().begin()), id, &Event::node);
        goTo(found.base() - events().begin());
    });
}

void Playhead::goTo(qsizetype position)
{
    m_target = qBound(qsizetype(0), position, length());
    goOn();
}

/// Towards the target, unless that is on its way.
void Playhead::goOn()
{
    if (m_target == m_position)
        return;
    if (m_target == length()) {
        arrive(m_target, [this] { m_run.leaveMoment(); });
    } else if (!isAtEnd() && m_target > m_position && m_target - m_position <= foldedAtOnce) {
        const auto next = std::span(events()).subspan(size_t(m_position), size_t(m_target - m_position));
        arrive(m_target, [this, next] { m_run.advanceMoment(next); });
    } else if (!m_isFolding) {
        fold();
    }
}

void Playhead::fold()
{
    m_isFolding = true;
    inBackground(
        QThreadPool::globalInstance(), this,
        [moments = m_moments, position = m_target] { return moments->at(size_t(position)); },
        [this, position = m_target, generation = m_generation](RunTree tree) {
            if (generation != m_generation)
                return;
            m_isFolding = false;
            // A person who drags sees what lies on the way.
            if (m_target != m_position)
                arrive(position, [this, &tree] { m_run.showMoment(std::move(tree)); });
            goOn();
        });
}

void Playhead::arrive(qsizetype position, const std::function<void()>& change)
{
    m_isMoving = true;
    change();
    m_isMoving = false;
    m_position = position;
    Q_EMIT moved();
}

} // namespace burrow
