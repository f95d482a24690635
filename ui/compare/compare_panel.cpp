#include "compare/compare_panel.h"

#include "base/quantities.h"
#include "run/background.h"
#include "text/code_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace burrow {

namespace {

using Row = BranchComparison::Row;
enum Column { Node, Difference, LeftMoney, RightMoney, LeftTokens, RightTokens, ColumnCount };

QString differenceOf(const Row& row, const BranchComparison& in)
{
    if (!row.left || !row.right)
        return ComparePanel::tr("only in branch %1").arg(row.left ? in.left : in.right);
    const bool isCell = row.left->kind == NodeKind::Cell;
    QStringList parts;
    if (row.difference.input)
        parts << (isCell ? ComparePanel::tr("code") : ComparePanel::tr("prompt"));
    if (row.difference.output)
        parts << (isCell ? ComparePanel::tr("output") : ComparePanel::tr("reply"));
    if (row.difference.model)
        parts << ComparePanel::tr("model");
    if (row.difference.state)
        parts << ComparePanel::tr("state");
    return parts.join(QStringLiteral(", "));
}

QString money(const Totals& used)
{
    return formatMoney(used.spent + used.reused, used.estimated);
}

QString tokens(const Totals& used)
{
    return formatCount(used.inputTokens + used.outputTokens, used.estimatedTokens);
}

void mark(CodeView* view, const QByteArray& text, int first, int count)
{
    view->setText(text, Syntax::None);
    view->markLines(first, count);
    view->scrollToLine(qMax(0, first - 2));
}

} // namespace

ComparePanel::ComparePanel(QWidget* parent)
    : QWidget(parent)
    , m_summary(new QLabel(this))
    , m_table(new QTreeWidget(this))
    , m_left(new CodeView(CodeView::Layout::Code, tr("The text in the left branch"), this))
    , m_right(new CodeView(CodeView::Layout::Code, tr("The text in the right branch"), this))
{
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(0);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setContentsMargins(8, 4, 8, 4);
    m_summary->setText(tr("Choose “Compare with” at the branch of the run bar to see two branches here."));
    auto* const parts = new QSplitter(this);
    parts->setChildrenCollapsible(false);
    for (QWidget* const part : std::initializer_list<QWidget*>{m_table, m_left, m_right})
        parts->addWidget(part);
    parts->setSizes({560, 360, 360});
    box->addWidget(m_summary);
    box->addWidget(parts, 1);
    setupTable();
}

void ComparePanel::setupTable()
{
    m_table->setAccessibleName(tr("What differs between the branches"));
    m_table->setColumnCount(ColumnCount);
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAllColumnsShowFocus(true);
    connect(m_table, &QTreeWidget::currentItemChanged, this, &ComparePanel::showTexts);
    connect(m_table, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        Q_EMIT chosen(m_comparison.rows[size_t(m_table->indexOfTopLevelItem(item))].path);
    });
}

QString ComparePanel::summary() const
{
    return m_summary->text();
}

void ComparePanel::compare(const QString& path, int left, int right)
{
    m_summary->setText(tr("Comparing branch %1 with branch %2…").arg(left).arg(right));
    inBackground(
        QThreadPool::globalInstance(), this,
        [path, left, right] { return compareBranches(path, left, right); },
        [this, comparing = ++m_comparing](Result<BranchComparison> comparison) {
            if (comparing != m_comparing)
                return;
            if (comparison)
                showRows(std::move(*comparison));
            else
                m_summary->setText(comparison.error().message);
        });
}

void ComparePanel::showRows(BranchComparison comparison)
{
    m_table->clear();
    m_left->setText({}, Syntax::None);
    m_right->setText({}, Syntax::None);
    m_comparison = std::move(comparison);
    const BranchComparison& in = m_comparison;
    const auto name
        = [](const QString& what, int branch) { return tr("%1, branch %2").arg(what).arg(branch); };
    // What a reused reply once cost counts, or a branch would seem cheap for what another paid.
    m_table->setHeaderLabels({tr("Node"), tr("Differs in"), name(tr("$ with reused"), in.left),
        name(tr("$ with reused"), in.right), name(tr("Tokens"), in.left), name(tr("Tokens"), in.right)});
    for (const Row& row : in.rows) {
        auto* const item = new QTreeWidgetItem(m_table);
        item->setText(Node, QString::fromUtf8(row.path.text()));
        item->setText(Difference, differenceOf(row, in));
        if (row.left) {
            item->setText(LeftMoney, money(row.left->used));
            item->setText(LeftTokens, tokens(row.left->used));
        }
        if (row.right) {
            item->setText(RightMoney, money(row.right->used));
            item->setText(RightTokens, tokens(row.right->used));
        }
        for (int column = LeftMoney; column < ColumnCount; ++column)
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    for (int column = 0; column < ColumnCount; ++column)
        m_table->resizeColumnToContents(column);
    const Totals &a = in.leftTotals.totals, &b = in.rightTotals.totals;
    m_summary->setText((in.rows.size() == 1 ? tr("1 node differs.")
                                            : tr("%1 nodes differ.").arg(formatCount(qint64(in.rows.size()))))
        + QLatin1Char(' ')
        + tr("Branch %1 spent %2 (%3 reused), branch %4 spent %5 (%6 reused).")
            .arg(in.left)
            .arg(formatMoney(a.spent, a.estimated), formatMoney(a.reused))
            .arg(in.right)
            .arg(formatMoney(b.spent, b.estimated), formatMoney(b.reused)));
    if (m_table->topLevelItemCount() > 0)
        m_table->setCurrentItem(m_table->topLevelItem(0));
}

void ComparePanel::showTexts()
{
    const int index = m_table->indexOfTopLevelItem(m_table->currentItem());
    if (index < 0)
        return;
    inBackground(
        QThreadPool::globalInstance(), this,
        [path = m_comparison.path, row = m_comparison.rows[size_t(index)]] { return readTexts(path, row); },
        [this, reading = ++m_reading](const Result<ComparedTexts>& texts) {
            if (reading != m_reading)
                return;
            if (!texts) {
                m_summary->setText(texts.error().message);
                return;
            }
            const ChangedLines changed = changedLines(texts->left, texts->right);
            mark(m_left, texts->left, changed.first, changed.leftCount);
            mark(m_right, texts->right, changed.first, changed.rightCount);
        });
}

} // namespace burrow
