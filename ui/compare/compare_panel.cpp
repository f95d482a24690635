#include "compare/compare_panel.h"

#include "base/quantities.h"
#include "base/visible_text.h"
#include "run/background.h"
#include "text/code_view.h"
#include "text/line_difference.h"

#include <QAction>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace burrow {

namespace {

constexpr size_t mostDifferencesExpanded = 2000; // more than a person follows

/// The lines that @p first and @p count name of each change.
void mark(CodeView* view, const QByteArray& text, const std::vector<ChangedLines>& changes,
    int ChangedLines::* first, int ChangedLines::* count)
{
    view->setText(text, Syntax::None);
    for (const ChangedLines& change : changes)
        view->markLines(change.*first, change.*count);
    if (!changes.empty())
        view->scrollToLine(qMax(0, changes.front().*first - 2));
}

} // namespace

ComparePanel::ComparePanel(QWidget* parent)
    : QWidget(parent)
    , m_summary(new QLabel(this))
    , m_tree(new QTreeView(this))
    , m_left(new CodeView(CodeView::Layout::Code, tr("The text on the left"), this))
    , m_right(new CodeView(CodeView::Layout::Code, tr("The text on the right"), this))
{
    setupActions();
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(0);
    auto* const parts = new QSplitter(this);
    parts->setChildrenCollapsible(false);
    for (QWidget* const part : std::initializer_list<QWidget*>{m_tree, m_left, m_right})
        parts->addWidget(part);
    parts->setSizes({620, 340, 340});
    box->addWidget(makeBar());
    box->addWidget(parts, 1);
    setupTree();
}

QWidget* ComparePanel::makeBar()
{
    auto* const bar = new QWidget(this);
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 2, 6, 2);
    row->setSpacing(4);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setText(
        tr("Choose “Compare with” at the branch of the run bar, or two runs in the list of runs, "
           "to see them here."));
    row->addWidget(m_summary, 1);
    for (QAction* const action : m_actions) {
        auto* const button = new QToolButton(bar);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        row->addWidget(button);
    }
    return bar;
}

void ComparePanel::setupActions()
{
    const auto add = [this](const QString& text, const QKeySequence& keys, const QString& toolTip) {
        auto* const action = new QAction(text, this);
        action->setShortcut(keys);
        action->setToolTip(toolTip);
        m_actions << action;
        addAction(action);
        return action;
    };
    QAction* const previous = add(tr("&Previous Difference"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D),
        tr("Go to the node before that differs"));
    QAction* const next = add(
        tr("&Next Difference"), QKeySequence(Qt::CTRL | Qt::Key_D), tr("Go to the next node that differs"));
    QAction* const only
        = add(tr("&Only What Differs"), {}, tr("Leave out what is the same in both branches"));
    only->setCheckable(true);
    only->setChecked(true);
    connect(previous, &QAction::triggered, this, [this] { toDifference(-1); });
    connect(next, &QAction::triggered, this, [this] { toDifference(1); });
    connect(only, &QAction::toggled, this, &ComparePanel::setShows);
}

void ComparePanel::setupTree()
{
    m_tree->setAccessibleName(tr("The nodes of both branches"));
    m_tree->setModel(&m_model);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setIndentation(14);
    m_tree->header()->setStretchLastSection(false);
    connect(
        m_tree->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ComparePanel::onCurrent);
    connect(m_tree, &QTreeView::activated, this,
        [this](const QModelIndex& index) { Q_EMIT chosen(m_model.path(index)); });
}

QString ComparePanel::summary() const
{
    return m_summary->text();
}

void ComparePanel::compare(const RunBranch& left, const RunBranch& right)
{
    m_summary->setText(tr("Comparing…"));
    inBackground(
        QThreadPool::globalInstance(), this, [left, right] { return compareBranches(left, right); },
        [this, comparing = ++m_comparing](Result<BranchComparison> comparison) {
            if (comparing != m_comparing)
                return;
            if (comparison)
                setComparison(std::move(*comparison));
            else
                m_summary->setText(comparison.error().message);
        });
}

/// `Branch 2`, or `Left: contracts.burrow@2` where they are of two runs.
QString ComparePanel::nameOf(const BranchComparison::Side& side) const
{
    if (m_model.comparison().isOneRun())
        return tr("Branch %1").arg(side.of.branch);
    const QString file = visibleText(QFileInfo(side.of.path).fileName(), LineMode::SingleLine);
    const QString name = side.of.branch == 1 ? file : tr("%1@%2").arg(file).arg(side.of.branch);
    return &side == &m_model.comparison().left ? tr("Left: %1").arg(name) : tr("Right: %1").arg(name);
}

void ComparePanel::setComparison(BranchComparison comparison)
{
    m_left->setText({}, Syntax::None);
    m_right->setText({}, Syntax::None);
    ++m_reading; // what is read for a row of the last comparison comes too late
    m_difference = -1;
    m_model.setComparison(std::move(comparison));
    const BranchComparison& shown = m_model.comparison();
    const auto spent = [this](const BranchComparison::Side& side) {
        const Totals& used = side.tree.totals().totals;
        return tr("%1 spent %2 (%3 reused).")
            .arg(nameOf(side), formatMoney(used.spent, used.estimated), formatMoney(used.reused));
    };
    const auto count = qint64(shown.differences.size());
    m_summary->setText((count == 1 ? tr("1 node differs.") : tr("%1 nodes differ.").arg(formatCount(count)))
        + QLatin1Char(' ') + spent(shown.left) + QLatin1Char(' ') + spent(shown.right));
    if (shown.differences.size() <= mostDifferencesExpanded)
        expandDifferences();
    else
        m_tree->expandToDepth(1); // questions and their turns
    m_tree->resizeColumnToContents(CompareModel::Node);
    for (int column = CompareModel::Difference; column < CompareModel::ColumnCount; ++column)
        m_tree->resizeColumnToContents(column);
    toDifference(1);
}

/// What only one branch has stays folded: all of it differs.
void ComparePanel::expandDifferences(const QModelIndex& parent)
{
    for (int row = 0; row < m_model.rowCount(parent); ++row) {
        const QModelIndex index = m_model.index(row, 0, parent);
        if (m_model.isOneSided(index) || !m_model.hasChildren(index))
            continue;
        m_tree->expand(index);
        expandDifferences(index);
    }
}

void ComparePanel::setShows(bool onlyDifferences)
{
    m_model.setShows(onlyDifferences ? CompareModel::Shows::Differences : CompareModel::Shows::Everything);
    if (onlyDifferences && m_model.comparison().differences.size() <= mostDifferencesExpanded)
        expandDifferences();
    else
        m_tree->expandToDepth(0);
    toDifference(0);
}

/// To the next one, the one before, or again to that which was looked at last.
void ComparePanel::toDifference(int step)
{
    const auto count = int(m_model.comparison().differences.size());
    if (count == 0)
        return;
    m_difference = qBound(0, m_difference + step, count - 1);
    const QModelIndex index = m_model.indexOfDifference(m_difference);
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
}

void ComparePanel::onCurrent(const QModelIndex& index)
{
    if (!index.isValid())
        return;
    if (const int difference = m_model.differenceOf(index); difference >= 0)
        m_difference = difference;
    struct Texts {
        Result<QByteArray> left, right;
        std::vector<ChangedLines> changes;
    };
    inBackground(
        QThreadPool::globalInstance(), this,
        [records = m_model.records(index)] {
            const auto read = [](const std::optional<NodeRecord>& record) {
                return record ? readTexts(*record) : Result<QByteArray>();
            };
            Texts texts{read(records.first), read(records.second), {}};
            if (texts.left && texts.right)
                texts.changes = changedLines(*texts.left, *texts.right);
            return texts;
        },
        [this, reading = ++m_reading](const Texts& texts) {
            if (reading != m_reading)
                return;
            if (!texts.left || !texts.right) {
                m_summary->setText((texts.left ? texts.right : texts.left).error().message);
                return;
            }
            mark(m_left, *texts.left, texts.changes, &ChangedLines::left, &ChangedLines::leftCount);
            mark(m_right, *texts.right, texts.changes, &ChangedLines::right, &ChangedLines::rightCount);
        });
}

} // namespace burrow
