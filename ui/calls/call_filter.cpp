#include "calls/call_filter.h"

#include <QElapsedTimer>

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr auto slice = 8ms; // of a frame of 16 ms
constexpr int nodesBetweenLooksAtTheClock = 1024;

} // namespace

CallFilter::CallFilter(CallTreeModel& model, QObject* parent) : QSortFilterProxyModel(parent), m_model(model)
{
    setSortRole(CallTreeModel::SortRole);
    setSourceModel(&model);
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &CallFilter::searchSome);
    connect(&model, &CallTreeModel::aboutToAnnounce, this, &CallFilter::onChanges);
    connect(&model, &QAbstractItemModel::layoutAboutToBeChanged, this, &CallFilter::startAgain);
    connect(&model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_looked = m_matches = 0; });
    connect(&model, &QAbstractItemModel::modelReset, this, &CallFilter::start);
}

void CallFilter::setCriteria(CallCriteria criteria)
{
    if (criteria == m_criteria)
        return;
    m_criteria = std::move(criteria);
    start();
}

void CallFilter::start()
{
    m_shown.assign(size_t(m_model.run().tree().size()), false);
    m_isMatch = m_shown;
    m_shownBefore.clear();
    m_looked = m_matches = 0;
    if (m_criteria.isEmpty()) {
        m_timer.stop();
        invalidateRowsFilter();
        Q_EMIT searched();
        return;
    }
    m_timer.start();
    searchSome();
}

/// Another moment: what was shown stays until it is known what matches now, so that the eye keeps its place.
void CallFilter::startAgain()
{
    if (m_criteria.isEmpty())
        return;
    m_shownBefore = std::move(m_shown);
    m_shown.assign(size_t(m_model.run().tree().size()), false);
    m_isMatch = m_shown;
    m_looked = m_matches = 0;
    m_timer.start();
}

void CallFilter::searchSome()
{
    QElapsedTimer clock;
    clock.start();
    const int size = m_model.run().tree().size();
    while (m_looked < size && clock.durationElapsed() < slice) {
        for (int i = 0; i < nodesBetweenLooksAtTheClock && m_looked < size; ++i)
            look(NodeIndex(m_looked++));
    }
    const bool done = m_looked == size;
    if (done) {
        m_timer.stop();
        m_shownBefore.clear();
    }
    // The first slice and the last: in between the rows stay where the eye is.
    if (done || m_looked <= size / 4)
        invalidateRowsFilter();
    Q_EMIT searched();
}

void CallFilter::look(NodeIndex index)
{
    const RunTree& tree = m_model.run().tree();
    const auto at = size_t(index);
    if (m_shown.size() <= at) {
        m_shown.resize(size_t(tree.size()));
        m_isMatch.resize(size_t(tree.size()));
    }
    const bool match = isMatch(tree.node(index), index);
    m_matches += int(match) - int(m_isMatch[at]);
    m_isMatch[at] = match;
    // What was shown once stays until the criteria change: rows do not vanish under the eye.
    for (NodeIndex up = index; match && up != noNode && !m_shown[size_t(up)]; up = tree.node(up).parent)
        m_shown[size_t(up)] = true;
}

bool CallFilter::isMatch(const RunTree::Node& node, NodeIndex index) const
{
    if (m_criteria.state && shownState(node) != *m_criteria.state)
        return false;
    if (node.subtree.spent < m_criteria.leastCost)
        return false;
    if (m_criteria.text.isEmpty())
        return true;
    return nameOf(node).contains(m_criteria.text, Qt::CaseInsensitive)
        || m_model.run().modelName(node.model).contains(m_criteria.text, Qt::CaseInsensitive)
        || (m_criteria.text.contains(QLatin1Char('/'))
            && QString::fromLatin1(m_model.run().tree().path(index).text()).contains(m_criteria.text));
}

void CallFilter::onChanges(const RunTree::Changes& changes)
{
    if (m_criteria.isEmpty())
        return;
    const auto lookAgain = [this](NodeIndex node) {
        if (int(node) < m_looked)
            look(node);
    };
    for (const NodeIndex node : changes.changed)
        lookAgain(node);
    // Those that are new are looked at in the order in which they came.
    if (!isSearching())
        while (m_looked < m_model.run().tree().size())
            look(NodeIndex(m_looked++));
}

/// A view asks this of each row that it lays out, and the proxy would map all children of each to answer.
bool CallFilter::hasChildren(const QModelIndex& parent) const
{
    return m_criteria.isEmpty() ? m_model.hasChildren(mapToSource(parent))
                                : QSortFilterProxyModel::hasChildren(parent);
}

bool CallFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    if (m_criteria.isEmpty())
        return true;
    const auto node = size_t(m_model.node(m_model.index(row, 0, parent)));
    return (node < m_shown.size() && m_shown[node]) || (node < m_shownBefore.size() && m_shownBefore[node]);
}

} // namespace burrow
