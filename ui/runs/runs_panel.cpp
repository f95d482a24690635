#include "runs/runs_panel.h"

#include <QHeaderView>
#include <QTreeView>
#include <QVBoxLayout>

namespace burrow {

RunsPanel::RunsPanel(QString folder, QWidget* parent)
    : QWidget(parent), m_folder(std::move(folder)), m_tree(new QTreeView(this))
{
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->addWidget(m_tree);
    m_tree->setModel(&m_model);
    m_tree->setAccessibleName(tr("Runs"));
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setSelectionMode(QAbstractItemView::SingleSelection);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(RunsModel::Question, QHeaderView::Stretch);
    connect(m_tree, &QTreeView::activated, this,
        [this](const QModelIndex& index) { Q_EMIT chosen(m_model.path(index), m_model.branch(index)); });
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
