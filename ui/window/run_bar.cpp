#include "window/run_bar.h"

#include "base/quantities.h"
#include "look/icons.h"
#include "look/layout_island.h"
#include "run/shown_run.h"
#include "trajectory/node_words.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace burrow {

namespace {

using namespace std::chrono_literals;
using Phase = RunController::Phase;

QString wordFor(Phase phase)
{
    switch (phase) {
    case Phase::Preparing:
        return RunBar::tr("preparing");
    case Phase::Playing:
        return RunBar::tr("running");
    case Phase::Paused:
        return RunBar::tr("paused");
    case Phase::Stopping:
        return RunBar::tr("stopping when what is in flight has finished");
    case Phase::Idle:
    case Phase::Finishing:
        break;
    }
    return {};
}

const char* iconOf(RunState state)
{
    switch (state) {
    case RunState::Running:
        return "state-live";
    case RunState::Answered:
        return "state-ok";
    case RunState::Limit:
    case RunState::Failed:
    case RunState::Killed:
        return "state-failed";
    case RunState::Stopped:
        break;
    }
    return "state-idle";
}

int liveNodes(const RunTree& tree)
{
    // Down the newest branch: what runs now stands at its end, beside its siblings.
    if (tree.roots().empty())
        return 0;
    NodeIndex at = tree.roots().back();
    int live = 0;
    while (!tree.node(at).children.empty()) {
        const RunTree::Node& node = tree.node(at);
        if (node.kind == NodeKind::Cell)
            live = node.liveChildren;
        at = node.children.back();
    }
    return live;
}

} // namespace

RunBar::RunBar(ShownRun& run, QWidget* parent)
    : QWidget(parent)
    , m_run(run)
    , m_buttons(new QHBoxLayout)
    , m_icon(new QLabel(this))
    , m_summary(new QLabel(this))
    , m_sandbox(new QLabel(this))
{
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 8, 4);
    row->setSpacing(6);
    m_buttons->setSpacing(0);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setAccessibleName(tr("How the run goes"));
    m_icon->setAccessibleName(tr("State of the run"));
    m_sandbox->setTextFormat(Qt::PlainText);
    m_sandbox->setForegroundRole(QPalette::PlaceholderText);
    m_sandbox->setToolTip(tr("How strongly the code of the models is locked away from this machine"));
    row->addLayout(m_buttons);
    row->addWidget(m_icon);
    row->addWidget(new LayoutIsland(m_summary, this), 1);
    row->addWidget(m_sandbox);
    connect(&m_run, &ShownRun::changed, this, &RunBar::refresh);
    connect(&m_run, &ShownRun::moved, this, &RunBar::refresh);
    connect(&m_run, &ShownRun::wasReset, this, &RunBar::refresh);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        if (m_phase != Phase::Idle)
            refresh();
    });
    m_clock.start(200ms);
    refresh();
}

void RunBar::addAction(QAction* action)
{
    auto* const button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setAccessibleName(action->toolTip());
    m_buttons->addWidget(button);
}

void RunBar::addWidget(QWidget* widget)
{
    static_cast<QHBoxLayout*>(layout())->insertWidget(layout()->indexOf(m_sandbox), widget);
}

void RunBar::setPhase(Phase phase)
{
    m_phase = phase;
    refresh();
}

void RunBar::setStop(const std::optional<Stop>& stop)
{
    m_stop = stop ? describe(*stop) : QString();
    refresh();
}

void RunBar::setHeld(size_t parts)
{
    m_held = parts;
    refresh();
}

void RunBar::setSandbox(const QString& level)
{
    m_sandbox->setText(level.isEmpty() ? QString() : tr("Sandbox: %1").arg(level));
}

QString RunBar::summary() const
{
    return m_summary->text();
}

QString RunBar::stateText() const
{
    if (m_phase == Phase::Paused && !m_stop.isEmpty())
        return tr("paused %1").arg(m_stop);
    if (m_run.isAtMoment())
        return tr("as it was");
    const QString phase = wordFor(m_phase);
    if (m_held > 0)
        return tr("%1, %2 held").arg(phase, formatCount(qint64(m_held)));
    return phase.isEmpty() ? burrow::wordFor(m_run.tree().totals().state) : phase;
}

void RunBar::refresh()
{
    const RunTotals& run = m_run.tree().totals();
    if (m_run.isEmpty()) {
        m_summary->setText(m_phase == Phase::Idle ? QString() : wordFor(m_phase));
        m_icon->clear();
        return;
    }
    QStringList parts{stateText(), tr("turn %1").arg(run.turns)};
    const int live = liveNodes(m_run.tree());
    parts << (live > 0 ? tr("%1, %2 live").arg(formatCalls(run.calls), formatCount(live))
                       : formatCalls(run.calls));
    const Totals& used = run.totals;
    QString money = formatMoney(used.spent, used.estimated);
    if (const auto most = m_run.settings().limits.maxCost)
        money = tr("%1 of %2").arg(money, formatMoney(*most));
    if (used.reused.value > 0)
        money += tr(" (+%1 reused)").arg(formatMoney(used.reused));
    parts << money
          << tr("%1 tokens").arg(formatCount(used.inputTokens + used.outputTokens, used.estimatedTokens));
    if (used.unknown > 0)
        parts << formatUnknown(used.unknown, used.unknownUpTo);
    const bool runs = m_phase == Phase::Playing || m_phase == Phase::Stopping;
    const auto since = m_run.now() - m_run.tree().lastEvent();
    parts << formatDuration(run.played + (runs ? qMax(0us, since) : 0us));
    m_summary->setText(parts.join(QStringLiteral(" · ")));
    const QPixmap icon = look::icon(iconOf(run.state)).pixmap(16);
    if (m_icon->pixmap().cacheKey() != icon.cacheKey())
        m_icon->setPixmap(icon);
}

} // namespace burrow
