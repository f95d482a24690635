#include "document/coverage.h"

#include "run/shown_run.h"

#include <QPromise>

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr auto settling = 300ms; // events of a run that stands may still come

} // namespace

Coverage::Coverage(ShownRun& run, QObject* parent) : QObject(parent), m_run(run)
{
    m_pool.setMaxThreadCount(1);
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &Coverage::look);
    connect(&m_run, &ShownRun::wholeWasReset, this, [this] {
        forget();
        lookSoon();
    });
    connect(&m_run, &ShownRun::branchesChanged, this, &Coverage::lookSoon); // it may be on disk only now
    connect(&m_run, &ShownRun::changed, this, [this] {
        m_upToDate.clear();
        m_isDone = false;
        lookSoon();
    });
    connect(&m_watcher, &QFutureWatcherBase::resultReadyAt, this, [this](int index) {
        const Known found = m_watcher.resultAt(index);
        m_known.insert(found->path, found);
        m_upToDate.insert(found->path);
        Q_EMIT changed();
    });
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] {
        m_isDone = !m_stop.stop_requested();
        Q_EMIT changed();
    });
}

Coverage::~Coverage()
{
    stop();
    m_pool.waitForDone();
}

QString Coverage::nameOf(qint64 node) const
{
    const NodeIndex index = m_run.whole().findId(node);
    return index == noNode ? QString() : QString::fromUtf8(m_run.whole().path(index).text());
}

void Coverage::setLookedAt(bool isLookedAt)
{
    m_isLookedAt = isLookedAt;
    lookSoon();
}

void Coverage::setStands(bool stands)
{
    m_stands = stands;
    lookSoon();
}

void Coverage::setShown(const QString& path)
{
    m_shown = path;
    if (!m_upToDate.contains(path)) {
        m_isDone = false;
        lookSoon();
    }
}

void Coverage::stop()
{
    m_soon.stop();
    m_stop.request_stop();
}

void Coverage::forget()
{
    stop();
    m_watcher.setFuture({}); // what it still brings is of another run
    m_upToDate.clear();
    m_isDone = false;
    if (m_known.isEmpty())
        return;
    m_known.clear();
    Q_EMIT changed();
}

void Coverage::lookSoon()
{
    if (!m_isLookedAt || !m_stands)
        stop();
    else if (!m_isDone && !m_run.path().isEmpty())
        m_soon.start(settling);
}

/// What was found before the run went on is shown until it is found anew.
void Coverage::look()
{
    m_stop.request_stop();
    m_stop = {};
    CoverageOrder order{.runFile = m_run.path(),
        .nodes = m_run.whole().nodes(),
        .answer = m_run.whole().totals().answer,
        .first = m_shown,
        .known = m_upToDate};
    const auto promise = std::make_shared<QPromise<Known>>();
    promise->start();
    m_watcher.setFuture(promise->future());
    m_pool.start([promise, order = std::move(order), stop = m_stop.get_token()] {
        // What cannot be read here is told where the run itself is read.
        std::ignore
            = findCoverage(order, [&promise](const Known& found) { promise->addResult(found); }, stop);
        promise->finish();
    });
    Q_EMIT changed();
}

} // namespace burrow
