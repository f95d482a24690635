#include "calls/calls_view.h"

#include "base/quantities.h"
#include "look/look.h"
#include "trajectory/node_words.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTreeView>
#include <QVBoxLayout>

namespace burrow {

namespace {

using namespace std::chrono_literals;

// More rows than a person follows; folded, each costs nothing.
constexpr int mostRowsExpandedAlone = 400;
constexpr int mostMatchesExpanded = 2000;

} // namespace

CallsView::CallsView(ShownRun& run, QWidget* parent)
    : QWidget(parent), m_run(run), m_model(run), m_filter(m_model), m_tree(new QTreeView(this))
{
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(0);
    box->addWidget(makeFilterBar());
    box->addWidget(m_tree, 1);
    setupTree();
    setupActions();
    connect(&m_filter, &CallFilter::searched, this, &CallsView::onSearched);
    connect(&m_run, &ShownRun::changed, this, &CallsView::onChanged);
    connect(&m_run, &ShownRun::wasReset, this, [this] { expandNew(noNode); });
    connect(&m_model, &CallTreeModel::aboutToMove, this, &CallsView::beforeMove);
    connect(&m_run, &ShownRun::moved, this, &CallsView::afterMove);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        if (m_run.isFollowing() && isVisible())
            m_tree->viewport()->update();
    });
    m_clock.start(500ms);
}

QWidget* CallsView::makeFilterBar()
{
    auto* const bar = new QWidget(this);
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(6, 4, 6, 4);
    row->setSpacing(6);

    m_text = new QLineEdit(bar);
    m_text->setPlaceholderText(tr("Filter by name, model or path"));
    m_text->setAccessibleName(tr("Filter calls by text"));
    m_text->setToolTip(tr("Show only calls whose name, model or path contains this text"));
    m_text->setClearButtonEnabled(true);
    m_state = new QComboBox(bar);
    m_state->setAccessibleName(tr("Filter calls by state"));
    m_state->setToolTip(tr("Show only calls in this state"));
    m_state->addItem(tr("Any state"));
    for (const ShownState state : everyShownState)
        m_state->addItem(wordFor(state), int(state));
    m_cost = new QLineEdit(bar);
    m_cost->setPlaceholderText(tr("$ at least"));
    m_cost->setAccessibleName(tr("Filter calls by cost"));
    m_cost->setToolTip(tr("Show only calls that cost at least so much, with all below them"));
    m_cost->setMaximumWidth(m_cost->fontMetrics().horizontalAdvance(QStringLiteral("$ at least 000")));
    m_found = new QLabel(bar);
    m_found->setTextFormat(Qt::PlainText);
    m_found->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(m_text, 1);
    row->addWidget(m_state);
    row->addWidget(m_cost);
    row->addWidget(m_found);

    connect(m_text, &QLineEdit::textChanged, this, &CallsView::applyFilter);
    connect(m_cost, &QLineEdit::textChanged, this, &CallsView::applyFilter);
    connect(m_state, &QComboBox::currentIndexChanged, this, &CallsView::applyFilter);
    return bar;
}

void CallsView::setupTree()
{
    m_tree->setModel(&m_filter);
    m_tree->setAccessibleName(tr("Calls"));
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setSortingEnabled(true);
    m_tree->sortByColumn(-1, Qt::AscendingOrder);
    m_tree->setIndentation(14);
    m_tree->setTextElideMode(Qt::ElideMiddle); // a batch ends with how many calls failed
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    QHeaderView* const header = m_tree->header();
    header->setSortIndicatorClearable(true);
    header->setStretchLastSection(false);
    header->setSectionResizeMode(CallTreeModel::Name, QHeaderView::Stretch);
    header->setMinimumSectionSize(48);
    const QFontMetrics metrics(font());
    const auto width = [&](int column, const char* widest) {
        header->resizeSection(column, metrics.horizontalAdvance(QString::fromUtf8(widest)) + 14);
    };
    width(CallTreeModel::State, "outcome unk");
    width(CallTreeModel::Model, "gpt-5-min");
    width(CallTreeModel::Money, "≤$0.000000");
    width(CallTreeModel::Tokens, "≤00,000,000");
    width(CallTreeModel::Seconds, "Seconds");
    width(CallTreeModel::Badge, "diverged");
    m_tree->setColumnHidden(CallTreeModel::State, true);
    setMargin();
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QWidget::customContextMenuRequested, this, &CallsView::chooseColumns);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
        [this](const QModelIndex& index) { Q_EMIT currentChanged(m_filter.node(index)); });
    connect(m_tree, &QTreeView::activated, this,
        [this](const QModelIndex& index) { Q_EMIT activated(m_filter.node(index)); });
}

/// A column before the others, as wide as a mark: the tree itself still stands in the first one.
void CallsView::setMargin()
{
    constexpr int markWidth = 24;
    QHeaderView* const header = m_tree->header();
    header->moveSection(header->visualIndex(CallTreeModel::Mark), 0);
    header->setMinimumSectionSize(markWidth);
    header->setSectionResizeMode(CallTreeModel::Mark, QHeaderView::Fixed);
    header->resizeSection(CallTreeModel::Mark, markWidth);
    m_tree->setTreePosition(CallTreeModel::Name);
    connect(&m_model, &CallTreeModel::marksChanged, this, [this] { m_tree->viewport()->update(); });
}

void CallsView::setStops(Stops& stops)
{
    m_model.setStops(stops);
    connect(m_tree, &QTreeView::clicked, this, [this, &stops](const QModelIndex& index) {
        if (index.column() == CallTreeModel::Mark)
            stops.toggle(m_run.tree().path(m_filter.node(index)));
    });
}

void CallsView::setupActions()
{
    m_tree->setContextMenuPolicy(Qt::ActionsContextMenu);
    addTreeAction(tr("Copy Calls as &Text"), QKeySequence::Copy, &CallsView::copy);
    addTreeAction(tr("&Filter Calls"), QKeySequence::Find, &CallsView::focusFilter);
    addTreeAction(tr("&Next Sibling"), QKeySequence(Qt::ALT | Qt::Key_Down), &CallsView::toNextSibling);
    addTreeAction(tr("&Previous Sibling"), QKeySequence(Qt::ALT | Qt::Key_Up), &CallsView::toPreviousSibling);
}

QAction* CallsView::addTreeAction(const QString& text, const QKeySequence& keys, void (CallsView::*slot)())
{
    auto* const action = new QAction(text, this);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(QString(text).remove(QLatin1Char('&')));
    connect(action, &QAction::triggered, this, slot);
    m_tree->addAction(action);
    m_actions << action;
    return action;
}

NodeIndex CallsView::current() const
{
    return m_filter.node(m_tree->currentIndex());
}

void CallsView::setCurrent(NodeIndex node)
{
    const QModelIndex index = m_filter.indexOf(node);
    if (!index.isValid() || index == m_tree->currentIndex())
        return;
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
}

QByteArray CallsView::saveColumns() const
{
    return m_tree->header()->saveState();
}

void CallsView::restoreColumns(const QByteArray& columns)
{
    m_tree->header()->restoreState(columns);
    setMargin();
}

void CallsView::applyFilter()
{
    CallCriteria criteria{.text = m_text->text().trimmed()};
    if (m_state->currentIndex() > 0)
        criteria.state = ShownState(m_state->currentData().toInt());
    const Result<MicroUsd> cost = parseMoney(m_cost->text());
    criteria.leastCost = cost.value_or(MicroUsd());
    m_expandsMatches = true;
    m_filter.setCriteria(std::move(criteria));
}

void CallsView::onSearched()
{
    if (m_filter.criteria().isEmpty()) {
        m_found->clear();
        expandNew(noNode);
        return;
    }
    m_found->setText(m_filter.isSearching() ? tr("%1 so far").arg(formatCount(m_filter.matches()))
                                            : tr("%1 found").arg(formatCount(m_filter.matches())));
    if (!m_filter.isSearching() && std::exchange(m_expandsMatches, false))
        expandMatches();
}

void CallsView::expandMatches()
{
    if (m_filter.matches() <= mostMatchesExpanded)
        m_tree->expandAll();
    else
        expandNew(noNode);
}

void CallsView::onChanged(const RunTree::Changes& changes)
{
    for (const RunTree::Insert& insert : changes.inserts)
        expandNew(insert.parent, insert.first);
}

void CallsView::beforeMove(int nodes)
{
    m_top = m_tree->indexAt(QPoint(0, 0));
    // What takes the place of a row that goes is not what a person chose.
    if (const NodeIndex node = current(); node != noNode && int(node) >= nodes)
        m_tree->selectionModel()->clearCurrentIndex();
}

void CallsView::afterMove(const std::vector<RunTree::Insert>& inserts)
{
    for (const RunTree::Insert& insert : inserts)
        expandNew(insert.parent, insert.first);
    if (m_top.isValid())
        m_tree->scrollTo(m_top, QAbstractItemView::PositionAtTop);
    m_top = QModelIndex();
}

/// Questions and their turns are shown open while they are few, what is below cells is not: those of
/// @p parent from row @p first on.
void CallsView::expandNew(NodeIndex parent, int first)
{
    const RunTree& tree = m_run.tree();
    if (parent != noNode && tree.node(parent).depth > 0)
        return;
    if (parent == noNode) {
        for (const NodeIndex root : std::span(tree.roots()).subspan(size_t(first))) {
            m_tree->expand(m_filter.indexOf(root));
            expandNew(root);
        }
        return;
    }
    const std::vector<NodeIndex>& turns = tree.node(parent).children;
    if (turns.size() > mostRowsExpandedAlone)
        return;
    for (const NodeIndex turn : std::span(turns).subspan(size_t(first)))
        m_tree->expand(m_filter.indexOf(turn));
}

void CallsView::chooseColumns(const QPoint& at)
{
    QMenu menu(this);
    for (int column = CallTreeModel::Name + 1; column < CallTreeModel::Mark; ++column) {
        QAction* const action = menu.addAction(m_model.headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!m_tree->isColumnHidden(column));
        connect(action, &QAction::toggled, m_tree,
            [this, column](bool shown) { m_tree->setColumnHidden(column, !shown); });
    }
    menu.exec(m_tree->header()->mapToGlobal(at));
}

void CallsView::copy()
{
    QGuiApplication::clipboard()->setText(asText());
}

QString CallsView::asText() const
{
    const QModelIndexList selected = m_tree->selectionModel()->selectedRows();
    QString text;
    for (QModelIndex index = m_filter.index(0, 0); index.isValid(); index = m_tree->indexBelow(index)) {
        if (!selected.isEmpty() && !m_tree->selectionModel()->isRowSelected(index.row(), index.parent()))
            continue;
        const RunTree::Node& node = m_run.tree().node(m_filter.node(index));
        QStringList cells;
        for (int column = 0; column < CallTreeModel::Mark; ++column)
            cells << index.siblingAtColumn(column).data().toString();
        text += QString(2 * node.depth, QLatin1Char(' ')) + cells.join(QLatin1Char('\t')).trimmed()
            + QLatin1Char('\n');
    }
    return text;
}

void CallsView::focusFilter()
{
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void CallsView::toSibling(int step)
{
    const QModelIndex index = m_tree->currentIndex();
    const QModelIndex sibling = index.siblingAtRow(index.row() + step);
    if (sibling.isValid())
        m_tree->setCurrentIndex(sibling);
}

} // namespace burrow
