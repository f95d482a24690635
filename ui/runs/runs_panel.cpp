#include "runs/runs_panel.h"

#include <QAction>
#include <QFileInfo>
#include <QHeaderView>
#include <QTreeView>
#include <QVBoxLayout>

namespace burrow {

RunsPanel::RunsPanel(QString folder, QWidget* parent)
    : QWidget(parent)
    , m_folder(std::move(folder))
    , m_tree(new QTreeView(this))
    , m_compare(new QAction(tr("&Compare Selected Runs"), this))
{
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->addWidget(m_tree);
    m_tree->setModel(&m_model);
    m_tree->setAccessibleName(tr("Runs"));
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(RunsModel::Question, QHeaderView::Stretch);
    connect(m_tree, &QTreeView::activated, this,
        [this](const QModelIndex& index) { Q_EMIT chosen(m_model.path(index), m_model.branch(index)); });
    m_compare->setToolTip(
        tr("Show two runs or branches, which are selected in the list of runs, side by side"));
    m_compare->setEnabled(false);
    m_tree->addAction(m_compare);
    m_tree->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_compare, &QAction::triggered, this, &RunsPanel::compareSelected);
    connect(m_tree->selectionModel(), &QItemSelectionModel::selectionChanged, this,
        [this] { m_compare->setEnabled(m_tree->selectionModel()->selectedRows().size() == 2); });
}

/// The older one on the left, as they came about.
void RunsPanel::compareSelected()
{
    QModelIndexList rows = m_tree->selectionModel()->selectedRows();
    if (rows.size() != 2)
        return;
    const auto at
        = [this](const QModelIndex& index) { return RunBranch{m_model.path(index), m_model.branch(index)}; };
    RunBranch left = at(rows[0]), right = at(rows[1]);
    const bool isReversed = left.path == right.path
        ? left.branch > right.branch
        : QFileInfo(left.path).lastModified() > QFileInfo(right.path).lastModified();
    if (isReversed)
        std::swap(left, right);
    Q_EMIT wantsComparison(left, right);
}

void RunsPanel::refresh()
{
    if (isVisible())
        m_model.look(m_folder);
}

void RunsPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

} // namespace burrow
