#include "money/money_panel.h"

#include "base/quantities.h"
#include "money/estimate.h"
#include "run/background.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace burrow {

namespace {

enum Column { NameColumn, SpentColumn, ReusedColumn, InputColumn, OutputColumn, RequestsColumn };

} // namespace

MoneyPanel::MoneyPanel(ShownRun& run, QWidget* parent)
    : QWidget(parent), m_run(run), m_table(new QTreeWidget(this)), m_outlook(new QLabel(this))
{
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(4);
    addLimit(m_limits[0], [](RunLimits& limits) { limits.maxCost->value *= 2; });
    addLimit(m_limits[1], [](RunLimits& limits) { *limits.maxTokens *= 2; });
    addLimit(m_limits[2], [](RunLimits& limits) { *limits.maxCalls *= 2; });
    addLimit(m_limits[3], [](RunLimits& limits) { *limits.maxTime *= 2; });
    for (const Limit& limit : m_limits)
        box->addWidget(limit.row);
    m_outlook->setTextFormat(Qt::PlainText);
    m_outlook->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_outlook->setWordWrap(true);
    m_outlook->setContentsMargins(8, 4, 8, 0);
    m_outlook->hide();
    box->addWidget(m_outlook);
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
    connect(&m_run, &ShownRun::moved, this, &MoneyPanel::refreshSoon);
    connect(&m_run, &ShownRun::wasReset, this, &MoneyPanel::refreshSoon);
}

void MoneyPanel::addLimit(Limit& limit, void (*twice)(RunLimits& limits))
{
    limit = {new QWidget(this), new QProgressBar(this), new QPushButton(this)};
    limit.bar->setRange(0, 1000);
    auto* const row = new QHBoxLayout(limit.row);
    row->setContentsMargins(6, 2, 6, 0);
    row->addWidget(limit.bar, 1);
    row->addWidget(limit.raise);
    limit.row->hide();
    limit.raise->setToolTip(tr("Go on from where the run stopped, within twice this limit"));
    connect(limit.raise, &QPushButton::clicked, this, [this, twice] {
        RunLimits limits = m_run.settings().limits;
        twice(limits);
        Q_EMIT raised(limits);
    });
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
    refreshOutlook();
}

QString MoneyPanel::outlook() const
{
    return m_outlook->text();
}

/// Of a run that ended, and of a moment of the past, there is nothing to guess.
void MoneyPanel::refreshOutlook()
{
    const bool plays
        = m_run.isFollowing() && !m_run.isAtMoment() && m_run.tree().totals().state == RunState::Running;
    m_outlook->setText(plays ? describe(estimateOf(m_run.tree(), m_run.settings().limits)) : QString());
    m_outlook->setHidden(m_outlook->text().isEmpty());
}

/// Added up in the background: of a million nodes this takes longer than a frame.
void MoneyPanel::refreshTable()
{
    inBackground(
        QThreadPool::globalInstance(), this, [nodes = m_run.tree().nodes()] { return spendingOf(nodes); },
        [this, round = ++m_round](const SpendingTable& spending) {
            if (round == m_round)
                showTable(spending);
        });
}

void MoneyPanel::showTable(const SpendingTable& spending)
{
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
    const auto cost = limits.maxCost.value_or(MicroUsd());
    showLimit(m_limits[0], tr("Cost"), double(used.spent.value), double(cost.value),
        tr("%1 of %2").arg(formatMoney(used.spent, used.estimated), formatMoney(cost)),
        formatMoney(MicroUsd{2 * cost.value}));
    const qint64 tokens = used.inputTokens + used.outputTokens, mostTokens = limits.maxTokens.value_or(0);
    showLimit(m_limits[1], tr("Tokens"), double(tokens), double(mostTokens),
        tr("%1 of %2 tokens").arg(formatCount(tokens, used.estimatedTokens), formatCount(mostTokens)),
        tr("%1 tokens").arg(formatCount(2 * mostTokens)));
    const qint64 mostCalls = limits.maxCalls.value_or(0);
    showLimit(m_limits[2], tr("Calls"), run.calls, double(mostCalls),
        tr("%1 of %2 calls").arg(formatCount(run.calls), formatCount(mostCalls)), formatCalls(2 * mostCalls));
    const auto most = limits.maxTime.value_or(std::chrono::milliseconds(0));
    showLimit(m_limits[3], tr("Time"), double(run.played.count()), double(most.count()) * 1000,
        tr("%1 of %2").arg(formatDuration(run.played), formatDuration(most)), formatDuration(2 * most));
}

void MoneyPanel::showLimit(const Limit& limit, const QString& name, double used, double most,
    const QString& text, const QString& twice)
{
    limit.row->setVisible(most > 0);
    if (most <= 0)
        return;
    limit.bar->setValue(qMin(1000, int(1000 * used / most)));
    limit.bar->setFormat(used >= most ? tr("%1: %2, reached").arg(name, text) : tr("%1: %2").arg(name, text));
    limit.bar->setAccessibleName(tr("Limit: %1").arg(name));
    // A run stops before a request that may go beyond a limit, so none needs to be used up.
    limit.raise->setVisible(m_run.tree().totals().state == RunState::Limit && !m_run.isAtMoment());
    limit.raise->setText(tr("Raise to %1 and Go On").arg(twice));
}

} // namespace burrow
