#include "runs/runs_panel.h"

#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

namespace burrow {

RunsPanel::RunsPanel(QString folder, QWidget* parent)
    : QWidget(parent), m_folder(std::move(folder)), m_table(new QTableView(this))
{
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->addWidget(m_table);
    m_table->setModel(&m_model);
    m_table->setAccessibleName(tr("Runs"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(RunsModel::Question, QHeaderView::Stretch);
    connect(m_table, &QTableView::activated, this,
        [this](const QModelIndex& index) { Q_EMIT chosen(m_model.path(index)); });
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
