#include "calls/calls_view.h"
#include "document/document_browser.h"
#include "inspector/inspector.h"
#include "log/log_panel.h"
#include "look/icons.h"
#include "look/message_bar.h"
#include "run/background.h"
#include "runs/runs_panel.h"
#include "trajectory/node_words.h"
#include "window/ask_bar.h"
#include "window/main_window.h"
#include "window/run_bar.h"
#include "window/window_actions.h"

#include <QDockWidget>
#include <QFile>
#include <QMetaEnum>
#include <QSettings>

/// What the window does with a run while that plays.
namespace burrow {

using Phase = RunController::Phase;

void MainWindow::ask()
{
    if (isBusy() || !m_askBar->isReady())
        return;
    m_run.begin(m_askBar->settings());
    play({.settings = m_askBar->settings(),
        .question = m_askBar->question().toUtf8(),
        .allowsUnsafeSandbox = m_settings.value(QStringLiteral("sandbox/allowUnsafe")).toBool()});
}

void MainWindow::play(RunOrder order)
{
    m_playhead.moveToEnd();
    m_lastOrder = order;
    m_messages->hide();
    showDocks();
    m_actions->follow->setChecked(true);
    const bool isOther = order.edit || order.branch != m_run.branch() || order.runFile != m_run.path();
    m_run.setLimits(order.settings.limits);
    m_run.follow(m_controller.feed(), isOther ? ShownRun::Begin::Anew : ShownRun::Begin::GoingOn);
    showTitle();
    m_controller.play(std::move(order));
    onPhase(m_controller.phase());
}

void MainWindow::onPhase(Phase phase)
{
    m_runBar->setPhase(phase);
    m_log->add(
        QStringLiteral("run"), QString::fromLatin1(QMetaEnum::fromType<Phase>().valueToKey(int(phase))));
    if (phase == Phase::Idle)
        m_runs->refresh();
    const bool plays = phase == Phase::Playing || phase == Phase::Paused;
    const bool busy = isBusy();
    m_actions->ask->setEnabled(!busy);
    m_actions->goOn->setEnabled(!busy && !m_run.path().isEmpty());
    m_actions->pause->setEnabled(plays);
    m_actions->pauseNow->setEnabled(plays);
    const bool paused = phase == Phase::Paused;
    m_documents->coverage().setStands(!busy || paused);
    m_actions->pause->setChecked(paused);
    m_actions->pause->setText(paused ? tr("&Resume") : tr("&Pause"));
    m_actions->pause->setIcon(look::icon(paused ? "resume" : "pause"));
    for (QAction* const step :
        {m_actions->stepOver, m_actions->stepInto, m_actions->stepOut, m_actions->runTo})
        step->setEnabled(paused);
    if (!paused)
        m_stops.setHere({});
    // What goes on goes on as a whole.
    if (phase == Phase::Playing || phase == Phase::Idle)
        m_stops.letAllGo();
    offerHold();
    if (phase == Phase::Playing)
        m_playhead.moveToEnd();
    m_runBar->setStop(m_stops.here());
    offerChanges();
    m_actions->stop->setEnabled(plays);
    m_actions->stopNow->setEnabled(busy);
    // With the last phase, all of the run is on disk.
    if (phase == Phase::Idle && !m_run.isFollowing() && std::exchange(m_endsUnseen, false))
        Q_EMIT endedUnseen();
}

void MainWindow::onStopped(const Stop& here)
{
    m_log->add(QStringLiteral("run"), tr("Paused %1.").arg(describe(here)));
    m_stops.setHere(here);
    m_runBar->setStop(here);
    m_stopShown = noNode;
    showStop();
}

/// The eye goes to where the run stands, once for each node that is shown in its place.
void MainWindow::showStop()
{
    const NodeIndex node = m_stops.nodeIn(m_run.tree());
    if (node == noNode || node == m_stopShown)
        return;
    m_stopShown = node;
    select(node);
}

void MainWindow::onEnded(const RunOutcome& outcome)
{
    m_run.endFollowing();
    m_log->add(QStringLiteral("run"), outcome.error ? outcome.error->message : wordFor(outcome.state));
    if (outcome.error)
        offerRemedy(*outcome.error);
    else if (!m_run.path().isEmpty() && !QFile::exists(m_run.path()))
        m_messages->say(MessageBar::Kind::Problem,
            tr("%1 is gone: it was deleted or moved while the run was played. What this window shows of the "
               "run can still be copied; to have it in a file again, ask anew.")
                .arg(m_run.path()));
    // What a run that ended at once has recorded may not be folded yet.
    if (m_run.isEmpty() && m_run.path().isEmpty() && outcome.error) {
        for (QDockWidget* const dock : m_docks)
            dock->hide();
        showRunOrDoors();
    }
    showTitle();
    onPhase(m_controller.phase());
    if (m_nextOrder)
        play(*std::exchange(m_nextOrder, std::nullopt));
}

/// A part can be held while the run plays.
void MainWindow::offerHold()
{
    const NodePath path = selectedPath();
    const bool plays = m_controller.phase() == Phase::Playing && !path.isEmpty();
    m_actions->hold->setEnabled(plays);
    m_actions->holdNow->setEnabled(plays);
    m_actions->hold->setChecked(m_stops.isHeld(path));
}

/// What can be changed of the selected node: nothing while the run goes on.
void MainWindow::offerChanges()
{
    const NodeIndex selected = m_inspector->node();
    const bool stands = !isBusy() || m_controller.phase() == Phase::Paused;
    std::vector<Change::What> possible;
    if (selected != noNode && stands && !m_run.path().isEmpty()) {
        const RunTree::Node& node = m_run.tree().node(selected);
        possible = changesOf(node.kind, node.parent == noNode);
    }
    for (const auto& [what, action] : m_actions->changes)
        action->setEnabled(std::ranges::find(possible, what) != possible.end());
    m_actions->toSource->setEnabled(!isBusy() && m_run.branch() > 1);
}

void MainWindow::fork(const NodePath& at, const Change& change)
{
    if (isBusy() && m_controller.phase() != Phase::Paused) {
        m_messages->say(
            MessageBar::Kind::Note, tr("Pause the run first: the branch that is left stops where it is."));
        return;
    }
    RunOrder order{.runFile = m_run.path(),
        .branch = m_run.branch(),
        .edit = RunEdit{at, change},
        .settings = m_askBar->settings(),
        .allowsUnsafeSandbox = m_settings.value(QStringLiteral("sandbox/allowUnsafe")).toBool()};
    m_inspector->endEdit();
    if (!isBusy()) {
        play(std::move(order));
        return;
    }
    // One plays at a time: the branch that is left stays as it is now.
    m_nextOrder = std::move(order);
    m_controller.stopNow();
}

void MainWindow::onOpened(const QString& path, int branch)
{
    m_run.setFile(path, branch);
    m_log->add(QStringLiteral("run"), path);
    showTitle();
    inBackground(
        QThreadPool::globalInstance(), this,
        [path] {
            return RunFile::open(path, RunFile::Access::Read).transform([](const RunFile& file) {
                return file.branches();
            });
        },
        [this, path](const Result<std::vector<Branch>>& branches) {
            if (branches && m_run.path() == path)
                m_run.setBranches(*branches);
        });
}

void MainWindow::offerRemedy(const Error& error)
{
    if (error.code == ErrorCode::Cancelled)
        return;
    m_messages->say(MessageBar::Kind::Problem, error.message);
    RunOrder order = m_lastOrder;
    if (error.code == ErrorCode::RunNotTrusted) {
        order.isTrusted = true;
        m_messages->offer(tr("Trust and Go On"), [this, order] { play(order); });
    } else if (error.code == ErrorCode::SandboxTooWeak) {
        order.allowsUnsafeSandbox = true;
        m_messages->offer(tr("Run It Anyway"), [this, order] { play(order); });
    } else if (error.code == ErrorCode::LimitReached && !m_run.path().isEmpty()) {
        m_messages->offer(tr("Go On with the Limits Above"), [this] { m_actions->goOn->trigger(); });
    }
}

/// The newest turn while the run plays, the question with its answer at the end.
void MainWindow::followNewest(const RunTree::Changes&)
{
    if (!m_actions->follow->isChecked() || m_stops.here() || m_run.tree().roots().empty())
        return;
    const NodeIndex root = m_run.tree().roots().back();
    const RunTree::Node& question = m_run.tree().node(root);
    const bool plays = question.state == NodeState::Running && !question.children.empty();
    select(plays ? question.children.back() : root);
}

} // namespace burrow
