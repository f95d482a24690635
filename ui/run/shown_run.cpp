#include "run/shown_run.h"

#include "base/clock.h"
#include "base/visible_text.h"

#include <QElapsedTimer>

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr auto shortestInterval = 33ms; // at most 30 times a second
constexpr auto longestInterval = 500ms;
constexpr auto affordable = 8ms; // of a frame of 16 ms
constexpr size_t eventsAtOnce = 256;

} // namespace

ShownRun::ShownRun(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(shortestInterval);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &ShownRun::drain);
}

QString ShownRun::modelName(ModelId model) const
{
    const auto index = size_t(model);
    return index < m_run.models.size()
        ? visibleText(QString::fromUtf8(m_run.models[index]), LineMode::SingleLine)
        : QString();
}

std::chrono::microseconds ShownRun::now() const
{
    return isFollowing() && !isAtMoment() ? SystemClock().now() : tree().lastEvent();
}

void ShownRun::show(LoadedRun run)
{
    Q_EMIT aboutToReset();
    m_waiting.clear();
    m_folded = 0;
    m_moment.reset();
    m_run = std::move(run);
    Q_EMIT wholeWasReset();
    Q_EMIT wasReset();
    Q_EMIT branchesChanged();
}

void ShownRun::begin(RunSettings settings)
{
    LoadedRun run;
    run.settings = std::move(settings);
    show(std::move(run));
}

void ShownRun::setFile(const QString& path, int branch)
{
    m_run.path = path;
    m_run.branch = branch;
    Q_EMIT branchesChanged();
}

void ShownRun::setBranches(std::vector<Branch> branches)
{
    m_run.branches = std::move(branches);
    Q_EMIT branchesChanged();
}

void ShownRun::follow(RunFeed& feed, Begin begin)
{
    leaveMoment();
    m_beginsAnew = begin == Begin::Anew;
    m_feed = &feed;
    m_timer.start();
}

void ShownRun::endFollowing()
{
    if (!m_feed)
        return;
    fetch();
    m_feed = nullptr;
    m_beginsAnew = false;
    // What still waits is folded in the turns to come.
    if (m_waiting.empty())
        m_timer.stop();
}

void ShownRun::showMoment(RunTree tree)
{
    move(std::move(tree));
}

/// The moments of a run grow out of each other: nodes are only ever added, and those of one parent at its
/// end.
void ShownRun::move(std::optional<RunTree> moment)
{
    const int before = tree().size();
    const int after = (moment ? *moment : m_run.tree).size();
    Q_EMIT aboutToMove(qMin(before, after));
    m_moment = std::move(moment);
    std::vector<RunTree::Insert> inserts;
    QHash<NodeIndex, size_t> insertOf;
    for (int i = before; i < after; ++i) {
        const RunTree::Node& node = tree().node(NodeIndex(i));
        if (node.parent != noNode && int(node.parent) >= before)
            continue;
        if (!insertOf.contains(node.parent)) {
            insertOf.insert(node.parent, inserts.size());
            inserts.push_back({node.parent, node.row, 0});
        }
        ++inserts[insertOf.value(node.parent)].count;
    }
    Q_EMIT moved(inserts);
}

void ShownRun::advanceMoment(std::span<const Event> events)
{
    Q_EMIT changed(m_moment->apply(events));
}

void ShownRun::leaveMoment()
{
    if (m_moment)
        move(std::nullopt);
}

void ShownRun::drain()
{
    QElapsedTimer clock;
    clock.start();
    fetch();
    fold(affordable);
    const auto cost = std::chrono::ceil<std::chrono::milliseconds>(clock.durationElapsed());
    // A turn that took too long leaves four times as much for everything else.
    m_timer.setInterval(cost > affordable
            ? std::clamp(4 * cost, shortestInterval, std::chrono::milliseconds(longestInterval))
            : std::chrono::milliseconds(shortestInterval));
    if (!m_feed && m_waiting.empty())
        m_timer.stop();
}

void ShownRun::fetch()
{
    if (!m_feed)
        return;
    RunFeed::Batch batch = m_feed->drain();
    if (!batch.events.empty() && std::exchange(m_beginsAnew, false)) {
        LoadedRun run = std::move(m_run);
        run.tree = {};
        run.lastSeq = 0;
        show(std::move(run));
    }
    if (!batch.models.empty())
        m_run.models = std::move(batch.models);
    // A run that is taken up again is fed from its first event on.
    std::erase_if(batch.events, [this](const Event& event) { return event.seq <= m_run.lastSeq; });
    if (batch.events.empty())
        return;
    m_run.lastSeq = batch.events.back().seq;
    m_waiting.push_back(std::move(batch.events));
}

void ShownRun::fold(std::chrono::microseconds budget)
{
    QElapsedTimer clock;
    clock.start();
    while (!m_moment && !m_waiting.empty() && clock.durationElapsed() < budget) {
        const std::vector<Event>& events = m_waiting.front();
        const std::span<const Event> all(events);
        const auto some = all.subspan(m_folded, qMin(eventsAtOnce, all.size() - m_folded));
        m_folded += some.size();
        Q_EMIT changed(m_run.tree.apply(some));
        if (m_folded == all.size()) {
            m_waiting.pop_front();
            m_folded = 0;
        }
    }
}

} // namespace burrow
