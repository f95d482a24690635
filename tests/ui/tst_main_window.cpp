#include "calls/calls_view.h"
#include "inspector/inspector.h"
#include "look/message_bar.h"
#include "palette/command_palette.h"
#include "run/loaded_run.h"
#include "session/engine_thread.h"
#include "settings/key_store.h"
#include "settings/servers.h"
#include "settings/settings_dialog.h"
#include "support/random_run.h"
#include "support/scripted_server.h"
#include "text/code_view.h"
#include "watched_application.h"
#include "window/ask_bar.h"
#include "window/main_window.h"
#include "window/opening_bar.h"
#include "window/run_bar.h"

#include <QAccessible>
#include <QCommandLinkButton>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <QToolButton>
#include <QTreeView>

using namespace burrow;
using namespace burrow::test;

namespace {

constexpr int patience = 60'000; ///< ms

template <typename Button> Button* buttonWith(QWidget& in, const QString& text)
{
    for (Button* const button : in.template findChildren<Button*>()) {
        if (button->text().contains(text) && button->isVisible())
            return button;
    }
    return nullptr;
}

ScriptedReply neverAnswer(const ScriptedRequest&)
{
    ScriptedReply reply;
    reply.neverAnswer = true;
    return reply;
}

QString write(const QTemporaryDir& folder, const char* name, const QByteArray& text)
{
    QFile file(folder.filePath(QString::fromLatin1(name)));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write");
    return file.fileName();
}

/// Keys of this test alone.
class TestKeys final : public KeyStore {
public:
    void read(const QString& endpoint, QObject*, std::function<void(ApiKey)> use) override
    {
        use(m_keys.value(endpoint));
    }
    void write(const QString& endpoint, ApiKey key, QObject*, std::function<void(Result<void>)> done) override
    {
        m_keys.insert(endpoint, key);
        done({});
    }

private:
    QHash<QString, ApiKey> m_keys;
};

} // namespace

/// The whole program, driven as a person would.
class MainWindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setApplicationName(QStringLiteral("burrow"));
        qputenv("XDG_DATA_HOME", m_home.filePath(QStringLiteral("data")).toUtf8());
        qputenv("XDG_CACHE_HOME", m_home.filePath(QStringLiteral("cache")).toUtf8());
        qputenv("XDG_CONFIG_HOME", m_home.filePath(QStringLiteral("config")).toUtf8());
    }
    void init()
    {
        m_engine = std::make_unique<EngineThread>();
        m_settings = std::make_unique<QSettings>(
            m_home.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        m_window = std::make_unique<MainWindow>(*m_engine, m_keys, *m_settings);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanup()
    {
        m_window.reset();
        m_engine.reset();
    }

    void theSampleTakesTwoClicks()
    {
        QTest::mouseClick(
            buttonWith<QCommandLinkButton>(*m_window, QStringLiteral("Sample")), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(
            buttonWith<QPushButton>(m_window->messages(), QStringLiteral("Ask It")), patience);
        QTest::mouseClick(
            buttonWith<QPushButton>(m_window->messages(), QStringLiteral("Ask It")), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(state(), RunState::Answered, patience);
        QTRY_VERIFY(m_window->runBar().summary().startsWith(QStringLiteral("answered")));
        QVERIFY(m_window->run().tree().size() > 5);
        QVERIFY(m_window->calls().tree()->model()->rowCount() == 1);
        m_window->inspector().showTab(Inspector::Conversation);
        QTRY_VERIFY(m_window->inspector().view(Inspector::Conversation)->text().contains("Answer"));
        m_runFile = m_window->run().path();
    }

    void aRunIsShownAgain()
    {
        QVERIFY(!m_runFile.isEmpty());
        const QSignalSpy shown(m_window.get(), &MainWindow::runShown);
        m_window->open({m_runFile});
        QTRY_COMPARE(shown.size(), 1);
        QCOMPARE(state(), RunState::Answered);
        QVERIFY(!m_window->askBar().question().isEmpty());
        QCOMPARE(m_window->calls().current(), m_window->run().tree().roots().back());
    }

    void aRunThatIsNoneIsNamed()
    {
        m_window->open({write(m_home, "none.burrow", "this is no run")});
        QTRY_VERIFY(m_window->messages().text().contains(QStringLiteral("is not a run file")));
    }

    void aDocumentThatIsGoneIsNamed()
    {
        m_window->open({m_home.filePath(QStringLiteral("gone.txt"))});
        m_window->askBar().setQuestion(QStringLiteral("What?"));
        m_window->ask();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->messages().text().contains(QStringLiteral("gone.txt")), patience);
        QTRY_COMPARE(m_engine->phase(), RunController::Phase::Idle);
    }

    void aServerThatRefusesTheKeyIsNamed()
    {
        ScriptedServer server([](const ScriptedRequest&) { return errorReply(401, "no such key"); });
        askOf(server);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->messages().text().contains(QStringLiteral("key")), patience);
        QTRY_COMPARE_WITH_TIMEOUT(state(), RunState::Failed, patience);
        // The run is on disk: what failed is seen in its tree.
        const NodeIndex turn = m_window->run().tree().findPath(NodePath::root().turn(1));
        QVERIFY(turn != noNode);
        QCOMPARE(m_window->run().tree().node(turn).state, NodeState::Failed);
    }

    void aReplyIsReadWhileItArrives()
    {
        ScriptedServer server([](const ScriptedRequest&) {
            ScriptedReply reply;
            reply.chat = ScriptedReply::Chat{.text = QByteArray("word ").repeated(400),
                .usage = {},
                .pieceDelay = std::chrono::milliseconds(20)};
            return reply;
        });
        askOf(server);
        QTRY_VERIFY_WITH_TIMEOUT(
            m_window->inspector().view(Inspector::Conversation)->text().contains("the reply arrives"),
            patience);
        QTRY_VERIFY(m_window->inspector().view(Inspector::Conversation)->text().count("word") > 3);
        QCOMPARE(state(), RunState::Running);
        m_engine->stopNow();
        QTRY_COMPARE_WITH_TIMEOUT(m_engine->phase(), RunController::Phase::Idle, patience);
        QCOMPARE(state(), RunState::Stopped);
    }

    void aPausedRunStartsNothingNew()
    {
        ScriptedServer server([](const ScriptedRequest&) {
            ScriptedReply reply = chatReply("```repl\nx = 1\n```\n");
            reply.latency = std::chrono::milliseconds(100);
            return reply;
        });
        askOf(server);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->run().tree().totals().turns >= 2, patience);
        m_engine->pause();
        QTRY_COMPARE(m_engine->phase(), RunController::Phase::Paused);
        QTest::qWait(500); // what was in flight finishes
        const int sent = server.requestCount();
        QTest::qWait(500);
        QCOMPARE(server.requestCount(), sent);
        m_engine->resume();
        QTRY_VERIFY_WITH_TIMEOUT(server.requestCount() > sent, patience);
        m_engine->stopSoftly();
        QTRY_COMPARE_WITH_TIMEOUT(m_engine->phase(), RunController::Phase::Idle, patience);
        QCOMPARE(state(), RunState::Stopped);
    }

    void aModelIsConnectedByItsAddress()
    {
        ScriptedServer server([](const ScriptedRequest&) {
            ScriptedReply reply;
            reply.body = R"({"data":[{"id":"large"},{"id":"small"}]})";
            return reply;
        });
        const QSignalSpy listed(m_engine.get(), &RunController::modelsListed);
        m_engine->listModels(QString::fromLatin1(server.baseUrl()), RunController::KeyUse::Withheld);
        QTRY_COMPARE(listed.size(), 1);
        QCOMPARE(listed.front().at(1).toStringList(),
            QStringList({QStringLiteral("large"), QStringLiteral("small")}));
    }

    void aCommandIsFoundByAPartOfItsName()
    {
        QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(m_window->commands().isVisible());
        QTest::keyClicks(m_window->commands().field(), QStringLiteral("conn mod"));
        QCOMPARE(m_window->commands().list()->model()->rowCount(), 1);
        QTest::keyClick(m_window->commands().field(), Qt::Key_Return);
        QTRY_VERIFY(buttonWith<QPushButton>(*m_window, QStringLiteral("Test and List")));
    }

    void aRunStopsAtOnce()
    {
        ScriptedServer server(neverAnswer);
        askOf(server);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->run().tree().totals().turns == 1, patience);
        m_engine->stopNow();
        QTRY_COMPARE_WITH_TIMEOUT(m_engine->phase(), RunController::Phase::Idle, patience);
        QCOMPARE(state(), RunState::Stopped);
    }

    void aRunMayGoOnWhenTheWindowIsClosed()
    {
        ScriptedServer server([](const ScriptedRequest&) {
            ScriptedReply reply
                = chatReply("```repl\nanswer['content'] = 'in May'\nanswer['ready'] = True\n```");
            reply.latency = std::chrono::milliseconds(300);
            return reply;
        });
        askOf(server);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->run().tree().totals().turns == 1, patience);
        const QSignalSpy ended(m_window.get(), &MainWindow::endedUnseen);
        bool asked = false;
        QTimer::singleShot(0, this, [&] { asked = press(QStringLiteral("Keep Running")); });
        m_window->close();
        QVERIFY(asked);
        QVERIFY(!m_window->isVisible());
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QTRY_COMPARE_WITH_TIMEOUT(state(), RunState::Answered, patience);
        QCOMPARE(loadRun(m_window->run().path())->tree.totals().state, RunState::Answered);
    }

    void aRunThatIsBeingOpenedIsNotShownOnceTheWindowIsClosed()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("run.burrow"));
        Result<RunFile> file = RunFile::create(path);
        RandomRun(*file, 1).play(4, 30);
        QVERIFY(file->commit());
        const QSignalSpy shown(m_window.get(), &MainWindow::runShown);
        m_window->openRun(path);
        m_window->close();
        QThreadPool::globalInstance()->waitForDone();
        QTest::qWait(50);
        QCOMPARE(shown.size(), 0);
        QVERIFY(m_window->messages().isHidden());
        m_window->openRun(path);
        m_window->openRun(path);
        QTRY_COMPARE_WITH_TIMEOUT(shown.size(), 1, patience);
    }

    void openingThatTakesLongIsShownAndCanBeCancelled()
    {
        auto* const bar = m_window->findChild<OpeningBar*>();
        const auto percent = std::make_shared<std::atomic<int>>(0);
        bar->begin(percent);
        *percent = 42;
        QVERIFY(!bar->isVisible()); // nothing flashes by
        QTRY_VERIFY(bar->isVisible());
        auto* const progress = bar->findChild<QProgressBar*>();
        QTRY_COMPARE(progress->value(), 42);
        QCOMPARE(progress->text(), QStringLiteral("Opening the run: 42 %"));
        *percent = 43;
        QTRY_COMPARE(progress->value(), 43);
        bar->findChild<QToolButton*>()->click();
        QVERIFY(!bar->isVisible());
        QTest::qWait(600);
        QVERIFY(!bar->isVisible());
    }

    void aWindowIsNotClosedBySomebodyWhoThinksAgain()
    {
        ScriptedServer server(neverAnswer);
        askOf(server);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->run().tree().totals().turns == 1, patience);
        bool asked = false;
        QTimer::singleShot(0, this, [&] { asked = press(QStringLiteral("Cancel")); });
        m_window->close();
        QVERIFY(asked);
        QVERIFY(m_window->isVisible());
        QCOMPARE(state(), RunState::Running);
        QTimer::singleShot(0, this, [&] { asked = press(QStringLiteral("Stop and Close")); });
        const QSignalSpy ended(m_window.get(), &MainWindow::endedUnseen);
        m_window->close();
        QVERIFY(!m_window->isVisible());
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QCOMPARE(loadRun(m_window->run().path())->tree.totals().state, RunState::Stopped);
    }

    void aPausedRunGoesOnWhenTheWindowIsClosedAndItIsToKeepRunning()
    {
        ScriptedServer server([](const ScriptedRequest&) {
            ScriptedReply reply = chatReply("```repl\nFINAL('in May')\n```");
            reply.latency = std::chrono::milliseconds(100);
            return reply;
        });
        askOf(server);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->run().tree().totals().turns == 1, patience);
        m_engine->pause();
        QTRY_COMPARE_WITH_TIMEOUT(m_engine->phase(), RunController::Phase::Paused, patience);
        const QSignalSpy ended(m_window.get(), &MainWindow::endedUnseen);
        QTimer::singleShot(0, this, [] { press(QStringLiteral("Keep Running")); });
        m_window->close();
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QCOMPARE(loadRun(m_window->run().path())->tree.totals().state, RunState::Answered);
    }

    void anEngineThatGoesStopsItsRun()
    {
        ScriptedServer server(neverAnswer);
        askOf(server);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->run().tree().totals().turns == 1, patience);
        const QString path = m_window->run().path();
        m_window.reset();
        m_engine.reset();
        QCOMPARE(loadRun(path)->tree.totals().state, RunState::Stopped);
    }

    void settingsSayThatNoModelIsConnectedAndForgetOneThatIs()
    {
        const QList<ModelChoice> one{{.endpoint = QStringLiteral("http://127.0.0.1:9/v1"),
            .model = QStringLiteral("root"),
            .server = QStringLiteral("mine")}};
        for (const QList<ModelChoice>& models : {QList<ModelChoice>(), one}) {
            saveModels(*m_settings, models);
            QMenuBar menus;
            SettingsDialog dialog(m_keys, *m_settings, menus, m_window.get());
            dialog.show();
            auto* const list = dialog.findChild<QListWidget*>();
            auto* const forget = buttonWith<QPushButton>(dialog, QStringLiteral("Forget"));
            QCOMPARE(list->count(), 1);
            QCOMPARE(list->item(0)->text().startsWith(QStringLiteral("No model")), models.isEmpty());
            QVERIFY(!forget->isEnabled());
            QTest::mouseClick(
                list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
            QCOMPARE(forget->isEnabled(), !models.isEmpty());
            forget->click();
            QVERIFY(list->item(0)->text().startsWith(QStringLiteral("No model")));
            QVERIFY(!forget->isEnabled());
        }
    }

    void everyControlHasAName()
    {
        for (const QWidget* const widget : m_window->findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible())
                continue;
            // Qt keeps the bars of docks that once lay on one another, and names one by its tab.
            if (const auto* const tabs = qobject_cast<const QTabBar*>(widget);
                tabs && tabs->currentIndex() < 0)
                continue;
            QAccessibleInterface* const accessible
                = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
            QVERIFY(accessible);
            QVERIFY2(!accessible->text(QAccessible::Name).isEmpty(),
                qPrintable(QString::fromLatin1(widget->metaObject()->className()) + QLatin1Char(' ')
                    + widget->objectName() + QStringLiteral(" in ")
                    + QString::fromLatin1(widget->parent()->metaObject()->className())));
        }
    }

private:
    /// Presses the button with @p text of the question that stands over the window.
    static bool press(const QString& text)
    {
        QWidget* const box = QApplication::activeModalWidget();
        auto* const button = box ? buttonWith<QPushButton>(*box, text) : nullptr;
        if (button)
            button->click();
        else if (box)
            box->close();
        return button;
    }
    void askOf(const ScriptedServer& server)
    {
        m_window->open({write(m_home, "short.txt", "The contract ends in May.\n")});
        m_window->askBar().setModels(
            {{.endpoint = QString::fromLatin1(server.baseUrl()), .model = QStringLiteral("root")}});
        m_window->askBar().setQuestion(QStringLiteral("When does the contract end?"));
        m_window->ask();
    }
    RunState state() const { return m_window->run().tree().totals().state; }

    QTemporaryDir m_home;
    TestKeys m_keys;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<EngineThread> m_engine;
    std::unique_ptr<MainWindow> m_window;
    QString m_runFile;
};

BURROW_GUI_TEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
