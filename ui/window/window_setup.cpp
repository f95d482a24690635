#include "calls/calls_view.h"
#include "compare/compare_panel.h"
#include "document/document_browser.h"
#include "edit/edit_page.h"
#include "inspector/inspector.h"
#include "log/log_panel.h"
#include "look/message_bar.h"
#include "money/money_panel.h"
#include "runs/branch_button.h"
#include "runs/runs_panel.h"
#include "settings/connect_page.h"
#include "stops/breakpoints_panel.h"
#include "timeline/playhead_bar.h"
#include "timeline/timeline_panel.h"
#include "timeline/timeline_view.h"
#include "trajectory/runs_folder.h"
#include "window/ask_bar.h"
#include "window/first_page.h"
#include "window/opening_bar.h"
#include "window/run_bar.h"
#include "window/window_actions.h"

#include <QDockWidget>
#include <QMenuBar>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

/// How the window is put together.
namespace burrow {

void MainWindow::setupCentre()
{
    auto* const centre = new QWidget(this);
    auto* const box = new QVBoxLayout(centre);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(0);
    m_pages = new QStackedWidget(centre);
    m_firstPage = new FirstPage(m_pages);
    m_firstPage->addDoor(
        m_actions->openDocuments, tr("Files of any size, or several: text, logs, source code"));
    m_firstPage->addDoor(m_actions->sample,
        tr("A made-up text of 20 MB with one planted fact. Works without a key and "
           "without a network"));
    m_firstPage->addDoor(m_actions->connect,
        tr("A server on this machine, or one of many others, by its address and a "
           "key"));
    m_connectPage = new ConnectPage(m_controller, m_keys, m_settings, m_pages);
    m_inspector = new Inspector(m_run, m_pages);
    m_inspector->setLiveTexts(m_controller.liveTexts());
    m_pages->addWidget(m_firstPage);
    m_pages->addWidget(m_connectPage);
    m_pages->addWidget(m_inspector);
    box->addWidget(m_pages, 1);
    setCentralWidget(centre);

    // Above docks and centre alike.
    m_askBar = new AskBar(this);
    m_runBar = new RunBar(m_run, this);
    m_messages = new MessageBar(this);
    m_openingBar = new OpeningBar(this);
    connect(m_openingBar, &OpeningBar::cancelled, this, &MainWindow::stopOpening);
    auto* const top = new QWidget(this);
    auto* const topBox = new QVBoxLayout(top);
    topBox->setContentsMargins(0, 0, 0, 0);
    topBox->setSpacing(0);
    m_menus = new QMenuBar(top);
    topBox->addWidget(m_menus);
    topBox->addWidget(m_askBar);
    topBox->addWidget(m_runBar);
    topBox->addWidget(m_messages);
    topBox->addWidget(m_openingBar);
    setMenuWidget(top);
    for (QAction* const action : {m_actions->pause, m_actions->stepOver, m_actions->stepInto,
             m_actions->stepOut, m_actions->runTo, m_actions->stop, m_actions->stopNow})
        m_runBar->addAction(action);

    setupBranches();

    connect(m_askBar, &AskBar::asked, this, &MainWindow::ask);
    connect(m_askBar, &AskBar::wantsDocuments, this, &MainWindow::chooseDocuments);
    connect(m_inspector, &Inspector::chosen, this, &MainWindow::select);
    connect(m_connectPage, &ConnectPage::closed, this, &MainWindow::showRunOrDoors);
    connect(m_connectPage, &ConnectPage::connected, this, [this](const QList<ModelChoice>& models) {
        setModels(models);
        showRunOrDoors();
    });
}

void MainWindow::setupBranches()
{
    auto* const branches = new BranchButton(m_run, m_runBar);
    m_runBar->addWidget(branches);
    connect(branches, &BranchButton::chosen, this, [this](int branch) { openRun(m_run.path(), branch); });
    // Another branch of the run that plays has no window of its own.
    connect(&m_controller, &RunController::phaseChanged, branches, [branches](RunController::Phase phase) {
        branches->setEnabled(phase == RunController::Phase::Idle);
    });
    connect(branches, &BranchButton::wantsComparison, this, &MainWindow::compareWith);
    connect(&m_run, &ShownRun::branchesChanged, this, &MainWindow::offerChanges);
    QList<QAction*> changes;
    for (const auto& [what, action] : m_actions->changes)
        changes << action;
    m_inspector->setEditActions(changes);
    connect(&m_inspector->editPage(), &EditPage::wantsToRun, this, &MainWindow::fork);
}

void MainWindow::setupPlayhead()
{
    auto* const bar = new PlayheadBar(m_playhead, m_run, m_timeline);
    m_timeline->setPlayheadBar(bar);
    for (QAction* const action : {m_actions->back, m_actions->forward, m_actions->toEnd})
        bar->addAction(action);
    connect(&m_timeline->view(), &TimelineView::momentChosen, &m_playhead, &Playhead::moveToTime);
    connect(&m_playhead, &Playhead::moved, this, &MainWindow::onMoved);
    connect(&m_playhead, &Playhead::failed, this,
        [this](const QString& problem) { m_messages->say(MessageBar::Kind::Problem, problem); });
}

QDockWidget* MainWindow::addDock(
    const char* name, const QString& title, QWidget* widget, Qt::DockWidgetArea area)
{
    auto* const dock = new QDockWidget(title, this);
    dock->setObjectName(QString::fromLatin1(name));
    dock->setWidget(widget);
    addDockWidget(area, dock);
    dock->hide();
    m_docks << dock;
    return dock;
}

void MainWindow::setupDocks()
{
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setupCallsDock();
    m_timeline = new TimelinePanel(m_run, this);
    m_money = new MoneyPanel(m_run, this);
    m_runs = new RunsPanel(runsFolder(), this);
    m_documents = new DocumentBrowser(m_run, this);
    m_log = new LogPanel(this);
    m_breakpoints = new BreakpointsPanel(m_stops, this);
    QDockWidget* const timeline = addDock("timeline", tr("Timeline"), m_timeline, Qt::BottomDockWidgetArea);
    QDockWidget* const money = addDock("money", tr("Money"), m_money, Qt::BottomDockWidgetArea);
    QDockWidget* const runs = addDock("runs", tr("Runs"), m_runs, Qt::BottomDockWidgetArea);
    QDockWidget* const documents
        = addDock("documents", tr("Documents"), m_documents, Qt::BottomDockWidgetArea);
    QDockWidget* const log = addDock("log", tr("Log"), m_log, Qt::BottomDockWidgetArea);
    QDockWidget* const breakpoints
        = addDock("breakpoints", tr("Breakpoints"), m_breakpoints, Qt::BottomDockWidgetArea);
    tabifyDockWidget(timeline, money);
    tabifyDockWidget(money, runs);
    tabifyDockWidget(runs, documents);
    tabifyDockWidget(documents, log);
    tabifyDockWidget(log, breakpoints);
    m_compare = new ComparePanel(this);
    tabifyDockWidget(breakpoints, addDock("compare", tr("Compare"), m_compare, Qt::BottomDockWidgetArea));
    connect(m_compare, &ComparePanel::chosen, this, [this](const NodePath& path) {
        if (const NodeIndex node = m_run.tree().findPath(path); node != noNode)
            select(node); // else only the other branch has it
    });
    setupPlayhead();
    setTabPosition(Qt::BottomDockWidgetArea, QTabWidget::North);
    connect(&m_timeline->view(), &TimelineView::chosen, this, &MainWindow::select);
    connect(m_runs, &RunsPanel::chosen, this, &MainWindow::openRun);
    connect(m_runs, &RunsPanel::wantsComparison, this, &MainWindow::compare);
    connect(m_documents, &DocumentBrowser::nodeWanted, this, [this](qint64 id) {
        // At the moment that is shown it may not have begun.
        if (const NodeIndex node = m_run.tree().findId(id); node != noNode)
            select(node);
    });
    connect(m_money, &MoneyPanel::raised, this, [this](const RunLimits& limits) {
        m_askBar->setLimits(limits);
        m_actions->goOn->trigger();
    });
}

void MainWindow::setupCallsDock()
{
    m_calls = new CallsView(m_run, this);
    connect(&m_inspector->editPage(), &EditPage::keeps, m_calls, &CallsView::setKeptUpTo);
    m_calls->setStops(m_stops);
    m_calls->tree()->addActions(
        {m_actions->runTo, m_actions->breakpoint, m_actions->hold, m_actions->holdNow});
    addDock("calls", tr("Calls"), m_calls, Qt::LeftDockWidgetArea);
    connect(m_calls, &CallsView::currentChanged, this, [this](NodeIndex node) {
        if (!m_selecting && node != noNode) {
            m_actions->follow->setChecked(false);
            m_chosen = node;
        }
        m_inspector->setNode(node);
        offerChanges();
        offerHold();
        m_timeline->view().setCurrent(node);
    });
    connect(m_calls, &CallsView::activated, this, [this] { m_inspector->setFocus(); });
    connect(&m_run, &ShownRun::wasReset, this, [this] { m_chosen = noNode; });
    connect(&m_run, &ShownRun::changed, this, &MainWindow::followNewest);
}

void MainWindow::setupStops()
{
    connect(&m_stops, &Stops::breakpointsChanged, this,
        [this] { m_controller.setBreakpoints(m_stops.breakpoints()); });
    connect(&m_stops, &Stops::heldChanged, this, [this] {
        m_runBar->setHeld(m_stops.held().size());
        offerHold();
    });
    connect(&m_controller, &RunController::stopped, this, &MainWindow::onStopped);
    // The node may come to the tree after the news of the stop.
    connect(&m_run, &ShownRun::changed, this, &MainWindow::showStop);
}

void MainWindow::setupController()
{
    setupStops();
    connect(&m_controller, &RunController::phaseChanged, this, &MainWindow::onPhase);
    connect(&m_controller, &RunController::sandboxed, m_runBar, &RunBar::setSandbox);
    connect(&m_controller, &RunController::noted, this, [this](const QString& line) {
        m_log->add(QStringLiteral("run"), line);
        m_messages->say(MessageBar::Kind::Note, line);
    });
    connect(&m_controller, &RunController::opened, this, &MainWindow::onOpened);
    connect(&m_controller, &RunController::ended, this, &MainWindow::onEnded);
}

} // namespace burrow
