#pragma once

#include "calls/calls_view.h"
#include "inspector/inspector.h"
#include "look/message_bar.h"
#include "session/engine_thread.h"
#include "settings/key_store.h"
#include "support/scripted_server.h"
#include "window/ask_bar.h"
#include "window/main_window.h"
#include "window/run_bar.h"

#include <QAction>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

namespace burrow::test {

inline constexpr int patience = 60'000; ///< ms

/// A model that looks in one turn, and answers in the second.
inline ScriptedReply lookThenAnswer(const ScriptedRequest& request)
{
    return request.body.contains("print('looked')")
        ? chatReply("```repl\nanswer['content'] = str(x + 1)\nanswer['ready'] = True\n```\n")
        : chatReply("```repl\nx = 41\nprint('looked')\n```\n");
}

/// No keys, and none are kept.
class NoKeys final : public KeyStore {
public:
    void read(const QString&, QObject*, std::function<void(ApiKey)> use) override { use({}); }
    void write(const QString&, ApiKey, QObject*, std::function<void(Result<void>)> done) override
    {
        done({});
    }
};

/// The whole program over a home of its own, with what a test does to it again and again.
class ProgramInWindow {
public:
    ProgramInWindow()
    {
        QCoreApplication::setApplicationName(QStringLiteral("burrow"));
        for (const char* const name : {"XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"})
            qputenv(name, m_home.filePath(QString::fromLatin1(name)).toUtf8());
        m_settings = std::make_unique<QSettings>(
            m_home.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        m_engine = std::make_unique<EngineThread>();
        m_window = std::make_unique<MainWindow>(*m_engine, m_keys, *m_settings);
        m_window->show();
    }

    /// Another window with the settings that this one left.
    void reopen()
    {
        m_window = std::make_unique<MainWindow>(*m_engine, m_keys, *m_settings);
        m_window->restore();
        m_window->show();
    }

    MainWindow& window() { return *m_window; }
    EngineThread& engine() { return *m_engine; }
    const RunTree& tree() const { return m_window->run().tree(); }
    RunState state() const { return tree().totals().state; }
    QString file(const char* name) const { return m_home.filePath(QString::fromLatin1(name)); }

    /// Asks a question over a short document.
    void ask(const ScriptedServer& server)
    {
        QFile document(file("short.txt"));
        if (!document.open(QIODevice::WriteOnly) || document.write("The contract ends in May.\n") < 0)
            qFatal("cannot write");
        document.close();
        m_window->open({document.fileName()});
        m_window->askBar().setModels(
            {{.endpoint = QString::fromLatin1(server.baseUrl()), .model = QStringLiteral("root")}});
        m_window->askBar().setQuestion(QStringLiteral("When does the contract end?"));
        m_window->ask();
    }

    /// The action of the window whose text, without its mnemonic, begins with @p text.
    QAction* action(const QString& text) const
    {
        for (QAction* const action : m_window->actions()) {
            if (action->text().remove(QLatin1Char('&')).startsWith(text))
                return action;
        }
        return nullptr;
    }
    void click(NodeIndex node, CallTreeModel::Column column)
    {
        QTreeView* const view = m_window->calls().tree();
        const QModelIndex index = m_window->calls().filter().indexOf(node).siblingAtColumn(column);
        view->scrollTo(index);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(index).center());
    }
    QString pathOf(NodeIndex node) const
    {
        return node == noNode ? QString() : QString::fromUtf8(tree().path(node).text());
    }

private:
    QTemporaryDir m_home;
    NoKeys m_keys;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<EngineThread> m_engine;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace burrow::test
