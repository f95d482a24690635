#include "window/window_actions.h"

#include "calls/calls_view.h"
#include "compare/compare_panel.h"
#include "inspector/inspector.h"
#include "look/icons.h"
#include "look/look.h"
#include "look/message_bar.h"
#include "palette/command_palette.h"
#include "runs/runs_panel.h"
#include "stops/breakpoints_panel.h"
#include "window/ask_bar.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QFileDialog>
#include <QMenuBar>
#include <QSettings>

namespace burrow {

QAction* MainWindow::addAction(
    const QString& text, const char* icon, const QKeySequence& keys, const QString& toolTip)
{
    auto* const action = new QAction(text, this);
    if (icon)
        action->setIcon(look::icon(icon));
    action->setShortcut(keys);
    action->setToolTip(
        keys.isEmpty() ? toolTip : tr("%1 (%2)").arg(toolTip, keys.toString(QKeySequence::NativeText)));
    QMainWindow::addAction(action);
    return action;
}

void MainWindow::setupActions()
{
    m_actions->openDocuments = addAction(tr("&Open Documents…"), "document", QKeySequence::Open,
        tr("Choose the documents of the next question"));
    m_actions->openFolder
        = addAction(tr("Open &Folder…"), "open", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O),
            tr("Choose a folder: all texts in it are the documents of the next question"));
    m_actions->openRun = addAction(tr("Open &Run…"), nullptr, QKeySequence(Qt::CTRL | Qt::Key_R),
        tr("Show a run that was played before"));
    m_actions->sample = addAction(tr("Try the &Sample"), "sample", QKeySequence(Qt::CTRL | Qt::Key_T),
        tr("Write a sample, and a question about it"));
    m_actions->connect = addAction(tr("&Connect a Model…"), "connect", QKeySequence(Qt::CTRL | Qt::Key_M),
        tr("Choose a server and its models"));
    m_actions->settings = addAction(tr("&Settings…"), "settings", QKeySequence(Qt::CTRL | Qt::Key_Comma),
        tr("Models, limits, sandbox, appearance and keys"));
    m_actions->quit = addAction(tr("&Quit"), nullptr, QKeySequence::Quit, tr("Close the window"));
    connect(m_actions->openDocuments, &QAction::triggered, this, &MainWindow::chooseDocuments);
    connect(m_actions->openFolder, &QAction::triggered, this, &MainWindow::chooseFolder);
    connect(m_actions->openRun, &QAction::triggered, this, &MainWindow::chooseRun);
    connect(m_actions->sample, &QAction::triggered, this, &MainWindow::trySample);
    connect(m_actions->settings, &QAction::triggered, this, &MainWindow::showSettings);
    connect(m_actions->connect, &QAction::triggered, this, &MainWindow::connectModel);
    connect(m_actions->quit, &QAction::triggered, this, &QWidget::close);
}

void MainWindow::setupRunActions()
{
    m_actions->question = addAction(tr("&Write a Question"), nullptr, QKeySequence(Qt::CTRL | Qt::Key_L),
        tr("Go to the field for the question"));
    m_actions->ask
        = addAction(tr("&Ask"), "ask", QKeySequence(Qt::CTRL | Qt::Key_Return), tr("Ask the question anew"));
    m_actions->goOn = addAction(tr("&Go On with This Run"), "resume", QKeySequence(Qt::CTRL | Qt::Key_G),
        tr("Finish the run; where it is answered, ask the question above over the same REPL"));
    m_actions->pause = addAction(tr("&Pause"), "pause", QKeySequence(Qt::CTRL | Qt::Key_P),
        tr("Start nothing new until it is pressed again"));
    m_actions->pause->setCheckable(true);
    m_actions->pauseNow
        = addAction(tr("Pause &At Once"), nullptr, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P),
            tr("Also abort what is in flight, to send it again, and let cells stand still"));
    m_actions->hold = addAction(tr("&Hold This Call"), nullptr, QKeySequence(Qt::CTRL | Qt::Key_H),
        tr("Start nothing new at the selected call and below it until it is pressed again; the rest of the "
           "run plays on, and its clock"));
    m_actions->hold->setCheckable(true);
    m_actions->holdNow
        = addAction(tr("Hold This Call at Once"), nullptr, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_H),
            tr("Also abort what is in flight there, to send it again, and let its cells stand still"));
    m_actions->stop = addAction(tr("&Stop"), "stop", QKeySequence(Qt::CTRL | Qt::Key_Period),
        tr("Let what is in flight finish, then stop"));
    m_actions->stopNow = addAction(tr("Stop &Now"), "stop-now",
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Period), tr("Abort everything at once"));
    m_actions->follow = addAction(tr("&Follow the Run"), nullptr, QKeySequence(Qt::CTRL | Qt::Key_E),
        tr("Select what runs, as it begins"));
    m_actions->follow->setCheckable(true);
    connect(m_actions->question, &QAction::triggered, this, [this] { m_askBar->focusQuestion(); });
    connect(m_actions->ask, &QAction::triggered, this, &MainWindow::ask);
    connect(m_actions->goOn, &QAction::triggered, this, [this] {
        m_playhead.moveToEnd(); // whether it is answered, the run as it is says
        const bool answered = m_run.tree().totals().state == RunState::Answered;
        play({.runFile = m_run.path(),
            .branch = m_run.branch(),
            .settings = m_askBar->settings(),
            .question = answered ? m_askBar->question().toUtf8() : QByteArray()});
    });
    connect(m_actions->pause, &QAction::triggered, this,
        [this](bool hold) { hold ? m_controller.pause() : m_controller.resume(); });
    connect(m_actions->pauseNow, &QAction::triggered, &m_controller, &RunController::pauseNow);
    connect(m_actions->hold, &QAction::triggered, this, [this](bool hold) {
        const NodePath path = selectedPath();
        hold ? m_stops.hold(path) : m_stops.letGo(path);
        hold ? m_controller.hold(path) : m_controller.letGo(path);
    });
    connect(m_actions->holdNow, &QAction::triggered, this, [this] {
        m_stops.hold(selectedPath());
        m_controller.holdNow(selectedPath());
    });
    connect(m_actions->stop, &QAction::triggered, &m_controller, &RunController::stopSoftly);
    connect(m_actions->stopNow, &QAction::triggered, &m_controller, &RunController::stopNow);
}

void MainWindow::setupStepActions()
{
    m_actions->stepOver = addAction(tr("Step &Over"), "step-over", QKeySequence(Qt::Key_F10),
        tr("Go on to the next stop that is not below this one"));
    m_actions->stepInto = addAction(tr("Step &Into"), "step-into", QKeySequence(Qt::Key_F11),
        tr("Go on to the next stop, wherever it is"));
    m_actions->stepOut = addAction(tr("Step O&ut"), "step-out", QKeySequence(Qt::SHIFT | Qt::Key_F11),
        tr("Go on until this call has its answer"));
    m_actions->runTo = addAction(tr("&Run to Here"), "run-to", QKeySequence(Qt::CTRL | Qt::Key_F10),
        tr("Go on to the next stop at the selected call"));
    m_actions->breakpoint = addAction(tr("Stop &Here (Breakpoint)"), "breakpoint", QKeySequence(Qt::Key_F9),
        tr("Stop runs at the selected call and below it, or no longer"));
    m_actions->newBreakpoint = addAction(tr("New &Breakpoint…"), nullptr, QKeySequence(Qt::CTRL | Qt::Key_F9),
        tr("Stop runs where conditions hold: a moment, a depth, a model, a text, a cost"));
    const auto stepBy = [this](QAction* action, Step step) {
        connect(action, &QAction::triggered, this, [this, step] { m_controller.step(step); });
    };
    stepBy(m_actions->stepOver, Step::Over);
    stepBy(m_actions->stepInto, Step::Into);
    stepBy(m_actions->stepOut, Step::Out);
    connect(m_actions->runTo, &QAction::triggered, this, [this] { m_controller.runTo(selectedPath()); });
    connect(m_actions->breakpoint, &QAction::triggered, this, [this] { m_stops.toggle(selectedPath()); });
    connect(m_actions->newBreakpoint, &QAction::triggered, this,
        [this] { m_breakpoints->addNew({.point = StopPoint::BeforeCell, .at = {}}); });
}

void MainWindow::setupChangeActions()
{
    using What = Change::What;
    const auto add = [this](What what, Qt::Key key, const QString& toolTip) {
        QAction* const action = addAction(actionFor(what) + tr("…"), nullptr, QKeySequence(key), toolTip);
        m_actions->changes.append({what, action});
        connect(action, &QAction::triggered, this, [this, what] { m_inspector->edit(what); });
    };
    add(What::Code, Qt::Key_F2, tr("Change the code of the cell, and run from here in a branch of its own"));
    add(What::Reply, Qt::Key_F4, tr("Change what the model replied, and run from here"));
    add(What::Prompt, Qt::Key_F6, tr("Change what the model is asked, and run from here"));
    add(What::Model, Qt::Key_F7, tr("Ask another model here, from here on or everywhere"));
    add(What::Parameters, Qt::Key_F12,
        tr("Ask with another temperature or length of replies, here, from here on or everywhere"));
    add(What::Sample, Qt::Key_F8, tr("Send the same request again, and go on with what comes"));
    m_actions->toSource = addAction(
        tr("&Undo the Change"), "undo", QKeySequence::Undo, tr("Go back to the branch that this one left"));
    connect(m_actions->toSource, &QAction::triggered, this, &MainWindow::showSourceBranch);
}

void MainWindow::setupPlayheadActions()
{
    m_actions->back = addAction(tr("One Event &Back"), "back", QKeySequence(Qt::ALT | Qt::Key_Left),
        tr("Show the run as it was one event before; nothing is executed"));
    m_actions->forward = addAction(tr("One Event &Forward"), "forward", QKeySequence(Qt::ALT | Qt::Key_Right),
        tr("Show the run as it was one event later"));
    m_actions->toNode = addAction(tr("The &Moment of This Call"), nullptr,
        QKeySequence(Qt::ALT | Qt::Key_Home), tr("Show the run as it was when the selected call had ended"));
    m_actions->toEnd = addAction(
        tr("The Run as It &Is"), "to-end", QKeySequence(Qt::ALT | Qt::Key_End), tr("Leave the past"));
    connect(m_actions->back, &QAction::triggered, this, [this] { m_playhead.moveBy(-1); });
    connect(m_actions->forward, &QAction::triggered, this, [this] { m_playhead.moveBy(1); });
    connect(m_actions->toEnd, &QAction::triggered, this, [this] { m_playhead.moveToEnd(); });
    connect(m_actions->toNode, &QAction::triggered, this, [this] {
        if (const NodeIndex node = m_inspector->node(); node != noNode)
            m_playhead.moveToNode(m_run.tree().node(node).id);
    });
}

void MainWindow::setupMenus()
{
    QMenu* const file = m_menus->addMenu(tr("&File"));
    file->addActions(
        {m_actions->openDocuments, m_actions->openFolder, m_actions->openRun, m_actions->sample});
    file->addSeparator();
    file->addActions({m_actions->connect, m_actions->settings});
    file->addSeparator();
    file->addAction(m_actions->quit);
    QMenu* const run = m_menus->addMenu(tr("&Run"));
    run->addActions({m_actions->question, m_actions->ask, m_actions->goOn});
    run->addSeparator();
    run->addActions(
        {m_actions->pause, m_actions->pauseNow, m_actions->hold, m_actions->holdNow, m_actions->stepOver,
            m_actions->stepInto, m_actions->stepOut, m_actions->runTo, m_actions->stop, m_actions->stopNow});
    run->addSeparator();
    run->addActions({m_actions->breakpoint, m_actions->newBreakpoint});
    run->addSeparator();
    run->addAction(m_actions->follow);
    QMenu* const change = m_menus->addMenu(tr("C&hange"));
    for (const auto& [what, action] : m_actions->changes)
        change->addAction(action);
    change->addSeparator();
    change->addAction(m_actions->toSource);
    m_menus->addMenu(tr("&Calls"))->addActions(m_calls->menuActions());
    QMenu* const compare = m_menus->addMenu(tr("Co&mpare"));
    compare->addAction(m_runs->compareAction());
    compare->addActions(m_compare->menuActions());
    m_menus->addMenu(tr("&Past"))
        ->addActions({m_actions->back, m_actions->forward, m_actions->toNode, m_actions->toEnd});
    QMenu* const view = m_menus->addMenu(tr("&View"));
    setupDockMenu(view);
    view->addSeparator();
    QMenu* const appearance = view->addMenu(tr("&Appearance"));
    auto* const group = new QActionGroup(this);
    using look::Appearance;
    for (const auto& [text, value] : {std::pair(tr("As the &System"), Appearance::System),
             std::pair(tr("&Light"), Appearance::Light), std::pair(tr("&Dark"), Appearance::Dark)}) {
        QAction* const action = appearance->addAction(text);
        action->setCheckable(true);
        action->setChecked(int(value) == m_settings.value(QStringLiteral("appearance")).toInt());
        action->setToolTip(tr("Colours of the window"));
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, value] {
            look::apply(value);
            m_settings.setValue(QStringLiteral("appearance"), int(value));
        });
    }
}

/// Each dock is shown by Ctrl and its number.
void MainWindow::setupDockMenu(QMenu* menu)
{
    for (int i = 0; i < m_docks.size(); ++i) {
        QAction* const action = m_docks[i]->toggleViewAction();
        action->setShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_1 + i)));
        action->setToolTip(tr("Show or hide: %1").arg(m_docks[i]->windowTitle()));
        // What stands behind a tab comes to the front.
        connect(action, &QAction::triggered, m_docks[i], [dock = m_docks[i]](bool shown) {
            if (shown)
                dock->raise();
        });
        menu->addAction(action);
    }
}

void MainWindow::setupHelpMenu()
{
    m_actions->commands = addAction(tr("&Commands…"), "command", QKeySequence(Qt::CTRL | Qt::Key_K),
        tr("Find what the window can do by its name"));
    m_actions->keys = addAction(tr("&Keys…"), "keys", QKeySequence(Qt::Key_F1), tr("Show all keys"));
    m_actions->keys->setShortcuts({QKeySequence(Qt::Key_F1), QKeySequence(Qt::Key_Question)});
    QAction* const about = addAction(tr("&About Burrow"), nullptr, {}, tr("Version and licence"));
    m_menus->addMenu(tr("&Help"))->addActions({m_actions->commands, m_actions->keys, about});
    m_palette = new CommandPalette(*m_menus, this);
    connect(m_actions->commands, &QAction::triggered, m_palette, &CommandPalette::popUp);
    connect(m_actions->keys, &QAction::triggered, m_palette, &CommandPalette::popUp);
    connect(about, &QAction::triggered, this, [this] {
        m_messages->say(MessageBar::Kind::Note,
            tr("Burrow %1. Free software under the GNU General Public License, version 3 or later.")
                .arg(QCoreApplication::applicationVersion()));
    });
}

void MainWindow::chooseDocuments()
{
    open(QFileDialog::getOpenFileNames(this, tr("Open Documents")));
}

void MainWindow::chooseFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open Folder"));
    if (!folder.isEmpty())
        open({folder});
}

void MainWindow::chooseRun()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open Run"), QString(), tr("Runs (*.burrow)"));
    if (!path.isEmpty())
        openRun(path);
}

} // namespace burrow
