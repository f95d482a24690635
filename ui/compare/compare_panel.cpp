#include "compare/compare_panel.h"

#include "base/quantities.h"
#include "run/background.h"
#include "text/code_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>

namespace burrow {

namespace {

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
    , m_table(new QTreeView(this))
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
    m_table->setModel(&m_model);
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAllColumnsShowFocus(true);
    connect(
        m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ComparePanel::showTexts);
    connect(m_table, &QTreeView::activated, this,
        [this](const QModelIndex& index) { Q_EMIT chosen(m_model.row(index).path); });
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
                setComparison(std::move(*comparison));
            else
                m_summary->setText(comparison.error().message);
        });
}

void ComparePanel::setComparison(BranchComparison comparison)
{
    m_left->setText({}, Syntax::None);
    m_right->setText({}, Syntax::None);
    ++m_reading; // what is read for a row of the last comparison comes too late
    m_model.setComparison(std::move(comparison));
    for (int column = 0; column < CompareModel::ColumnCount; ++column)
        m_table->resizeColumnToContents(column);
    const BranchComparison& in = m_model.comparison();
    const Totals &a = in.leftTotals.totals, &b = in.rightTotals.totals;
    m_summary->setText((in.rows.size() == 1 ? tr("1 node differs.")
                                            : tr("%1 nodes differ.").arg(formatCount(qint64(in.rows.size()))))
        + QLatin1Char(' ')
        + tr("Branch %1 spent %2 (%3 reused), branch %4 spent %5 (%6 reused).")
            .arg(in.left)
            .arg(formatMoney(a.spent, a.estimated), formatMoney(a.reused))
            .arg(in.right)
            .arg(formatMoney(b.spent, b.estimated), formatMoney(b.reused)));
    m_table->setCurrentIndex(m_model.index(0, 0));
}

void ComparePanel::showTexts()
{
    const QModelIndex index = m_table->currentIndex();
    if (!index.isValid())
        return;
    inBackground(
        QThreadPool::globalInstance(), this,
        [path = m_model.comparison().path, row = m_model.row(index)] { return readTexts(path, row); },
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
