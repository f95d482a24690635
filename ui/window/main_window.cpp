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
#include "runs/runs_panel.h"
#include "settings/connect_page.h"
#include "settings/key_store.h"
#include "settings/saved_limits.h"
#include "settings/settings_dialog.h"
#include "trajectory/node_words.h"
#include "window/ask_bar.h"
#include "window/first_page.h"
#include "window/opening_bar.h"
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
    m_opens.request_stop();
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
    setModels(models);
}

void MainWindow::setModels(const QList<ModelChoice>& models)
{
    m_askBar->setModels(QList<ModelChoice>(models) << offlineChoice());
    QStringList names;
    for (const ModelChoice& choice : models)
        names << choice.model;
    m_inspector->editPage().setModels(names);
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
    resizeDocks({dock(QStringLiteral("calls"))}, {width() * 12 / 25}, Qt::Horizontal);
    resizeDocks({dock(QStringLiteral("timeline"))}, {height() / 4}, Qt::Vertical);
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
    stopOpening();
    m_opens = {};
    const auto percent = std::make_shared<std::atomic<int>>(0);
    m_openingBar->begin(percent);
    inBackground(
        QThreadPool::globalInstance(), this,
        [path, branch, percent, stop = m_opens.get_token()] {
            return loadRun(path, branch, stop, [&percent](int read) { *percent = read; });
        },
        [this, opening = m_opening](Result<LoadedRun> run) {
            if (opening != m_opening)
                return;
            m_openingBar->end();
            if (run && !isBusy())
                showRun(std::move(*run));
            else if (!run)
                m_messages->say(MessageBar::Kind::Problem, run.error().message);
        });
}

/// Nothing more is read of the run that is being opened, and it will not be shown.
void MainWindow::stopOpening()
{
    ++m_opening;
    m_opens.request_stop();
    m_openingBar->end();
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
    m_documents->setRecords(m_run.documents());
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

NodePath MainWindow::selectedPath() const
{
    const NodeIndex node = m_inspector->node();
    return node == noNode ? NodePath() : m_run.tree().path(node);
}

void MainWindow::compareWith(int branch)
{
    // What a branch came of stands on the left.
    const int shown = m_run.branch();
    compare({m_run.path(), std::min(branch, shown)}, {m_run.path(), std::max(branch, shown)});
}

void MainWindow::compare(const RunBranch& left, const RunBranch& right)
{
    m_compare->compare(left, right);
    dock(QStringLiteral("compare"))->show();
    dock(QStringLiteral("compare"))->raise();
}

/// The eye stays with what a person chose, where that is there; else it goes with the playhead to the node of
/// its event.
void MainWindow::onMoved()
{
    if (m_playhead.length() == 0)
        return;
    const Event* const event = m_playhead.lastEvent();
    if (event && m_run.isAtMoment())
        m_actions->follow->setChecked(false);
    const NodeIndex node = event ? m_run.tree().findId(event->node) : noNode;
    if (m_chosen != noNode && int(m_chosen) < m_run.tree().size())
        select(m_chosen);
    else if (node != noNode)
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

void MainWindow::select(NodeIndex node)
{
    m_selecting = true;
    m_calls->setCurrent(node);
    m_selecting = false;
    m_inspector->setNode(node);
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
