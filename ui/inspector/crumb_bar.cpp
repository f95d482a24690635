#include "inspector/crumb_bar.h"

#include "run/shown_run.h"
#include "trajectory/node_words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace burrow {

CrumbBar::CrumbBar(ShownRun& run, QWidget* parent) : QWidget(parent), m_run(run), m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(0);
    setAccessibleName(tr("Where the selected call stands"));
}

void CrumbBar::setNode(NodeIndex node)
{
    while (QLayoutItem* const item = m_row->takeAt(0)) {
        if (QWidget* const step = item->widget()) {
            step->hide(); // until it goes, it would be seen through what takes its place
            step->deleteLater();
        }
        delete item;
    }
    std::vector<NodeIndex> way;
    for (NodeIndex at = node; at != noNode; at = m_run.tree().node(at).parent)
        way.insert(way.begin(), at);
    for (const NodeIndex at : way) {
        if (at != way.front()) {
            auto* const arrow = new QLabel(QStringLiteral("▸"), this);
            arrow->setForegroundRole(QPalette::PlaceholderText);
            m_row->addWidget(arrow);
        }
        auto* const step = new QToolButton(this);
        step->setAutoRaise(true);
        step->setText(nameOf(m_run.tree().node(at)));
        step->setAccessibleName(tr("Go to %1").arg(step->text()));
        step->setToolTip(tr("Select %1").arg(step->text()));
        connect(step, &QToolButton::clicked, this, [this, at] { Q_EMIT chosen(at); });
        m_row->addWidget(step);
    }
    m_row->addStretch(1);
}

} // namespace burrow
