#include "stops/breakpoints_panel.h"

#include "look/icons.h"
#include "stops/breakpoint_dialog.h"
#include "stops/stops.h"

#include <QAction>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace burrow {

BreakpointsPanel::BreakpointsPanel(Stops& stops, QWidget* parent)
    : QWidget(parent)
    , m_stops(stops)
    , m_list(new QListWidget(this))
    , m_change(new QPushButton(tr("&Change…"), this))
    , m_remove(new QPushButton(tr("&Remove"), this))
{
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 6, 0);
    row->addWidget(m_list, 1);
    auto* const buttons = new QVBoxLayout;
    buttons->setContentsMargins(0, 6, 0, 6);
    auto* const add = new QPushButton(tr("&New…"), this);
    add->setToolTip(tr("Stop where conditions hold that you choose"));
    m_change->setToolTip(tr("Change the conditions of this breakpoint"));
    m_remove->setToolTip(tr("Stop there no longer"));
    for (QPushButton* const button : {add, m_change, m_remove})
        buttons->addWidget(button);
    buttons->addStretch();
    row->addLayout(buttons);
    m_list->setAccessibleName(tr("Breakpoints"));
    m_list->setFrameShape(QFrame::NoFrame);

    auto* const removal = new QAction(tr("Remove"), m_list);
    removal->setShortcut(QKeySequence::Delete);
    removal->setShortcutContext(Qt::WidgetShortcut);
    m_list->addAction(removal);
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(removal, &QAction::triggered, this, &BreakpointsPanel::removeCurrent);
    connect(add, &QPushButton::clicked, this, [this] { addNew({.point = StopPoint::BeforeCell, .at = {}}); });
    connect(m_change, &QPushButton::clicked, this, [this] { change(m_list->currentRow()); });
    connect(m_remove, &QPushButton::clicked, this, &BreakpointsPanel::removeCurrent);
    connect(m_list, &QListWidget::itemActivated, this,
        [this](QListWidgetItem* item) { change(m_list->row(item)); });
    connect(&m_stops, &Stops::breakpointsChanged, this, &BreakpointsPanel::refresh);
    refresh();
}

void BreakpointsPanel::refresh()
{
    const int row = m_list->currentRow();
    m_list->clear();
    for (const Breakpoint& breakpoint : m_stops.breakpoints())
        m_list->addItem(new QListWidgetItem(
            look::icon(breakpoint.logOnly ? "log-point" : "breakpoint"), describe(breakpoint)));
    const bool isEmpty = m_list->count() == 0;
    if (isEmpty) {
        auto* const hint = new QListWidgetItem(
            tr("Click in the margin of the calls, or press New, to stop a run there."), m_list);
        hint->setFlags(Qt::NoItemFlags);
    } else {
        m_list->setCurrentRow(qBound(0, row, m_list->count() - 1));
    }
    m_change->setEnabled(!isEmpty);
    m_remove->setEnabled(!isEmpty);
}

void BreakpointsPanel::addNew(const Breakpoint& breakpoint)
{
    auto* const dialog = new BreakpointDialog(breakpoint, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_stops.add(*dialog->breakpoint()); });
    dialog->open();
}

void BreakpointsPanel::change(int row)
{
    if (row < 0 || size_t(row) >= m_stops.breakpoints().size())
        return;
    const Breakpoint before = m_stops.breakpoints()[size_t(row)];
    auto* const dialog = new BreakpointDialog(before, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, row, before] {
        if (size_t(row) < m_stops.breakpoints().size() && m_stops.breakpoints()[size_t(row)] == before)
            m_stops.replace(size_t(row), *dialog->breakpoint());
    });
    dialog->open();
}

void BreakpointsPanel::removeCurrent()
{
    if (const int row = m_list->currentRow(); row >= 0 && size_t(row) < m_stops.breakpoints().size())
        m_stops.remove(size_t(row));
}

} // namespace burrow
