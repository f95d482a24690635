#include "cli_fixture.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QRandomGenerator>

#include <thread>

using namespace burrow::test;
using namespace std::chrono_literals;

namespace {

constexpr int kills = 200;
constexpr int killsAtOnce = 4;

const QStringList json{QStringLiteral("--json"), QStringLiteral("--quiet")};

/// Three turns: a batch, a child RLM with a batch of its own, another batch.
const QByteArrayList turns{
    cell("first = llm_query_batched([f'first {i}' for i in range(20)])"),
    cell("child = rlm_query('CHILD')"),
    cell("second = llm_query_batched([f'second {i} of {child}' for i in range(20)])\n"
         "FINAL(f'{len(first)} {child} {second[19]}')"),
};
const QByteArray answer = "20 5 sub: second 19 of 5";

/// The model of the runs that are killed: replies after a few milliseconds, so that kills meet requests in
/// flight.
ScriptedReply reply(const ScriptedRequest& request)
{
    ScriptedReply reply = scripted(turns)(request);
    if (request.model() == "sub" && request.body.contains("CHILD"))
        reply = chatReply(
            cell("parts = llm_query_batched([f'part {i}' for i in range(5)])\nFINAL(len(parts))"));
    reply.latency = std::chrono::milliseconds(QRandomGenerator::global()->bounded(1, 8));
    return reply;
}

/// How often each request reached the server, by the hash of its body.
QHash<QByteArray, int> sent(const ScriptedServer& server)
{
    QHash<QByteArray, int> count;
    for (const ScriptedRequest& request : server.requests())
        ++count[QCryptographicHash::hash(request.body, QCryptographicHash::Sha256)];
    return count;
}

QStringList ask(const ScriptedServer& server, const QString& document, const QString& run)
{
    return QStringList(QStringLiteral("ask")) + Cli::modelsOf(server) + json
        + QStringList{QStringLiteral("--max-depth"), QStringLiteral("2"), QStringLiteral("--run-file"), run,
            QStringLiteral("Count."), document};
}

QStringList show(const QString& run)
{
    return {QStringLiteral("show"), QStringLiteral("--json"), run};
}

QStringList resume(const QString& run)
{
    return QStringList(QStringLiteral("resume")) + json + QStringList(run);
}

/// What all kills have in common, and what they came to.
struct Trials {
    QHash<QByteArray, int> whole; ///< the requests of a run that nobody kills
    qint64 longestDelay = 0; ///< ms
    std::atomic<int> started = 0;
    std::atomic<int> resumed = 0;
    std::atomic<int> inFlight = 0; ///< requests whose outcome a kill made unknown
    QMutex mutex;
    QByteArrayList failures;
};

/// When a run is killed: so long after its first @p requests requests, or after its start where that is 0.
struct Moment {
    int requests = 0;
    qint64 delay = 0; ///< ms

    QByteArray text() const
    {
        return QByteArray::number(delay) + " ms after " + QByteArray::number(requests) + " requests";
    }
};

/// Every other moment counts from a request, so that kills meet runs at work on slow machines, too.
Moment randomMoment(const Trials& trials, quint32 seed, int number)
{
    QRandomGenerator random(seed + quint32(number));
    if (number % 2 == 0)
        return {0, random.bounded(trials.longestDelay)};
    return {random.bounded(1, int(trials.whole.size()) + 1), random.bounded(10)};
}

void killAt(Moment moment, QProcess& process, const ScriptedServer& server)
{
    while (server.requestCount() < moment.requests && process.state() != QProcess::NotRunning)
        process.waitForFinished(1);
    process.waitForFinished(int(qMax<qint64>(1, moment.delay)));
    process.kill();
    process.waitForFinished(Cli::patience);
}

/// Kills one run and resumes it. Returns what went wrong, or nothing.
QByteArray killAndResume(const Cli& cli, Trials& trials, int number, Moment moment)
{
    const ScriptedServer server(reply);
    const QString document = cli.path("document.txt");
    const QString run = cli.path(QStringLiteral("run%1.burrow").arg(number));
    QProcess process;
    cli.start(process, ask(server, document, run));
    if (!process.waitForStarted(Cli::patience))
        return "did not start";
    killAt(moment, process, server);

    const Outcome shown = cli.run(show(run));
    const int seen = server.requestCount();
    // A run appears before anything is sent, with its question.
    if (seen == 0 && !QFileInfo::exists(run))
        return {};
    if (shown.status != 0)
        return "the file does not open: " + shown.text();
    const qint64 recorded = shown.count("requests");
    const qint64 unknown = shown.count("unknown_outcomes");
    if (recorded < seen || recorded > seen + unknown)
        return QByteArray::number(seen) + " requests arrived, the file tells of " + shown.text();

    const Outcome resumed = cli.run(resume(run));
    if (resumed.status != 0)
        return "does not resume: " + resumed.text() + shown.text();
    if (resumed.field("answer") != answer)
        return "another answer: " + resumed.text();

    int repeats = 0;
    const QHash<QByteArray, int> all = sent(server);
    for (auto count = all.begin(); count != all.end(); ++count) {
        if (!trials.whole.contains(count.key()))
            return "sent what an undisturbed run never sends";
        repeats += *count - 1;
    }
    if (all.size() != trials.whole.size())
        return "left out " + QByteArray::number(trials.whole.size() - all.size()) + " requests";
    if (repeats > unknown)
        return "repeated " + QByteArray::number(repeats) + " requests: " + shown.text();
    ++trials.resumed;
    trials.inFlight += int(unknown);
    return {};
}

void killMany(const Cli& cli, Trials& trials, quint32 seed)
{
    int number;
    while ((number = trials.started++) < kills) {
        const Moment moment = randomMoment(trials, seed, number);
        const QByteArray failure = killAndResume(cli, trials, number, moment);
        if (failure.isEmpty())
            continue;
        const QMutexLocker lock(&trials.mutex);
        trials.failures << "kill " + QByteArray::number(number) + ", " + moment.text() + ": " + failure;
    }
}

QByteArray bigText()
{
    return QByteArray("All work and no play makes a dull document.\n").repeated(120'000);
}

} // namespace

class KilledAskTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aKilledRunLosesNothingAndRepeatsNothing();
    void aRunThatAnsweredResumesWithoutARequest();
    void aDocumentThatChangedSinceTheKillIsNamed();
    void aDocumentThatChangesUnderARunningCellIsNamed_data();
    void aDocumentThatChangesUnderARunningCellIsNamed();
};

void KilledAskTest::aKilledRunLosesNothingAndRepeatsNothing()
{
    const Cli cli;
    const QString document = cli.write("document.txt", "a few words");
    Trials trials;
    {
        const ScriptedServer server(reply);
        QElapsedTimer clock;
        clock.start();
        const Outcome outcome = cli.run(ask(server, document, cli.path("whole.burrow")));
        QVERIFY2(outcome.status == 0, outcome.text());
        QCOMPARE(outcome.field("answer"), answer);
        trials.whole = sent(server);
        QCOMPARE(trials.whole.size(), server.requestCount());
        // Several at once take longer than one alone.
        clock.restart();
        QCOMPARE(cli.run(ask(server, document, cli.path("again.burrow"))).status, 0);
        trials.longestDelay = qBound(qint64(50), clock.elapsed() * 2, qint64(1500));
    }
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("Seed %u, kills within %lld ms.", seed, trials.longestDelay);
    {
        std::vector<std::jthread> workers;
        for (int i = 0; i < killsAtOnce; ++i)
            workers.emplace_back([&] { killMany(cli, trials, seed); });
    }
    qInfo("%d of %d runs resumed, %d requests were in flight.", trials.resumed.load(), kills,
        trials.inFlight.load());
    QVERIFY2(trials.failures.isEmpty(), trials.failures.join('\n'));
    QVERIFY(trials.resumed > kills / 4);
}

void KilledAskTest::aRunThatAnsweredResumesWithoutARequest()
{
    const Cli cli;
    const ScriptedServer server(reply);
    const QString run = cli.path("run.burrow");
    const Outcome asked = cli.run(ask(server, cli.write("document.txt", "a few words"), run));
    QVERIFY2(asked.status == 0, asked.text());
    const int before = server.requestCount();
    const Outcome resumed = cli.run(resume(run));
    QVERIFY2(resumed.status == 0, resumed.text());
    QCOMPARE(resumed.field("answer"), answer);
    QCOMPARE(server.requestCount(), before);
}

void KilledAskTest::aDocumentThatChangedSinceTheKillIsNamed()
{
    const Cli cli;
    const QString document = cli.write("document.txt", "a few words");
    const QString run = cli.path("run.burrow");
    std::atomic<bool> asked = false;
    const ScriptedServer server([&asked](const ScriptedRequest& request) {
        ScriptedReply answer = chatReply(cell("llm_query('wait')"));
        answer.neverAnswer = request.model() == "sub";
        asked = asked || answer.neverAnswer;
        return answer;
    });
    QProcess process;
    cli.start(process, ask(server, document, run));
    QTRY_VERIFY_WITH_TIMEOUT(asked, Cli::patience);
    process.kill();
    QVERIFY(process.waitForFinished(Cli::patience));
    QFile file(document);
    QVERIFY(file.open(QIODevice::Append) && file.write("!") == 1);
    file.close();

    const int before = server.requestCount();
    const Outcome shown = cli.run({QStringLiteral("show"), run});
    QVERIFY2(shown.out.endsWith("1 request with unknown outcome\n"), shown.text());
    const Outcome resumed = cli.run(resume(run));
    QVERIFY2(resumed.status == 6, resumed.text());
    QVERIFY2(resumed.saysOneLine() && resumed.err.contains("document.txt"), resumed.text());
    QCOMPARE(server.requestCount(), before);
    QCOMPARE(resumed.count("turns"), 1);
    QCOMPARE(resumed.count("calls"), 1);
}

void KilledAskTest::aDocumentThatChangesUnderARunningCellIsNamed_data()
{
    QTest::addColumn<QByteArray>("change");
    for (const char* change : {"truncate", "overwrite", "append", "delete"})
        QTest::newRow(change) << QByteArray(change);
}

void KilledAskTest::aDocumentThatChangesUnderARunningCellIsNamed()
{
    QFETCH(const QByteArray, change);
    const Cli cli;
    const QString document = cli.write("document.txt", bigText());
    // The cell reads on after its sub-call was answered; the document changes before the answer.
    const ScriptedServer server([&](const ScriptedRequest& request) {
        if (request.model() == "root")
            return chatReply(cell("earlier = 'to be brought back'")
                + cell("llm_query('now')\nimport time\ntime.sleep(0.1)\nFINAL(context.count('dull'))"));
        QFile file(document);
        if (change == "truncate")
            file.resize(10);
        else if (change == "delete")
            file.remove();
        else if (file.open(change == "append" ? QIODevice::Append : QIODevice::ReadWrite))
            file.write("X");
        return chatReply("changed");
    });
    const Outcome outcome = cli.run(ask(server, document, cli.path("run.burrow")));
    QVERIFY2(outcome.status == 6, outcome.text());
    QVERIFY2(outcome.saysOneLine() && outcome.err.contains("document.txt"), outcome.text());
}

QTEST_GUILESS_MAIN(KilledAskTest)
#include "tst_killed_ask.moc"
