#include "money/money_panel.h"

#include "base/quantities.h"
#include "money/spending.h"

#include <QHeaderView>
#include <QProgressBar>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace burrow {

namespace {

enum Column { NameColumn, SpentColumn, ReusedColumn, InputColumn, OutputColumn, RequestsColumn };

} // namespace

MoneyPanel::MoneyPanel(ShownRun& run, QWidget* parent)
    : QWidget(parent), m_run(run), m_table(new QTreeWidget(this))
{
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(4);
    for (QProgressBar*& bar : m_limits) {
        bar = new QProgressBar(this);
        bar->setRange(0, 1000);
        bar->hide();
        box->addWidget(bar);
    }
    m_table->setHeaderLabels(
        {tr("Model or depth"), tr("Spent"), tr("Reused"), tr("Tokens in"), tr("Tokens out"), tr("Requests")});
    m_table->setAccessibleName(tr("What the run spent"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setUniformRowHeights(true);
    m_table->header()->setStretchLastSection(false);
    m_table->header()->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
    for (int column = SpentColumn; column <= RequestsColumn; ++column) {
        m_table->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
        m_table->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    box->addWidget(m_table, 1);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &MoneyPanel::refresh);
    connect(&m_run, &ShownRun::changed, this, &MoneyPanel::refreshSoon);
    connect(&m_run, &ShownRun::wasReset, this, &MoneyPanel::refreshSoon);
}

void MoneyPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void MoneyPanel::refreshSoon()
{
    using namespace std::chrono_literals;
    if (isVisible() && !m_timer.isActive())
        m_timer.start(m_run.tree().size() < 50'000 ? 200ms : 2000ms);
}

void MoneyPanel::refresh()
{
    refreshTable();
    refreshLimits();
}

void MoneyPanel::refreshTable()
{
    const SpendingTable spending = spendingOf(m_run.tree());
    QList<std::pair<QString, Totals>> models, depths;
    for (const auto& [model, used] : spending.byModel)
        models.emplace_back(m_run.modelName(model), used);
    for (const auto& [depth, used] : spending.byDepth)
        depths.emplace_back(depth == 0 ? tr("root") : tr("depth %1").arg(depth), used);
    m_table->clear();
    addRows(new QTreeWidgetItem(m_table, {tr("By model")}), models);
    addRows(new QTreeWidgetItem(m_table, {tr("By depth")}), depths);
    m_table->expandAll();
}

void MoneyPanel::addRows(QTreeWidgetItem* group, const QList<std::pair<QString, Totals>>& rows)
{
    Totals all;
    const auto fill = [](QTreeWidgetItem* item, const Totals& used) {
        item->setText(SpentColumn, formatMoney(used.spent, used.estimated));
        item->setText(ReusedColumn, used.reused.value > 0 ? formatMoney(used.reused) : QString());
        item->setText(InputColumn, formatCount(used.inputTokens, used.estimatedTokens));
        item->setText(OutputColumn, formatCount(used.outputTokens, used.estimatedTokens));
        item->setText(RequestsColumn, formatCount(used.requests));
        for (int column = SpentColumn; column <= RequestsColumn; ++column)
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    };
    for (const auto& [name, used] : rows) {
        fill(new QTreeWidgetItem(group, {name}), used);
        all += used;
    }
    fill(group, all);
}

void MoneyPanel::refreshLimits()
{
    const RunLimits& limits = m_run.settings().limits;
    const RunTotals& run = m_run.tree().totals();
    const Totals& used = run.totals;
    showLimit(m_limits[0], tr("Cost"), double(used.spent.value),
        limits.maxCost ? double(limits.maxCost->value) : 0,
        limits.maxCost
            ? tr("%1 of %2").arg(formatMoney(used.spent, used.estimated), formatMoney(*limits.maxCost))
            : QString());
    const qint64 tokens = used.inputTokens + used.outputTokens;
    showLimit(m_limits[1], tr("Tokens"), double(tokens), double(limits.maxTokens.value_or(0)),
        tr("%1 of %2 tokens")
            .arg(formatCount(tokens, used.estimatedTokens), formatCount(limits.maxTokens.value_or(0))));
    showLimit(m_limits[2], tr("Calls"), run.calls, double(limits.maxCalls.value_or(0)),
        tr("%1 of %2 calls").arg(formatCount(run.calls), formatCount(limits.maxCalls.value_or(0))));
    const auto most = limits.maxTime.value_or(std::chrono::milliseconds(0));
    showLimit(m_limits[3], tr("Time"), double(run.played.count()), double(most.count()) * 1000,
        tr("%1 of %2").arg(formatDuration(run.played), formatDuration(most)));
}

void MoneyPanel::showLimit(
    QProgressBar* bar, const QString& name, double used, double most, const QString& text)
{
    bar->setVisible(most > 0);
    if (most <= 0)
        return;
    bar->setValue(qMin(1000, int(1000 * used / most)));
    bar->setFormat(used >= most ? tr("%1: %2, reached").arg(name, text) : tr("%1: %2").arg(name, text));
    bar->setAccessibleName(tr("Limit: %1").arg(name));
}

} // namespace burrow
