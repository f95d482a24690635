#pragma once

#include "support/scripted_server.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace burrow::test {

/// How a program ended, and what it said.
struct Outcome {
    int status = -1; ///< -1 where it crashed, was killed or did not end
    QByteArray out;
    QByteArray err;

    /// The object on the last line of stdout; null where there is none.
    nlohmann::json json() const
    {
        const QByteArray line = out.trimmed().split('\n').last();
        return nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
    }
    QByteArray field(const char* name) const
    {
        const nlohmann::json object = json();
        return object.is_object() ? QByteArray::fromStdString(object.value(name, std::string()))
                                  : QByteArray();
    }
    qint64 count(const char* name) const
    {
        const nlohmann::json object = json();
        return object.is_object() ? object.value(name, qint64(-1)) : -1;
    }
    bool saysOneLine() const { return err.endsWith('\n') && err.count('\n') == 1; }
    /// For the message of a failed check.
    QByteArray text() const { return "status " + QByteArray::number(status) + "\n" + out + "\n" + err; }
};

/// burrow-cli, found beside the test, with a home of its own.
class Cli {
public:
    static constexpr int patience = 60'000; ///< ms

    Cli()
    {
        m_environment = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"BURROW_API_KEY", "OPENAI_API_KEY", "BURROW_PYTHON"})
            m_environment.remove(QString::fromLatin1(name));
        m_environment.insert(QStringLiteral("XDG_DATA_HOME"), path("data"));
        m_environment.insert(QStringLiteral("XDG_CACHE_HOME"), path("cache"));
        m_environment.insert(QStringLiteral("XDG_CONFIG_HOME"), path("config"));
    }

    /// A path in a folder that lives as long as this.
    QString path(const QString& name) const { return m_home.filePath(name); }
    QString path(const char* name) const { return path(QString::fromLatin1(name)); }
    QProcessEnvironment& environment() { return m_environment; }

    /// Writes a document; returns its path.
    QString write(const QString& name, const QByteArray& text) const
    {
        const QString target = path(name);
        QDir().mkpath(QFileInfo(target).path());
        QFile file(target);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("Cannot write %s.", qUtf8Printable(target));
        return target;
    }
    QString write(const char* name, const QByteArray& text) const
    {
        return write(QString::fromLatin1(name), text);
    }

    void start(QProcess& process, const QStringList& arguments) const
    {
        process.setProcessEnvironment(m_environment);
        process.start(QCoreApplication::applicationDirPath() + QStringLiteral("/burrow-cli"), arguments);
    }

    static Outcome wait(QProcess& process)
    {
        if (!process.waitForFinished(patience)) {
            process.kill();
            process.waitForFinished();
        }
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            process.readAllStandardOutput(), process.readAllStandardError()};
    }

    Outcome run(const QStringList& arguments) const
    {
        QProcess process;
        start(process, arguments);
        return wait(process);
    }

    /// The options that make a run ask @p server: the root is asked as `root`, sub-calls as `sub`.
    static QStringList modelsOf(const ScriptedServer& server)
    {
        return {QStringLiteral("--base-url"), QString::fromLatin1(server.baseUrl()),
            QStringLiteral("--model"), QStringLiteral("root"), QStringLiteral("--sub-model"),
            QStringLiteral("sub"), QStringLiteral("--window"), QStringLiteral("128000")};
    }

private:
    QTemporaryDir m_home;
    QProcessEnvironment m_environment;
};

/// @p code as a cell of a reply.
inline QByteArray cell(const QByteArray& code)
{
    return "```repl\n" + code + "\n```\n";
}

/// Replies to the root with @p turns, one after the other and the last one for ever, and to sub-calls with
/// `sub: ` and their prompt.
inline ScriptedServer::Handler scripted(QByteArrayList turns)
{
    return [turns](const ScriptedRequest& request) {
        if (request.model() != "root")
            return chatReply("sub: " + request.lastMessage(), ScriptedUsage{10, 5, {}});
        const int turn = qMin(request.assistantMessages(), int(turns.size()) - 1);
        return chatReply(turns[turn], ScriptedUsage{100, 50, {}});
    };
}

} // namespace burrow::test
