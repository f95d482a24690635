// Writes pictures of the real window in its views and states: screenshots FOLDER light|dark. `./dev
// screenshots` runs it for each theme and scale.

#include "calls/calls_view.h"
#include "compare/compare_panel.h"
#include "document/corpus_list.h"
#include "document/document_browser.h"
#include "document/document_page.h"
#include "edit/edit_page.h"
#include "inspector/inspector.h"
#include "look/look.h"
#include "look/message_bar.h"
#include "palette/command_palette.h"
#include "session/engine_thread.h"
#include "settings/key_store.h"
#include "settings/settings_dialog.h"
#include "support/random_run.h"
#include "text/code_view.h"
#include "window/ask_bar.h"
#include "window/main_window.h"
#include "window/opening_bar.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPixmap>
#include <QPushButton>
#include <QSettings>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTreeView>

#include <cstdio>

using namespace burrow;

namespace {

class NoKeys final : public KeyStore {
public:
    void read(const QString&, QObject*, std::function<void(ApiKey)> use) override { use({}); }
    void write(const QString&, ApiKey, QObject*, std::function<void(Result<void>)> done) override
    {
        done({});
    }
};

void pass(int milliseconds)
{
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < milliseconds)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
}

void waitFor(const std::function<bool()>& condition)
{
    QElapsedTimer clock;
    clock.start();
    while (!condition() && clock.elapsed() < 60'000)
        pass(20);
}

class Camera {
public:
    Camera(MainWindow& window, QString folder, QString theme)
        : m_window(window), m_folder(std::move(folder)), m_theme(std::move(theme))
    {
    }

    void take(const char* view, const char* state, QWidget* widget = nullptr)
    {
        pass(250);
        const QString name
            = QStringLiteral("%1/%2-%3-%4-%5x.png")
                  .arg(m_folder, QString::fromLatin1(view), QString::fromLatin1(state), m_theme)
                  .arg(m_window.devicePixelRatio());
        if (!(widget ? widget : &m_window)->grab().save(name))
            std::fprintf(stderr, "cannot write %s\n", qUtf8Printable(name));
    }
    void takeDock(const char* dock, const char* state)
    {
        m_window.dock(QString::fromLatin1(dock))->raise();
        take(dock, state);
    }

private:
    MainWindow& m_window;
    QString m_folder;
    QString m_theme;
};

void takeEmpty(MainWindow& window, Camera& camera)
{
    camera.take("first-page", "empty");
    window.open({QStringLiteral("/nowhere/contract.txt")});
    window.askBar().setQuestion(QStringLiteral("When does the contract end?"));
    window.ask();
    waitFor([&] { return !window.messages().text().isEmpty(); });
    camera.take("first-page", "failed");
}

/// What the run read and cites: where it is cited, as the list of a corpus shows it, too.
void takeDocuments(MainWindow& window, Camera& camera)
{
    auto* const browser = window.findChild<DocumentBrowser*>();
    window.dock(QStringLiteral("documents"))->raise();
    waitFor([&] { return browser->page().view().coverage() != nullptr; });
    browser->page().showNextMark();
    browser->list().show();
    window.resizeDocks({window.dock(QStringLiteral("documents"))}, {window.height() / 2}, Qt::Vertical);
    camera.takeDock("documents", "answered");
    browser->list().hide();
    window.resizeDocks({window.dock(QStringLiteral("documents"))}, {window.height() / 4}, Qt::Vertical);
}

void takeRun(MainWindow& window, Camera& camera)
{
    window.trySample();
    waitFor([&] { return window.messages().text().contains(QStringLiteral("ready")); });
    camera.take("first-page", "sample-ready");
    window.ask();
    waitFor([&] { return window.run().tree().size() > 3; });
    camera.take("run", "running");
    const auto state = [&] { return window.run().tree().totals().state; };
    waitFor([&] { return state() != RunState::Running && !window.run().isFollowing(); });
    camera.take("conversation", "answered");
    const NodePath cell = NodePath::root().turn(1).cell(1);
    window.calls().setCurrent(window.run().tree().findPath(cell));
    for (const auto& [tab, name] : {std::pair(Inspector::Conversation, "conversation"),
             std::pair(Inspector::Cell, "cell"), std::pair(Inspector::Output, "output"),
             std::pair(Inspector::Variables, "variables"), std::pair(Inspector::Raw, "raw")}) {
        window.inspector().showTab(tab);
        camera.take(name, "cell");
    }
    for (const char* const dock : {"timeline", "money", "runs", "log"})
        camera.takeDock(dock, "answered");
    takeDocuments(window, camera);
    window.dock(QStringLiteral("timeline"))->raise();
    window.inspector().showTab(Inspector::Conversation);
}

QAction* actionOf(MainWindow& window, const char* name)
{
    for (QAction* const action : window.actions())
        if (action->text().remove(QLatin1Char('&')).startsWith(QString::fromLatin1(name)))
            return action;
    qFatal("no action %s", name);
}

/// A run that stops, is changed, compared with what it was and looked at as it was.
void takeBranches(MainWindow& window, Camera& camera)
{
    const auto idle = [&] {
        return window.run().tree().totals().state != RunState::Running && !window.run().isFollowing();
    };
    window.stops().add({.point = StopPoint::AfterOutput, .at = NodePath::root().turn(1).cell(1)});
    window.stops().add(
        {.point = StopPoint::BeforeRequest, .at = {}, .cost = MicroUsd{500'000}, .logOnly = true});
    window.ask();
    waitFor([&] { return window.stops().here().has_value(); });
    window.dock(QStringLiteral("breakpoints"))->raise();
    camera.take("run", "stopped");
    actionOf(window, "New Breakpoint")->trigger();
    camera.take("breakpoints", "dialog", QApplication::activeModalWidget());
    static_cast<QDialog*>(QApplication::activeModalWidget())->reject();
    window.stops().clear();
    actionOf(window, "Resume")->trigger();
    waitFor(idle);
    const NodeIndex cell = window.run().tree().findPath(NodePath::root().turn(1).cell(1));
    window.calls().setCurrent(cell);
    actionOf(window, "Edit the Code")->trigger();
    EditPage& page = window.inspector().editPage();
    waitFor([&] { return page.outlook().startsWith(QStringLiteral("Kept")); });
    page.editor()->setText(page.editor()->text() + "\nprint('and once more')\n", Syntax::Python);
    window.dock(QStringLiteral("timeline"))->raise();
    camera.take("edit", "code");
    page.runButton()->click();
    waitFor([&] { return window.run().branch() == 2 && window.run().branches().size() == 2; });
    waitFor(idle);
    camera.take("branches", "answered");
    window.comparison().compare({window.run().path(), 1}, {window.run().path(), 2});
    window.resizeDocks({window.dock(QStringLiteral("compare"))}, {window.height() / 2}, Qt::Vertical);
    camera.takeDock("compare", "branches");
    window.resizeDocks({window.dock(QStringLiteral("compare"))}, {window.height() / 5}, Qt::Vertical);
    window.dock(QStringLiteral("timeline"))->raise();
    window.calls().setCurrent(window.run().tree().findPath(NodePath::root().turn(1).cell(1)));
    actionOf(window, "The Moment of This Call")->trigger();
    waitFor([&] { return window.run().isAtMoment(); });
    camera.take("past", "moment");
    actionOf(window, "The Run as It Is")->trigger();
}

void takeHuge(MainWindow& window, Camera& camera, const QString& path)
{
    {
        RunFile file = *RunFile::create(path);
        (void)test::RandomRun(file, 1).play(400, 300);
    }
    bool shown = false;
    QObject::connect(&window, &MainWindow::runShown, &window, [&shown] { shown = true; });
    window.openRun(path);
    waitFor([&] { return shown; });
    // A run that takes so long is too large for a picture.
    auto* const opening = window.findChild<OpeningBar*>();
    opening->begin(std::make_shared<const std::atomic<int>>(37));
    waitFor([&] { return opening->isVisible(); });
    camera.take("run", "opening");
    opening->end();
    window.calls().setCurrent(window.run().tree().findPath(NodePath::root().turn(7).cell(1)));
    window.calls().tree()->expand(window.calls().tree()->currentIndex());
    camera.take("calls", "huge");
    window.calls().findChild<QLineEdit*>()->setText(QStringLiteral("call 17"));
    waitFor([&] { return !window.calls().filter().isSearching(); });
    camera.take("calls", "filtered");
    window.calls().findChild<QLineEdit*>()->clear();
}

void takePages(MainWindow& window, Camera& camera)
{
    for (QAction* const action : window.actions()) {
        if (action->text().contains(QStringLiteral("Connect"))) {
            action->trigger();
            camera.take("connect", "empty");
        }
    }
    window.commands().popUp();
    camera.take("commands", "all", &window.commands());
    window.commands().hide();
}

void takeSettings(MainWindow& window, Camera& camera)
{
    actionOf(window, "Settings")->trigger();
    auto* const dialog = window.findChild<SettingsDialog*>();
    auto* const tabs = dialog->findChild<QTabWidget*>();
    for (int tab = 0; tab < tabs->count(); ++tab) {
        tabs->setCurrentIndex(tab);
        const QString name = tabs->tabText(tab).remove(QLatin1Char('&')).toLower();
        camera.take("settings", qUtf8Printable(name), dialog);
    }
    dialog->close();
}

} // namespace

int main(int argc, char** argv)
{
    const QTemporaryDir home;
    for (const char* const name : {"XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"})
        qputenv(name, home.filePath(QString::fromLatin1(name)).toUtf8());
    const QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("burrow"));
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() != 3) {
        std::fprintf(stderr, "screenshots FOLDER light|dark\n");
        return 2;
    }
    QDir().mkpath(arguments[1]);
    const bool dark = arguments[2] == QLatin1String("dark");
    look::apply(dark ? look::Appearance::Dark : look::Appearance::Light);
    QSettings settings(home.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    NoKeys keys;
    EngineThread engine;
    MainWindow window(engine, keys, settings);
    window.show();
    Camera camera(window, arguments[1], arguments[2]);
    takeEmpty(window, camera);
    takeRun(window, camera);
    takeBranches(window, camera);
    takePages(window, camera);
    takeSettings(window, camera);
    takeHuge(window, camera, home.filePath(QStringLiteral("huge.burrow")));
    window.close();
    return 0;
}
