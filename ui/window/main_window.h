#pragma once

#include "engine/run_controller.h"
#include "run/playhead.h"
#include "run/shown_run.h"
#include "stops/stops.h"

#include <QMainWindow>

#include <stop_token>

class QMenuBar;
class QSettings;
class QStackedWidget;

namespace burrow {

class AskBar;
struct ModelChoice;
class BreakpointsPanel;
class CallsView;
class CommandPalette;
class ComparePanel;
struct RunBranch;
class ConnectPage;
class FirstPage;
class Inspector;
class KeyStore;
class DocumentBrowser;
class LogPanel;
class MessageBar;
class MoneyPanel;
class OpeningBar;
class RunBar;
class RunsPanel;
class TimelinePanel;

/// The window of one run: asks it, shows it as it happens, or shows one that was.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// All must outlive it.
    MainWindow(RunController& controller, KeyStore& keys, QSettings& settings, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// A run is shown; anything else becomes the documents of the next question.
    void open(const QStringList& paths);
    void openRun(const QString& path, int branch = 1);
    void ask();
    void trySample();

    const ShownRun& run() const { return m_run; }
    AskBar& askBar() { return *m_askBar; }
    RunBar& runBar() { return *m_runBar; }
    CallsView& calls() { return *m_calls; }
    Inspector& inspector() { return *m_inspector; }
    MessageBar& messages() { return *m_messages; }
    CommandPalette& commands() { return *m_palette; }
    LogPanel& log() { return *m_log; }
    Stops& stops() { return m_stops; }
    Playhead& playhead() { return m_playhead; }
    ComparePanel& comparison() { return *m_compare; }

    /// Brings back how the window stood, and the run that it showed.
    void restore();
    /// `calls`, `timeline`, `money`, `runs`, `documents`, `log`, `breakpoints` or
    /// `compare`.
    QDockWidget* dock(const QString& name) const;

Q_SIGNALS:
    /// A run from a file is on the screen.
    void runShown();
    /// The window was closed while its run went on, and now that has ended.
    void endedUnseen();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    static constexpr int layoutVersion = 2; ///< of the docks
    struct Actions;
    enum class AtClose { StayOpen, KeepRunning, StopRun };

    void setupActions();
    void setupRunActions();
    void setupStepActions();
    void setupChangeActions();
    void setupBranches();
    void setupPlayheadActions();
    void setupPlayhead();
    void setupMenus();
    void setupDockMenu(QMenu* menu);
    void setupHelpMenu();
    void setupCentre();
    void setupDocks();
    QDockWidget* addDock(const char* name, const QString& title, QWidget* widget, Qt::DockWidgetArea area);
    void setupCallsDock();
    void setupController();
    void setupStops();
    void loadModels();
    void connectModel();
    void showRunOrDoors();
    void showSettings();
    QAction* addAction(
        const QString& text, const char* icon, const QKeySequence& keys, const QString& toolTip);

    void play(RunOrder order);
    void onPhase(RunController::Phase phase);
    void onStopped(const Stop& here);
    void showStop();
    void offerChanges();
    void offerHold();
    void compareWith(int branch);
    void compare(const RunBranch& left, const RunBranch& right);
    void onMoved();
    void fork(const NodePath& at, const Change& change);
    void showSourceBranch();
    void onOpened(const QString& path, int branch);
    NodePath selectedPath() const;
    void onEnded(const RunOutcome& outcome);
    void offerRemedy(const Error& error);
    void select(NodeIndex node);
    void followNewest(const RunTree::Changes& changes);
    void showRun(LoadedRun run);
    void stopOpening();
    void setDocuments(const QStringList& paths);
    void setModels(const QList<ModelChoice>& models);
    void showTitle();
    void showDocks();
    void remember();
    void chooseDocuments();
    void chooseFolder();
    void chooseRun();
    bool isBusy() const;
    AtClose chooseAtClose();

    RunController& m_controller;
    KeyStore& m_keys;
    QSettings& m_settings;
    ShownRun m_run;
    Playhead m_playhead{m_run};
    Stops m_stops;
    std::unique_ptr<Actions> m_actions;
    AskBar* m_askBar = nullptr;
    RunBar* m_runBar = nullptr;
    MessageBar* m_messages = nullptr;
    OpeningBar* m_openingBar = nullptr;
    QMenuBar* m_menus = nullptr;
    QStackedWidget* m_pages = nullptr;
    FirstPage* m_firstPage = nullptr;
    ConnectPage* m_connectPage = nullptr;
    Inspector* m_inspector = nullptr;
    CallsView* m_calls = nullptr;
    TimelinePanel* m_timeline = nullptr;
    MoneyPanel* m_money = nullptr;
    RunsPanel* m_runs = nullptr;
    DocumentBrowser* m_documents = nullptr;
    LogPanel* m_log = nullptr;
    BreakpointsPanel* m_breakpoints = nullptr;
    ComparePanel* m_compare = nullptr;
    CommandPalette* m_palette = nullptr;
    QList<QDockWidget*> m_docks;
    QByteArray m_dockState; ///< to be brought back with the first run that is shown
    RunOrder m_lastOrder;
    std::optional<RunOrder> m_nextOrder; ///< once what plays has stopped
    NodeIndex m_chosen = noNode; ///< by a person; it may not be there at the moment that is shown
    NodeIndex m_stopShown = noNode; ///< for the stop at which the run stands
    bool m_endsUnseen = false; ///< the window is closed, and its run goes on
    int m_opening = 0; ///< how many runs were asked for: only the last is shown
    std::stop_source m_opens; ///< the run that is being read
    bool m_selecting = false; ///< a selection that comes from the window, not from a person
};

} // namespace burrow
