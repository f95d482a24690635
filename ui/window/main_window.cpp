#include "window/main_window.h"

#include "base/visible_text.h"
#include "calls/calls_view.h"
#include "compare/compare_panel.h"
#include "document/document_browser.h"
#include "documents/sample_text.h"
#include "edit/edit_page.h"
#include "inspector/inspector.h"
#include "log/log_panel.h"
#include "look/icons.h"
#include "look/message_bar.h"
#include "palette/command_palette.h"
#include "run/background.h"
#include "run/node_words.h"
#include "runs/runs_panel.h"
#include "settings/connect_page.h"
#include "settings/key_store.h"
#include "settings/saved_limits.h"
#include "settings/settings_dialog.h"
#include "window/ask_bar.h"
#include "window/first_page.h"
#include "window/run_bar.h"
#include "window/window_actions.h"

#include <QCheckBox>
#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QMetaEnum>
#include <QMimeData>
#include <QProcess>
#include <QSettings>
#include <QStackedWidget>
#include <QStandardPaths>

namespace burrow {

using Phase = RunController::Phase;

namespace {

const QString keepRunningKey = QStringLiteral("window/keepRunning");

} // namespace

MainWindow::MainWindow(RunController& controller, KeyStore& keys, QSettings& settings, QWidget* parent)
    : QMainWindow(parent)
    , m_controller(controller)
    , m_keys(keys)
    , m_settings(settings)
    , m_actions(std::make_unique<Actions>())
{
    setWindowIcon(look::icon("burrow"));
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    resize(1280, 800);
    setupActions();
    setupRunActions();
    setupStepActions();
    setupChangeActions();
    setupPlayheadActions();
    setupCentre();
    setupDocks();
    setupMenus();
    setupHelpMenu();
    setupController();
    loadModels();
    applySavedKeys(m_settings, *m_menus);
    m_askBar->setLimits(savedLimits(m_settings));
    onPhase(m_controller.phase());
    showTitle();
}

/// The views go before what they show.
MainWindow::~MainWindow()
{
    qDeleteAll(findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
}

/// Those that were connected, and the one that always works.
void MainWindow::loadModels()
{
    QList<ModelChoice> models = savedModels(m_settings);
    for (const ModelChoice& model : models) {
        m_keys.read(model.endpoint, this, [this, endpoint = model.endpoint](const ApiKey& kept) {
            if (const ApiKey key = kept.isEmpty() ? keyOfEnvironment(endpoint) : kept; !key.isEmpty())
                m_controller.setKey(endpoint, key);
        });
    }
    m_askBar->setModels(models << offlineChoice());
}

void MainWindow::connectModel()
{
    m_connectPage->lookAround();
    m_pages->setCurrentWidget(m_connectPage);
}

void MainWindow::showRunOrDoors()
{
    m_pages->setCurrentWidget(m_run.isEmpty() ? static_cast<QWidget*>(m_firstPage) : m_inspector);
}

void MainWindow::showSettings()
{
    auto* const dialog = new SettingsDialog(m_keys, m_settings, *m_menus, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SettingsDialog::modelsChanged, this, &MainWindow::loadModels);
    connect(dialog, &SettingsDialog::limitsChanged, this,
        [this] { m_askBar->setLimits(savedLimits(m_settings)); });
    connect(dialog, &SettingsDialog::wantsToConnect, this, [this, dialog] {
        dialog->close();
        connectModel();
    });
    dialog->show();
}

QDockWidget* MainWindow::dock(const QString& name) const
{
    return findChild<QDockWidget*>(name);
}

/// A run is shown for the first time: beside what it says stand its calls and its timeline.
void MainWindow::showDocks()
{
    if (m_pages->currentWidget() == m_inspector)
        return;
    m_pages->setCurrentWidget(m_inspector);
    if (!m_dockState.isEmpty() && restoreState(std::exchange(m_dockState, {}), layoutVersion))
        return;
    if (std::ranges::any_of(m_docks, &QWidget::isVisible))
        return;
    for (QDockWidget* const dock : m_docks)
        dock->show();
    resizeDocks({dock(QStringLiteral("calls"))}, {width() * 4 / 9}, Qt::Horizontal);
    resizeDocks({dock(QStringLiteral("timeline"))}, {height() / 5}, Qt::Vertical);
    dock(QStringLiteral("timeline"))->raise();
}

bool MainWindow::isBusy() const
{
    // The controller has not heard of an order that was given just now.
    return m_run.isFollowing()
        || (m_controller.phase() != Phase::Idle && m_controller.phase() != Phase::Finishing);
}

void MainWindow::open(const QStringList& paths)
{
    if (paths.isEmpty())
        return;
    if (paths.size() == 1 && paths.front().endsWith(QLatin1String(".burrow"))) {
        openRun(paths.front());
        return;
    }
    setDocuments(paths);
}

void MainWindow::setDocuments(const QStringList& paths)
{
    m_askBar->setDocuments(paths);
    m_documents->setPaths(paths);
    m_askBar->focusQuestion();
}

void MainWindow::openRun(const QString& path, int branch)
{
    // What plays stays on the screen of its own window.
    if (isBusy()) {
        QProcess::startDetached(QCoreApplication::applicationFilePath(), {path});
        return;
    }
    inBackground(
        QThreadPool::globalInstance(), this, [path, branch] { return loadRun(path, branch); },
        [this](Result<LoadedRun> run) {
            if (run && !isBusy())
                showRun(std::move(*run));
            else if (!run)
                m_messages->say(MessageBar::Kind::Problem, run.error().message);
        });
}

void MainWindow::showRun(LoadedRun run)
{
    const std::optional<QString> writer = run.writer;
    m_askBar->setDocuments(run.settings.paths);
    m_askBar->setLimits(run.settings.limits);
    m_askBar->setQuestion(run.questions.isEmpty() ? QString() : QString::fromUtf8(run.questions.back()));
    m_runBar->setSandbox({});
    m_actions->follow->setChecked(false);
    m_run.show(std::move(run));
    showDocks();
    showTitle();
    if (writer)
        m_messages->say(MessageBar::Kind::Note,
            tr("%1 plays this run now. It is shown as it was when it was opened.").arg(*writer));
    if (!m_run.tree().roots().empty())
        select(m_run.tree().roots().back());
    onPhase(m_controller.phase());
    Q_EMIT runShown();
}

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
    m_lastOrder = order;
    m_messages->hide();
    showDocks();
    m_actions->follow->setChecked(true);
    const bool isOther = order.edit || order.branch != m_run.branch() || order.runFile != m_run.path();
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
    const bool paused = phase == Phase::Paused;
    m_actions->pause->setChecked(paused);
    m_actions->pause->setText(paused ? tr("&Resume") : tr("&Pause"));
    m_actions->pause->setIcon(look::icon(paused ? "resume" : "pause"));
    for (QAction* const step :
        {m_actions->stepOver, m_actions->stepInto, m_actions->stepOut, m_actions->runTo})
        step->setEnabled(paused);
    if (!paused)
        m_stops.setHere({});
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

NodePath MainWindow::selectedPath() const
{
    const NodeIndex node = m_inspector->node();
    return node == noNode ? NodePath() : m_run.tree().path(node);
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
    if (m_run.isEmpty() && outcome.error) {
        for (QDockWidget* const dock : m_docks)
            dock->hide();
        showRunOrDoors();
    }
    showTitle();
    onPhase(m_controller.phase());
    if (m_nextOrder)
        play(*std::exchange(m_nextOrder, std::nullopt));
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

void MainWindow::compareWith(int branch)
{
    m_compare->compare(m_run.path(), branch, m_run.branch());
    dock(QStringLiteral("compare"))->show();
    dock(QStringLiteral("compare"))->raise();
}

/// The eye goes with the playhead to the node of its event.
void MainWindow::onMoved()
{
    if (m_playhead.length() == 0)
        return;
    const Event* const event = m_playhead.event();
    if (event && m_run.isAtMoment())
        m_actions->follow->setChecked(false);
    const NodeIndex node = event ? m_run.tree().findId(event->node) : noNode;
    if (node != noNode)
        select(node);
    else if (!m_run.tree().roots().empty())
        select(m_run.tree().roots().back());
}

void MainWindow::showSourceBranch()
{
    const auto shown = std::ranges::find(m_run.branches(), m_run.branch(), &Branch::id);
    if (shown != m_run.branches().end() && shown->parent != 0)
        openRun(m_run.path(), shown->parent);
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

void MainWindow::select(NodeIndex node)
{
    m_selecting = true;
    m_calls->setCurrent(node);
    m_selecting = false;
    m_inspector->setNode(node);
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

void MainWindow::trySample()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::CacheLocation);
    const QString path = folder + QStringLiteral("/sample.txt");
    m_messages->say(MessageBar::Kind::Note, tr("Writing the sample…"));
    inBackground(
        QThreadPool::globalInstance(), this,
        [folder, path] {
            constexpr qint64 bytes = 20'000'000;
            QDir().mkpath(folder);
            return writeSample(path, bytes, SampleKind::Ascii, 20251124, {});
        },
        [this, path](const Result<SamplePlan>& plan) {
            if (!plan) {
                m_messages->say(MessageBar::Kind::Problem, plan.error().message);
                return;
            }
            setDocuments({path});
            m_askBar->choose(offlineChoice());
            m_askBar->setQuestion(QString::fromUtf8(plan->question));
            m_messages->say(MessageBar::Kind::Note,
                tr("The sample is ready: 20 MB of text with one planted fact, and a question about it."));
            m_messages->offer(tr("Ask It"), [this] { ask(); });
        });
}

void MainWindow::showTitle()
{
    const QString name = m_run.path().isEmpty() ? QString() : QFileInfo(m_run.path()).completeBaseName();
    setWindowTitle(
        name.isEmpty() ? tr("Burrow") : tr("%1 — Burrow").arg(visibleText(name, LineMode::SingleLine)));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    const bool busy = isBusy();
    event->setAccepted(!busy);
    const AtClose choice = busy ? chooseAtClose() : AtClose::StopRun;
    if (choice == AtClose::StayOpen)
        return;
    remember();
    if (!busy)
        return;
    // Either way the run ends on its own thread, and all of it is recorded, before the program goes.
    m_endsUnseen = isBusy();
    if (choice == AtClose::StopRun)
        m_controller.stopNow();
    hide();
    if (!m_endsUnseen)
        Q_EMIT endedUnseen();
}

/// A person is asked what is to become of the run, unless one answer is to hold for good.
MainWindow::AtClose MainWindow::chooseAtClose()
{
    if (m_settings.value(keepRunningKey).toBool())
        return AtClose::KeepRunning;
    QMessageBox box(QMessageBox::Question, tr("The run is not finished"),
        tr("The run is not finished. It can go on without the window, or stop: what it has done so far is "
           "kept, and it can go on later."),
        QMessageBox::Cancel, this);
    box.setTextFormat(Qt::PlainText);
    const QAbstractButton* const keep = box.addButton(tr("Keep Running"), QMessageBox::AcceptRole);
    const QAbstractButton* const stop = box.addButton(tr("Stop and Close"), QMessageBox::DestructiveRole);
    auto* const always = new QCheckBox(tr("Always keep running when the window is closed"), &box);
    box.setCheckBox(always);
    box.setDefaultButton(QMessageBox::Cancel);
    box.exec();
    if (box.clickedButton() == stop)
        return AtClose::StopRun;
    if (box.clickedButton() != keep)
        return AtClose::StayOpen;
    m_settings.setValue(keepRunningKey, always->isChecked());
    return AtClose::KeepRunning;
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            paths << url.toLocalFile();
    }
    open(paths);
    event->acceptProposedAction();
}

} // namespace burrow
