#include "run/shown_run.h"

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

void ShownRun::show(LoadedRun run)
{
    Q_EMIT aboutToReset();
    m_waiting.clear();
    m_folded = 0;
    m_isAtMoment = false;
    m_run = std::move(run);
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
    // A part of the tree cannot go on.
    m_beginsAnew = begin == Begin::Anew || m_isAtMoment;
    m_isAtMoment = false;
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

void ShownRun::showMoment(const std::vector<Event>& events, size_t before, size_t count)
{
    const std::span<const Event> all(events);
    m_isAtMoment = count < events.size();
    if (!events.empty()) {
        // The feed has brought some of them, too.
        const qint64 last = events.back().seq;
        m_run.lastSeq = qMax(m_run.lastSeq, last);
        for (std::vector<Event>& waiting : m_waiting)
            std::erase_if(waiting, [last](const Event& event) { return event.seq <= last; });
        std::erase_if(m_waiting, [](const std::vector<Event>& waiting) { return waiting.empty(); });
        m_folded = 0;
    }
    if (count > before) {
        Q_EMIT changed(m_run.tree.apply(all.subspan(before, count - before)));
        return;
    }
    Q_EMIT aboutToReset();
    m_run.tree = {};
    m_run.tree.apply(all.first(count));
    Q_EMIT wasReset();
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
    while (!m_isAtMoment && !m_waiting.empty() && clock.durationElapsed() < budget) {
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
