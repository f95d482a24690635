#include "run/playhead.h"

#include "run/background.h"
#include "run/shown_run.h"
#include "trajectory/unfinished.h"

namespace burrow {

namespace {

/// What the branch has happened, and the marks of a run that was killed.
Result<std::vector<Event>> readEvents(const QString& path, int branch)
{
    Result<RunFile> file = RunFile::open(path, RunFile::Access::Read);
    if (!file)
        return std::unexpected(file.error());
    std::vector<Event> all;
    RunTree tree;
    const auto keep
        = [&all](std::span<const Event> events) { all.insert(all.end(), events.begin(), events.end()); };
    if (const Result<qint64> last = foldBranch(*file, branch, tree, keep); !last)
        return std::unexpected(last.error());
    return all;
}

} // namespace

Playhead::Playhead(ShownRun& run, QObject* parent) : QObject(parent), m_run(run)
{
    // Whatever else changes the run makes what was read stale.
    connect(&m_run, &ShownRun::wasReset, this, &Playhead::forget);
    connect(&m_run, &ShownRun::changed, this, &Playhead::forget);
}

void Playhead::forget()
{
    if (m_isMoving)
        return;
    ++m_generation;
    m_then.clear();
    if (!m_events)
        return;
    m_events.reset();
    m_position = 0;
    Q_EMIT moved();
}

const Event* Playhead::event() const
{
    return m_position > 0 ? &(*m_events)[size_t(m_position - 1)] : nullptr;
}

void Playhead::withEvents(std::function<void()> then)
{
    if (m_events)
        return then();
    if (m_run.path().isEmpty())
        return;
    m_then.push_back(std::move(then));
    if (m_then.size() > 1)
        return;
    inBackground(
        QThreadPool::globalInstance(), this,
        [path = m_run.path(), branch = m_run.branch()] { return readEvents(path, branch); },
        [this, generation = m_generation](Result<std::vector<Event>> events) {
            if (generation != m_generation)
                return;
            const auto waiting = std::exchange(m_then, {});
            if (!events) {
                Q_EMIT failed(events.error().message);
                return;
            }
            m_events = std::make_shared<std::vector<Event>>(std::move(*events));
            m_position = length();
            Q_EMIT moved();
            for (const auto& move : waiting)
                move();
        });
}

void Playhead::moveTo(qsizetype position)
{
    withEvents([this, position] { show(position); });
}

void Playhead::moveBy(qsizetype events)
{
    withEvents([this, events] { show(m_position + events); });
}

void Playhead::moveToEnd()
{
    if (m_events)
        show(length());
}

void Playhead::moveToNode(qint64 id)
{
    withEvents([this, id] {
        for (qsizetype i = length(); i > 0; --i) {
            if ((*m_events)[size_t(i - 1)].node == id)
                return show(i);
        }
    });
}

void Playhead::show(qsizetype position)
{
    position = qBound(qsizetype(0), position, length());
    if (position == m_position)
        return;
    m_isMoving = true;
    m_run.showMoment(*m_events, size_t(m_position), size_t(position));
    m_isMoving = false;
    m_position = position;
    Q_EMIT moved();
}

} // namespace burrow
