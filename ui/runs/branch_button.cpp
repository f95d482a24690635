#include "runs/branch_button.h"

#include "look/icons.h"
#include "run/shown_run.h"
#include "trajectory/node_words.h"

#include <QActionGroup>
#include <QMenu>

namespace burrow {

BranchButton::BranchButton(ShownRun& run, QWidget* parent) : QToolButton(parent), m_run(run)
{
    setIcon(look::icon("branch"));
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setPopupMode(QToolButton::InstantPopup);
    setAutoRaise(true);
    setAccessibleName(tr("Branches of the run"));
    setToolTip(tr("The branch that is shown, and the others of this run"));
    auto* const menu = new QMenu(this);
    menu->setToolTipsVisible(true);
    setMenu(menu);
    connect(&m_run, &ShownRun::branchesChanged, this, &BranchButton::refresh);
    refresh();
}

void BranchButton::refresh()
{
    const std::vector<Branch>& branches = m_run.branches();
    setVisible(branches.size() > 1);
    const auto shown = std::ranges::find(branches, m_run.branch(), &Branch::id);
    setText(
        shown == branches.end() ? QString() : nameOf(*shown).replace(QLatin1Char('&'), QLatin1String("&&")));
    menu()->clear();
    addBranches(menu(), 0, 0);
    menu()->addSeparator();
    QMenu* const compare = menu()->addMenu(tr("Compare with"));
    for (const Branch& branch : branches) {
        if (branch.id == m_run.branch())
            continue;
        QAction* const action
            = compare->addAction(nameOf(branch).replace(QLatin1Char('&'), QLatin1String("&&")));
        connect(action, &QAction::triggered, this, [this, id = branch.id] { Q_EMIT wantsComparison(id); });
    }
}

/// Each below the one that it left.
void BranchButton::addBranches(QMenu* menu, int parent, int depth)
{
    for (const Branch& branch : m_run.branches()) {
        if (branch.parent != parent)
            continue;
        const QString indent
            = depth == 0 ? QString() : QString(3 * (depth - 1), QChar(QChar::Nbsp)) + QStringLiteral("└ ");
        QAction* const action
            = menu->addAction(indent + nameOf(branch).replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setCheckable(true);
        action->setChecked(branch.id == m_run.branch());
        connect(action, &QAction::triggered, this, [this, id = branch.id] { Q_EMIT chosen(id); });
        addBranches(menu, branch.id, depth + 1);
    }
}

} // namespace burrow
