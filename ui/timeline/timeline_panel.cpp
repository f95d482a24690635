#include "timeline/timeline_panel.h"

#include "timeline/timeline_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace burrow {

TimelinePanel::TimelinePanel(ShownRun& run, QWidget* parent)
    : QWidget(parent), m_view(new TimelineView(run, this)), m_row(new QHBoxLayout)
{
    auto* const measure = new QComboBox(this);
    measure->addItem(tr("Time"), int(Measure::Time));
    measure->addItem(tr("Tokens"), int(Measure::Tokens));
    measure->addItem(tr("Money"), int(Measure::Money));
    measure->setAccessibleName(tr("What the length of a bar stands for"));
    measure->setToolTip(measure->accessibleName());
    connect(measure, &QComboBox::currentIndexChanged, m_view,
        [this, measure] { m_view->setMeasure(Measure(measure->currentData().toInt())); });
    auto* const all = new QToolButton(this);
    all->setText(tr("Show all"));
    all->setAutoRaise(true);
    all->setToolTip(tr("Show the whole run (0)"));
    connect(all, &QToolButton::clicked, m_view, &TimelineView::showAll);

    auto* const label = new QLabel(tr("Length:"), this);
    label->setForegroundRole(QPalette::PlaceholderText);
    m_row->setContentsMargins(6, 2, 0, 2);
    m_row->setSpacing(6);
    m_row->addWidget(label);
    m_row->addWidget(measure);
    m_row->addWidget(all);
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(0);
    box->addLayout(m_row);
    box->addWidget(m_view, 1);
}

void TimelinePanel::setPlayheadBar(QWidget* bar)
{
    m_row->addWidget(bar, 1);
}

} // namespace burrow
