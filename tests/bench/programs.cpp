#include "programs.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryFile>
#include <QUuid>

namespace burrow::bench {

namespace {

constexpr int tenMinutesMs = 600'000;
constexpr int memorySampleMs = 10;

/// 0 for a process that has gone.
qint64 anonymousKbOf(const QByteArray& pid)
{
    QFile status(QString::fromLatin1("/proc/" + pid + "/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = status.readAll();
    const qsizetype at = text.indexOf("RssAnon:");
    return at < 0 ? 0 : text.mid(at + 8, text.indexOf("kB", at) - at - 8).trimmed().toLongLong();
}

/// Of the process @p pid and all below it.
qint64 anonymousKbOfTree(const QByteArray& pid)
{
    qint64 sum = anonymousKbOf(pid);
    const QString tasks = QString::fromLatin1("/proc/" + pid + "/task");
    for (const QString& task : QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile children(tasks + QLatin1Char('/') + task + QStringLiteral("/children"));
        if (!children.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray& child : children.readAll().simplified().split(' '))
            sum += child.isEmpty() ? 0 : anonymousKbOfTree(child);
    }
    return sum;
}

QString lastLineOf(const QByteArray& text)
{
    return QString::fromUtf8(text.trimmed().split('\n').last());
}

} // namespace

QString besideThis(const QString& name)
{
    return QCoreApplication::applicationDirPath() + QLatin1Char('/') + name;
}

Measured<Finished> runBeside(const QString& name, const QStringList& arguments, Memory memory)
{
    QProcess process;
    QElapsedTimer timer;
    timer.start();
    process.start(besideThis(name), arguments);
    if (!process.waitForStarted())
        return std::unexpected(QStringLiteral("cannot start %1").arg(name));
    const QByteArray pid = QByteArray::number(process.processId());
    qint64 peakKb = 0;
    const int patience = memory == Memory::Watch ? memorySampleMs : tenMinutesMs;
    while (!process.waitForFinished(patience) && timer.elapsed() < tenMinutesMs)
        peakKb = qMax(peakKb, anonymousKbOfTree(pid));
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    if (process.state() != QProcess::NotRunning) {
        process.kill();
        process.waitForFinished();
        return std::unexpected(QStringLiteral("%1 took over ten minutes").arg(name));
    }
    const Finished finished{process.readAllStandardOutput(), seconds, double(peakKb) * 1024 / 1e6};
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return std::unexpected(QStringLiteral("%1 ended with status %2: %3")
                .arg(name)
                .arg(process.exitCode())
                .arg(lastLineOf(process.readAllStandardError())));
    return finished;
}

Server::Server(const QByteArray& script, int latencyMs)
{
    QTemporaryFile file;
    if (!file.open() || file.write(script) != script.size() || !file.flush())
        return;
    m_process.start(besideThis(QStringLiteral("scripted-server")),
        {QStringLiteral("--script"), file.fileName(), QStringLiteral("--latency-ms"),
            QString::number(latencyMs)});
    // The server has read its script once it says where it listens.
    while (!m_process.canReadLine() && m_process.waitForReadyRead()) { }
    m_baseUrl = QString::fromUtf8(m_process.readLine()).trimmed();
}

Server::~Server()
{
    m_process.kill();
    m_process.waitForFinished();
}

Measured<Asked> Server::ask(const QString& document, const QStringList& options, Memory memory) const
{
    if (m_baseUrl.isEmpty())
        return std::unexpected(QStringLiteral("scripted-server does not start"));
    const QString run
        = QStringLiteral("%1/%2.burrow")
              .arg(qEnvironmentVariable("XDG_DATA_HOME"), QUuid::createUuid().toString(QUuid::WithoutBraces));
    const QStringList fixed{QStringLiteral("ask"), QStringLiteral("--json"), QStringLiteral("--quiet"),
        QStringLiteral("--base-url"), m_baseUrl, QStringLiteral("--model"), QStringLiteral("root"),
        QStringLiteral("--sub-model"), QStringLiteral("sub"), QStringLiteral("--run-file"), run};
    const auto finished = runBeside(QStringLiteral("burrow-cli"),
        fixed + options + QStringList{QStringLiteral("How much?"), document}, memory);
    if (!finished)
        return std::unexpected(finished.error());
    const auto json = nlohmann::json::parse(finished->output.begin(), finished->output.end(), nullptr, false);
    if (!json.is_object() || json.value("answer", "") != "done")
        return std::unexpected(
            QStringLiteral("the answer is wrong: %1").arg(QString::fromUtf8(finished->output.left(300))));
    return Asked{
        json.value("first_request_ms", 0.0) / 1e3, finished->seconds, finished->peakAnonymousMb, run};
}

} // namespace burrow::bench
