#include "cli_fixture.h"
#include "pseudo_terminal_posix.h"

#include <QTcpServer>

#include <csignal>
#include <fstream>

#include <sys/resource.h>

using namespace burrow::test;

namespace {

const QString question = QStringLiteral("What does it say?");

/// `ask` of @p server with further @p options, about @p paths.
QStringList ask(const ScriptedServer& server, const QStringList& paths, const QStringList& options = {})
{
    return QStringList(QStringLiteral("ask")) + Cli::modelsOf(server) + options + QStringList(question)
        + paths;
}

const QStringList json{QStringLiteral("--json"), QStringLiteral("--quiet")};
const QStringList quiet{QStringLiteral("--quiet")};

/// `ask` of @p server, which is asked for the window of its model, too.
QStringList askOf(const ScriptedServer& server, const QString& document, const QString& run)
{
    return QStringList(QStringLiteral("ask")) + json
        + QStringList{QStringLiteral("--base-url"), QString::fromLatin1(server.baseUrl()),
            QStringLiteral("--model"), QStringLiteral("root"), QStringLiteral("--run-file"), run, question,
            document};
}

} // namespace

class TerminalTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void askAnswersAboutAFile();
    void askAnswersAboutAFolder();
    void mistakesEndWithOneLine_data();
    void mistakesEndWithOneLine();
    void aServerThatIsNotThereIsNamed();
    void aRefusedKeyIsShownNowhere();
    void theQueryOfAnAddressGoesWithEveryRequest();
    void anExistingRunFileIsKept();
    void aFullDiskIsNamed_data();
    void aFullDiskIsNamed();
    void withoutPythonNothingIsSent();
    void theLimitOnCallsIsRaisedInPython();
    void theLimitOnTokensEndsWithTheBestAnswer();
    void anAnswerThatCannotBePrintedIsNoSuccess();
    void theLimitOnTimeEndsWithTheBestAnswer();
    void theLimitOnTimeEndsWithWhatTheStoppedCellHad();
    void afterTheLastTurnAnAnswerIsForced();
    void withoutAnAnswerTheOptionForMoreTurnsIsNamed();
    void aStopBeforeTheFirstRequestSendsNothing();
    void aWindowIsAskedForUntilAReplyDependsOnIt();
    void escapeSequencesInAnAnswerAreShownAsSymbols();
    void escapeSequencesInNamesAreShownAsSymbols();
    void progressInAPipeIsALineForEachTurn();
    void progressIsRedrawnWithinTheTerminal();
    void aFurtherQuestionSeesTheVariablesOfTheFirst();
    void aRunThatGoesOnUnderOtherLimitsRepeatsNothing_data();
    void aRunThatGoesOnUnderOtherLimitsRepeatsNothing();
    void aSoftStopEndsTheWaitForAnotherAttempt();
    void aSoftStopSendsNothingOfTheQueue();
    void whoTerminatesARunStopsItAtOnce();
    void aLimitHoldsOnResumeWhereTheServerCountsNothing();
    void aWindowThatIsTooSmallIsFoundOutOnce();
    void anAnswerThatWasForcedIsNotSoughtAgainWithMoreTurns();
    void showListsTheNodesOfARun();
    void showListsSkippedFilesWithTheirReasons();
    void everyVerbHelps();
    void doctorSaysWhetherAServerAnswers();
};

void TerminalTest::askAnswersAboutAFile()
{
    const Cli cli;
    const ScriptedServer server(scripted({cell("print(type(context).__name__, len(context))"),
        cell("FINAL(context[:5] + ' ' + llm_query('hello'))")}));
    const Outcome outcome = cli.run(ask(server, {cli.write("a.txt", "first words")}, json));
    QVERIFY2(outcome.status == 0, outcome.text());
    QCOMPARE(outcome.field("answer"), "first sub: hello");
    QCOMPARE(outcome.field("status"), "answered");
    QCOMPARE(outcome.count("turns"), 2);
    QCOMPARE(outcome.count("calls"), 1);
    QCOMPARE(outcome.count("input_tokens"), 210);
    QCOMPARE(outcome.count("output_tokens"), 105);
    QVERIFY(outcome.json()["first_request_ms"].is_number());
    QVERIFY(QFile::exists(QString::fromUtf8(outcome.field("run_file"))));
    QVERIFY(server.requests()[1].body.contains("str 11"));
}

void TerminalTest::askAnswersAboutAFolder()
{
    const Cli cli;
    cli.write("docs/a.txt", "alpha");
    cli.write("docs/deep/b.txt", "beta");
    const ScriptedServer server(scripted({cell(
        "FINAL(type(context).__name__ + ' ' + '+'.join(sorted(context)) + ' ' + str(len(documents)))")}));
    const Outcome outcome = cli.run(ask(server, {cli.path("docs")}, json));
    QVERIFY2(outcome.status == 0, outcome.text());
    QCOMPARE(outcome.field("answer"), "list alpha+beta 2");
}

void TerminalTest::mistakesEndWithOneLine_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("names");
    const auto row = [](const char* name, const QByteArray& arguments, int status, const QByteArray& names) {
        QTest::newRow(name) << QString::fromLatin1(arguments).split(u' ') << status << names;
    };
    row("no such file", "ask --quiet --model offline why %/missing.txt", 6, "missing.txt");
    row("folder without text", "ask --quiet --model offline why %/empty", 6, "empty");
    row("binary file", "ask --quiet --model offline why %/binary.bin", 6, "binary.bin");
    row("no turns", "ask --quiet --model offline --max-iterations 0 why %/a.txt", 2, "--max-iterations");
    row("money without a price",
        "ask --quiet --base-url http://127.0.0.1:9/v1 --model m --max-cost 1 why %/a.txt", 2, "--price");
    row("login in the address", "ask --quiet --base-url http://me:pass@127.0.0.1:9/v1 --model m why %/a.txt",
        2, "BURROW_API_KEY");
    row("key in the address", "doctor --base-url http://127.0.0.1:9/v1?api_key=pass", 2, "BURROW_API_KEY");
    for (const char* option : {"--model m", "--sub-model m", "--base-url http://h/v1", "--run-file %/b",
             "--price m=1/2", "--allow-model m", "--window 9000", "--encoding utf-8"})
        row(option, QByteArray("ask --quiet --continue %/a.burrow ") + option + " why", 2,
            QByteArray(option).split(' ').front());
    row("no document", "ask --model offline why", 2, "document");
    row("no model", "ask why %/a.txt", 2, "--model");
    row("unknown option", "ask --colour why %/a.txt", 2, "colour");
    row("unknown verb", "dig %/a.txt", 2, "dig");
    row("no run", "show %/missing.burrow", 6, "missing.burrow");
    row("a run that is none", "show %/a.txt", 2, "a.txt");
    row("nothing to resume", "resume %/missing.burrow", 6, "missing.burrow");
}

void TerminalTest::mistakesEndWithOneLine()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const int, status);
    QFETCH(const QByteArray, names);
    const Cli cli;
    cli.write("a.txt", "some text that is no run file, long enough to be looked at");
    cli.write("binary.bin", QByteArray("\x7f\x45LF\0\0\0\1\2\xff\xfe\0\0", 13).repeated(100));
    QDir().mkpath(cli.path("empty"));
    QStringList placed = arguments;
    const Outcome outcome = cli.run(placed.replaceInStrings(QStringLiteral("%/"), cli.path("") + u'/'));
    QVERIFY2(outcome.status == status, outcome.text());
    QVERIFY2(outcome.saysOneLine(), outcome.text());
    QVERIFY2(outcome.err.contains(names), outcome.text());
    QVERIFY2(!outcome.err.contains("pass"), outcome.text());
    QCOMPARE(outcome.out, "");

    const Outcome told = cli.run(placed << QStringLiteral("--json"));
    QCOMPARE(told.status, status);
    QCOMPARE(told.out.count('\n'), 1);
    QCOMPARE(told.field("status"), "failed");
    QVERIFY2(told.field("error").contains(names), told.text());
    // What never began leaves no run behind.
    QVERIFY(QDir(cli.path("data/burrow/runs")).isEmpty(QDir::Files));
}

void TerminalTest::aServerThatIsNotThereIsNamed()
{
    const Cli cli;
    QTcpServer nobody;
    QVERIFY(nobody.listen(QHostAddress::LocalHost));
    const QString url = QStringLiteral("http://127.0.0.1:%1/v1").arg(nobody.serverPort());
    nobody.close();
    const Outcome outcome = cli.run({QStringLiteral("ask"), QStringLiteral("--quiet"),
        QStringLiteral("--json"), QStringLiteral("--base-url"), url, QStringLiteral("--model"),
        QStringLiteral("m"), question, cli.write("a.txt", "text")});
    QVERIFY2(outcome.status == 4, outcome.text());
    QVERIFY(outcome.json()["first_request_ms"].is_null());
    QVERIFY2(outcome.saysOneLine() && outcome.err.contains("127.0.0.1"), outcome.text());
}

void TerminalTest::aRefusedKeyIsShownNowhere()
{
    Cli cli;
    cli.environment().insert(QStringLiteral("BURROW_API_KEY"), QStringLiteral("sk-secret-0123456789abcdef"));
    const ScriptedServer server([](const ScriptedRequest& request) {
        return errorReply(401, "Incorrect API key provided: " + request.header("authorization"));
    });
    const QString run = cli.path("run.burrow");
    const Outcome outcome = cli.run(
        ask(server, {cli.write("a.txt", "text")}, quiet + QStringList{QStringLiteral("--run-file"), run}));
    QVERIFY2(outcome.status == 4, outcome.text());
    QVERIFY2(outcome.saysOneLine(), outcome.text());
    QVERIFY(server.requests().back().header("authorization").contains("sk-secret"));
    QVERIFY2(!outcome.text().contains("0123456789abcdef"), outcome.text());
    QFile file(run);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("0123456789abcdef"));
}

void TerminalTest::theQueryOfAnAddressGoesWithEveryRequest()
{
    const Cli cli;
    const ScriptedServer server(scripted({cell("llm_query('hello')"), cell("FINAL('x')")}));
    const QString url = QString::fromLatin1(server.baseUrl()) + QStringLiteral("?api-version=7");
    const QString run = cli.path("run.burrow");
    const Outcome outcome = cli.run(QStringList{QStringLiteral("ask")} + json
        + QStringList{QStringLiteral("--base-url"), url, QStringLiteral("--model"), QStringLiteral("root"),
            QStringLiteral("--run-file"), run, question, cli.write("a.txt", "text")});
    QVERIFY2(outcome.status == 0, outcome.text());
    const Outcome further = cli.run(QStringList{QStringLiteral("ask")} + json
        + QStringList{QStringLiteral("--continue"), run, QStringLiteral("And?")});
    QVERIFY2(further.status == 0, further.text());
    QVERIFY(server.requestCount() > 4);
    for (const ScriptedRequest& request : server.requests())
        QVERIFY2(request.path().endsWith("?api-version=7"), request.path());
}

void TerminalTest::anExistingRunFileIsKept()
{
    const Cli cli;
    const ScriptedServer server(scripted({cell("FINAL('x')")}));
    const QString run = cli.write("run.burrow", "precious");
    const Outcome outcome = cli.run(
        ask(server, {cli.write("a.txt", "text")}, quiet + QStringList{QStringLiteral("--run-file"), run}));
    QVERIFY2(outcome.status == 2, outcome.text());
    QVERIFY2(outcome.saysOneLine() && outcome.err.contains("run.burrow"), outcome.text());
    QFile file(run);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "precious");
    QCOMPARE(server.requestCount(), 0);
}

void TerminalTest::aFullDiskIsNamed_data()
{
    QTest::addColumn<qint64>("room");
    QTest::newRow("nothing fits") << qint64(0);
    QTest::newRow("not all of an empty run") << qint64(5'000);
}

void TerminalTest::aFullDiskIsNamed()
{
    QFETCH(const qint64, room);
    const Cli cli;
    const ScriptedServer server(scripted({cell("FINAL('x')")}));
    const QString run = cli.path("run.burrow");
    QProcess process;
    // A file that may not grow is what a full disk looks like to who writes it.
    process.setChildProcessModifier([room] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{rlim_t(room), rlim_t(room)};
        setrlimit(RLIMIT_FSIZE, &limit);
    });
    cli.start(process,
        ask(server, {cli.write("a.txt", "text")}, quiet + QStringList{QStringLiteral("--run-file"), run}));
    const Outcome outcome = Cli::wait(process);
    QVERIFY2(outcome.status == 6, outcome.text());
    QVERIFY2(outcome.saysOneLine() && outcome.err.contains("the disk"), outcome.text());
    QVERIFY(!QFile::exists(run));
    QCOMPARE(server.requestCount(), 0);
}

void TerminalTest::withoutPythonNothingIsSent()
{
    Cli cli;
    cli.environment().insert(QStringLiteral("BURROW_PYTHON"), QStringLiteral("/nonexistent"));
    const ScriptedServer server(scripted({cell("FINAL('x')")}));
    const Outcome outcome = cli.run(ask(server, {cli.write("a.txt", "text")}, quiet));
    QVERIFY2(outcome.status == 5, outcome.text());
    QVERIFY2(outcome.saysOneLine() && outcome.err.contains("/nonexistent"), outcome.text());
    QCOMPARE(server.requestCount(), 0);
}

void TerminalTest::theLimitOnCallsIsRaisedInPython()
{
    const Cli cli;
    const ScriptedServer server(scripted({cell("done = 0\n"
                                               "try:\n"
                                               "    for i in range(5):\n"
                                               "        llm_query(str(i))\n"
                                               "        done += 1\n"
                                               "except Exception as error:\n"
                                               "    FINAL(f'{type(error).__name__} after {done}')")}));
    const Outcome outcome = cli.run(ask(server, {cli.write("a.txt", "text")},
        json + QStringList{QStringLiteral("--max-calls"), QStringLiteral("2")}));
    QVERIFY2(outcome.status == 0, outcome.text());
    QCOMPARE(outcome.field("answer"), "LimitReached after 2");
    QCOMPARE(outcome.count("calls"), 2);
    QCOMPARE(server.requestCount(), 3);
}

void TerminalTest::theLimitOnTokensEndsWithTheBestAnswer()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest&) {
        return chatReply(cell("answer['content'] = 'a draft'"), ScriptedUsage{15'000, 4'000, {}});
    });
    const Outcome outcome = cli.run(ask(server, {cli.write("a.txt", "text")},
        json + QStringList{QStringLiteral("--max-tokens"), QStringLiteral("20000")}));
    QVERIFY2(outcome.status == 3, outcome.text());
    QCOMPARE(outcome.field("status"), "limit");
    QCOMPARE(outcome.field("answer"), "a draft");
    QVERIFY2(outcome.saysOneLine() && outcome.err.contains("tokens"), outcome.text());
    QCOMPARE(server.requestCount(), 1);
}

void TerminalTest::theLimitOnTimeEndsWithWhatTheStoppedCellHad()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest&) {
        return chatReply(cell("answer['content'] = 'a draft'\nwhile True: pass"));
    });
    const QStringList arguments = ask(server, {cli.write("a.txt", "text")},
        json + QStringList{QStringLiteral("--max-time"), QStringLiteral("2s")});
    // The cell has 50 ms to react to its interrupt, which a loaded machine does not always give it.
    Outcome outcome;
    for (int attempt = 0; attempt < 5 && outcome.field("answer") != "a draft"; ++attempt) {
        outcome = cli.run(arguments);
        QVERIFY2(outcome.status == 3, outcome.text());
    }
    QCOMPARE(outcome.field("answer"), "a draft");
}

void TerminalTest::anAnswerThatCannotBePrintedIsNoSuccess()
{
    const QString full = QStringLiteral("/dev/full");
    if (!QFile::exists(full))
        QSKIP("This system has no device that is always full.");
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest&) { return chatReply(cell("FINAL('x')")); });
    QProcess process;
    process.setStandardOutputFile(full, QIODevice::Append);
    cli.start(process, ask(server, {cli.write("a.txt", "text")}));
    const Outcome outcome = Cli::wait(process);
    QVERIFY2(outcome.status == 6, outcome.text());
    QVERIFY2(outcome.err.contains("could not be written"), outcome.text());
}

void TerminalTest::theLimitOnTimeEndsWithTheBestAnswer()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest& request) {
        ScriptedReply reply = chatReply(cell("answer['content'] = 'a draft'"));
        reply.neverAnswer = request.assistantMessages() > 0;
        return reply;
    });
    const Outcome outcome = cli.run(ask(server, {cli.write("a.txt", "text")},
        json + QStringList{QStringLiteral("--max-time"), QStringLiteral("6s")}));
    QVERIFY2(outcome.status == 3, outcome.text());
    QCOMPARE(outcome.field("answer"), "a draft");
    QVERIFY2(outcome.saysOneLine() && outcome.err.contains("time"), outcome.text());

    // The time of the run is used up, not that of a session.
    const int before = server.requestCount();
    const Outcome resumed = cli.run(QStringList(QStringLiteral("resume")) + json
        + QStringList{QString::fromUtf8(outcome.field("run_file"))});
    QVERIFY2(resumed.status == 3, resumed.text());
    QCOMPARE(resumed.field("answer"), "a draft");
    QCOMPARE(server.requestCount(), before);
}

void TerminalTest::afterTheLastTurnAnAnswerIsForced()
{
    const Cli cli;
    const ScriptedServer server(scripted({cell("x = 1"), cell("x = 2"), "It says two."}));
    const Outcome outcome = cli.run(ask(server, {cli.write("a.txt", "text")},
        json + QStringList{QStringLiteral("--max-iterations"), QStringLiteral("2")}));
    QVERIFY2(outcome.status == 0, outcome.text());
    QCOMPARE(outcome.field("status"), "answered");
    QCOMPARE(outcome.field("answer"), "It says two.");
    QCOMPARE(server.requestCount(), 3);
}

void TerminalTest::withoutAnAnswerTheOptionForMoreTurnsIsNamed()
{
    const Cli cli;
    const ScriptedServer server(scripted({cell("x = 1"), cell("x = 2")}));
    const Outcome outcome = cli.run(ask(server, {cli.write("a.txt", "text")},
        json + QStringList{QStringLiteral("--max-iterations"), QStringLiteral("1")}));
    QVERIFY2(outcome.status == 4, outcome.text());
    QVERIFY2(outcome.err.contains("--max-iterations"), outcome.text());
    QVERIFY2(outcome.field("error").contains("--max-iterations"), outcome.text());
}

void TerminalTest::aStopBeforeTheFirstRequestSendsNothing()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest& request) {
        ScriptedReply reply = chatReply(cell("FINAL('x')"));
        reply.neverAnswer = request.method() == "GET";
        return reply;
    });
    const QString run = cli.path("run.burrow");
    QProcess process;
    cli.start(process, askOf(server, cli.write("a.txt", "text"), run));
    QTRY_COMPARE_WITH_TIMEOUT(server.requestCount(), 1, Cli::patience);
    process.terminate();
    const Outcome outcome = Cli::wait(process);
    QVERIFY2(outcome.status == 130, outcome.text());
    QCOMPARE(outcome.field("status"), "stopped");
    QVERIFY2(outcome.saysOneLine(), outcome.text());
    QCOMPARE(server.requestCount(), 1);
    QVERIFY(!QFile::exists(run));
}

void TerminalTest::aWindowIsAskedForUntilAReplyDependsOnIt()
{
    const Cli cli;
    std::atomic<int> session = 1;
    const ScriptedServer server([&session](const ScriptedRequest& request) {
        if (request.method() == "GET") {
            ScriptedReply list = errorReply(503, "loading");
            if (session > 1) {
                list.status = 200;
                list.body = R"({"data":[{"id":"root","context_length":16000}]})";
            }
            return list;
        }
        if (session > 2)
            return chatReply(cell("FINAL('x')"));
        return session == 2 && request.assistantMessages() == 0 ? chatReply(cell("x = 1"))
                                                                : errorReply(400, "no");
    });
    const QString run = cli.path("run.burrow");
    const auto play = [&](const QStringList& arguments, int status, int requests) {
        const Outcome outcome = cli.run(arguments);
        QVERIFY2(outcome.status == status, outcome.text());
        QCOMPARE(server.requestCount(), requests);
        ++session;
    };
    const QStringList resume = QStringList(QStringLiteral("resume")) + json + QStringList(run);
    play(askOf(server, cli.write("a.txt", "text"), run), 4, 2);
    play(resume, 4, 5);
    play(resume, 0, 6);
    if (QTest::currentTestFailed())
        return;
    QCOMPARE(server.requests()[5].body, server.requests()[4].body);
}

void TerminalTest::escapeSequencesInAnAnswerAreShownAsSymbols()
{
    const Cli cli;
    const ScriptedServer server(scripted({cell(R"(FINAL('\x1b]0;title\x07red\x1b[31m\nsecond'))")}));
    const Outcome outcome = cli.run(ask(server, {cli.write("a.txt", "text")}));
    QVERIFY2(outcome.status == 0, outcome.text());
    QVERIFY2(!outcome.out.contains('\x1b') && !outcome.out.contains('\x07'), outcome.text());
    QVERIFY2(outcome.out.contains("\nsecond\n"), outcome.text());
    QVERIFY2(outcome.out.contains("red"), outcome.text());
}

void TerminalTest::escapeSequencesInNamesAreShownAsSymbols()
{
    Cli cli;
    const ScriptedServer server(scripted({cell("FINAL('x')")}));
    const QString run = cli.path("run\x1b[31m.burrow");
    const Outcome asked
        = cli.run(ask(server, {cli.write("a\x1b[31m.txt", "text")}, {QStringLiteral("--run-file"), run}));
    QVERIFY2(asked.status == 0, asked.text());
    QVERIFY2(asked.err.contains("Run: "), asked.text());
    QVERIFY2(!asked.err.contains('\x1b'), asked.text());
    cli.environment().insert(QStringLiteral("BURROW_PYTHON"), QStringLiteral("/no\x1b[31m"));
    const Outcome examined = cli.run({QStringLiteral("doctor")});
    QVERIFY2(examined.out.contains("31m") && !examined.out.contains('\x1b'), examined.text());
}

void TerminalTest::progressInAPipeIsALineForEachTurn()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest& request) {
        ScriptedReply reply = scripted({cell("x = 1"), cell("x = 2"), cell("FINAL('x')")})(request);
        reply.latency = std::chrono::milliseconds(400);
        return reply;
    });
    const QString run = cli.path("run.burrow");
    const auto linesOf = [](const Outcome& outcome) {
        QByteArrayList lines;
        for (const QByteArray& line : outcome.err.split('\n')) {
            if (line.startsWith("turn "))
                lines << line.first(line.indexOf(" tokens"));
        }
        return lines;
    };
    const Outcome asked
        = cli.run(ask(server, {cli.write("a.txt", "text")}, {QStringLiteral("--run-file"), run}));
    QCOMPARE(linesOf(asked),
        (QByteArrayList{"turn 1 · 0 calls · 150", "turn 2 · 0 calls · 300", "turn 3 · 0 calls · 450"}));
    const Outcome resumed = cli.run({QStringLiteral("resume"), run});
    QCOMPARE(linesOf(resumed), QByteArrayList{"turn 3 · 0 calls · 450"});
}

void TerminalTest::progressIsRedrawnWithinTheTerminal()
{
    constexpr int columns = 30;
    Cli cli;
    cli.environment().insert(QStringLiteral("TERM"), QStringLiteral("xterm"));
    const ScriptedServer server([](const ScriptedRequest&) {
        ScriptedReply reply = chatReply(cell("FINAL('x')"));
        reply.latency = std::chrono::milliseconds(500);
        return reply;
    });
    PseudoTerminal terminal(columns);
    QProcess process;
    process.setStandardErrorFile(terminal.path());
    cli.start(process, ask(server, {cli.write("a.txt", "text")}));
    const Outcome outcome = Cli::wait(process);
    QVERIFY2(outcome.status == 0, outcome.text());
    QString all = QString::fromUtf8(terminal.written());
    const QStringList drawings = all.remove(u'\r').split(QStringLiteral("\x1b[J"));
    QVERIFY2(drawings.size() > 2, qPrintable(all));
    // What is not redrawn may wrap: the last one.
    for (const QString& drawing : drawings.first(drawings.size() - 1)) {
        for (const QString& line : drawing.section(u'\x1b', 0, 0).split(u'\n'))
            QVERIFY2(line.size() < columns, qPrintable(line));
    }
}

void TerminalTest::aFurtherQuestionSeesTheVariablesOfTheFirst()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest& request) {
        if (request.model() != "root")
            return chatReply("found");
        if (request.body.contains("And then?"))
            return chatReply(cell("FINAL(kept + ' again')"));
        return chatReply(cell("kept = llm_query('look')\nFINAL(kept)"));
    });
    const QString run = cli.path("run.burrow");
    const Outcome first = cli.run(
        ask(server, {cli.write("a.txt", "text")}, json + QStringList{QStringLiteral("--run-file"), run}));
    QVERIFY2(first.status == 0, first.text());
    QCOMPARE(server.requestCount(), 2);
    const Outcome second = cli.run({QStringLiteral("ask"), QStringLiteral("--json"),
        QStringLiteral("--quiet"), QStringLiteral("--continue"), run, QStringLiteral("And then?")});
    QVERIFY2(second.status == 0, second.text());
    QCOMPARE(second.field("answer"), "found again");
    QCOMPARE(server.requestCount(), 3);
}

void TerminalTest::aRunThatGoesOnUnderOtherLimitsRepeatsNothing_data()
{
    QTest::addColumn<QStringList>("begun");
    QTest::addColumn<QStringList>("resumed");
    const auto row = [](const char* name, const char* begun, const char* resumed) {
        const auto words
            = [](const char* text) { return QString::fromLatin1(text).split(u' ', Qt::SkipEmptyParts); };
        QTest::newRow(name) << words(begun) << words(resumed);
    };
    row("calls", "--max-calls 9", "--max-calls 99");
    row("tokens", "--max-tokens 900000", "--max-tokens 9000000");
    row("cost", "--max-cost 2 --price root=1/4 --price sub=1/4", "--max-cost 50");
    row("more turns", "--max-iterations 4", "--max-iterations 10");
    row("fewer turns", "", "--max-iterations 2");
    row("concurrency", "", "--concurrency 8");
    row("time for a cell", "", "--cell-timeout 60s");
    row("time", "", "--max-time 1h");
    row("depth", "", "--max-depth 2");
    row("no depth", "--max-depth 1", "--max-depth 0");
}

void TerminalTest::aRunThatGoesOnUnderOtherLimitsRepeatsNothing()
{
    QFETCH(const QStringList, begun);
    QFETCH(const QStringList, resumed);
    const Cli cli;
    std::atomic<bool> broken = true;
    const ScriptedServer server([&broken](const ScriptedRequest& request) {
        if (request.assistantMessages() == 3 && broken)
            return errorReply(400, "not now");
        return scripted({cell("a = llm_query('a')"), cell("b = rlm_query('b')"), cell("print(a, b)"),
            cell("FINAL(a + b)")})(request);
    });
    const QString run = cli.path("run.burrow");
    const Outcome first = cli.run(ask(
        server, {cli.write("a.txt", "text")}, json + begun + QStringList{QStringLiteral("--run-file"), run}));
    QVERIFY2(first.status == 4, first.text());
    const int before = server.requestCount();
    QCOMPARE(before, 6);
    broken = false;
    const Outcome second = cli.run(QStringList(QStringLiteral("resume")) + json + QStringList(run) + resumed);
    QVERIFY2(second.status == 0, second.text());
    QCOMPARE(server.requestCount(), before + 1);
    QCOMPARE(second.field("answer"), "sub: asub: b");
}

void TerminalTest::anAnswerThatWasForcedIsNotSoughtAgainWithMoreTurns()
{
    const Cli cli;
    const ScriptedServer server(scripted({cell("x = 1"), cell("x = 2"), "It says two."}));
    const QString run = cli.path("run.burrow");
    const QStringList options{
        QStringLiteral("--max-iterations"), QStringLiteral("2"), QStringLiteral("--run-file"), run};
    QCOMPARE(cli.run(ask(server, {cli.write("a.txt", "text")}, json + options)).status, 0);
    const Outcome resumed = cli.run(QStringList(QStringLiteral("resume")) + json
        + QStringList{run, QStringLiteral("--max-iterations"), QStringLiteral("9")});
    QVERIFY2(resumed.status == 0, resumed.text());
    QCOMPARE(resumed.field("answer"), "It says two.");
    QCOMPARE(server.requestCount(), 3);
}

void TerminalTest::aSoftStopEndsTheWaitForAnotherAttempt()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest&) {
        ScriptedReply reply = errorReply(503, "busy");
        reply.headers.push_back("Retry-After: 50");
        return reply;
    });
    QProcess process;
    cli.start(process, ask(server, {cli.write("a.txt", "text")}, json));
    QTRY_COMPARE_WITH_TIMEOUT(server.requestCount(), 1, Cli::patience);
    QTest::qWait(300); // for the reply to arrive: the stop shall meet the wait
    QCOMPARE(::kill(pid_t(process.processId()), SIGINT), 0);
    QVERIFY(process.waitForFinished(20'000));
    QCOMPARE(Cli::wait(process).status, 130);
    QCOMPARE(server.requestCount(), 1);
}

void TerminalTest::whoTerminatesARunStopsItAtOnce()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest&) {
        ScriptedReply reply = chatReply("late");
        reply.latency = std::chrono::seconds(50);
        return reply;
    });
    QProcess process;
    cli.start(process,
        QStringList(QStringLiteral("ask")) + Cli::modelsOf(server)
            + QStringList{question, cli.write("a.txt", "text")});
    QTRY_COMPARE_WITH_TIMEOUT(server.requestCount(), 1, Cli::patience);
    process.terminate();
    QVERIFY(process.waitForFinished(20'000)); // a soft stop would wait for the reply
    const Outcome outcome = Cli::wait(process);
    QCOMPARE(outcome.status, 130);
    QVERIFY2(!outcome.err.contains("Ctrl+C again"), outcome.text());
}

void TerminalTest::aSoftStopSendsNothingOfTheQueue()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest& request) {
        ScriptedReply reply = scripted(
            {cell("answer['content'] = 'a draft'"), cell("FINAL(llm_query_batched(['x'] * 40))")})(request);
        reply.latency = std::chrono::milliseconds(request.model() == "sub" ? 500 : 0);
        return reply;
    });
    const QString run = cli.path("run.burrow");
    QProcess process;
    cli.start(process,
        ask(server, {cli.write("a.txt", "text")},
            json
                + QStringList{QStringLiteral("--concurrency"), QStringLiteral("4"),
                    QStringLiteral("--run-file"), run}));
    QTRY_VERIFY_WITH_TIMEOUT(server.requestCount() >= 4, Cli::patience);
    QCOMPARE(::kill(pid_t(process.processId()), SIGINT), 0);
    const Outcome outcome = Cli::wait(process);
    QVERIFY2(outcome.status == 130, outcome.text());
    QCOMPARE(outcome.field("answer"), "a draft");
    const int sent = server.requestCount();
    QVERIFY2(sent <= 10, QByteArray::number(sent));
    QCOMPARE(outcome.count("calls"), sent - 2);
    const Outcome resumed = cli.run(QStringList(QStringLiteral("resume")) + json + QStringList(run));
    QVERIFY2(resumed.status == 0, resumed.text());
    QCOMPARE(server.requestCount(), 42);
}

void TerminalTest::aLimitHoldsOnResumeWhereTheServerCountsNothing()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest& request) {
        return chatReply(cell("print(" + QByteArray::number(request.assistantMessages()) + ")"));
    });
    const QString run = cli.path("run.burrow");
    const Outcome asked = cli.run(ask(server, {cli.write("a.txt", "text")},
        json
            + QStringList{
                QStringLiteral("--max-tokens"), QStringLiteral("30000"), QStringLiteral("--run-file"), run}));
    QVERIFY2(asked.status == 3, asked.text());
    const int before = server.requestCount();
    const Outcome resumed = cli.run(QStringList(QStringLiteral("resume")) + json + QStringList(run));
    QVERIFY2(resumed.status == 3, resumed.text());
    QCOMPARE(server.requestCount(), before);
    QVERIFY(resumed.count("estimated_tokens") > 8192 * (before - 1));
    QCOMPARE(
        resumed.count("estimated_tokens"), resumed.count("input_tokens") + resumed.count("output_tokens"));
}

void TerminalTest::aWindowThatIsTooSmallIsFoundOutOnce()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest& request) {
        if (request.body.size() > 11'000)
            return errorReply(400, "too long", "context_length_exceeded");
        if (request.lastMessage().contains("Sum up"))
            return chatReply("A summary.");
        return chatReply(cell("n = globals().get('n', 0) + 1\nprint('z' * 3000)\nif n > 6: FINAL(n)"));
    });
    const QString run = cli.path("run.burrow");
    const Outcome asked = cli.run(
        ask(server, {cli.write("a.txt", "text")}, json + QStringList{QStringLiteral("--run-file"), run}));
    QVERIFY2(asked.status == 0, asked.text());
    const int before = server.requestCount();
    const Outcome resumed = cli.run(QStringList(QStringLiteral("resume")) + json + QStringList(run));
    QVERIFY2(resumed.status == 0, resumed.text());
    QCOMPARE(server.requestCount(), before);
}

void TerminalTest::showListsTheNodesOfARun()
{
    const Cli cli;
    const ScriptedServer server(scripted({cell("FINAL(' '.join(llm_query_batched(['a', 'b', 'c'])))")}));
    const QString run = cli.path("run.burrow");
    const Outcome asked = cli.run(
        ask(server, {cli.write("a.txt", "text")}, json + QStringList{QStringLiteral("--run-file"), run}));
    QVERIFY2(asked.status == 0, asked.text());
    const Outcome shown = cli.run({QStringLiteral("show"), run});
    QVERIFY2(shown.status == 0, shown.text());
    for (const char* word : {"root", "turn1", "cell1", "call1", "call3", "sub", "answered"})
        QVERIFY2(shown.out.contains(word), shown.text());
    const Outcome counted = cli.run({QStringLiteral("show"), QStringLiteral("--json"), run});
    QCOMPARE(counted.field("state"), "answered");
    QCOMPARE(counted.field("answer"), "sub: a sub: b sub: c");
    QCOMPARE(counted.count("calls"), 3);
    QCOMPARE(counted.count("requests"), 4);
    QCOMPARE(counted.count("unknown_outcomes"), 0);
}

void TerminalTest::showListsSkippedFilesWithTheirReasons()
{
    const Cli cli;
    cli.write("docs/a.txt", "alpha");
    cli.write("docs/b\x1b.bin", QByteArray("\x7f\x45LF\0\0\0\1\2\xff\xfe\0\0", 13).repeated(100));
    const std::string unnamed = QFile::encodeName(cli.path("docs")).toStdString() + "/c\xff.txt";
    std::ofstream(unnamed) << "gamma";
    const ScriptedServer server(scripted({cell("FINAL('x')")}));
    const QString run = cli.path("run.burrow");
    const Outcome asked
        = cli.run(ask(server, {cli.path("docs")}, json + QStringList{QStringLiteral("--run-file"), run}));
    QVERIFY2(asked.status == 0, asked.text());
    const Outcome shown = cli.run({QStringLiteral("show"), run});
    QVERIFY2(shown.out.contains("skipped: b␛.bin (binary)\nskipped: c\uFFFD.txt (name is not UTF-8)\n"),
        shown.text());
    const Outcome told = cli.run({QStringLiteral("show"), QStringLiteral("--json"), run});
    const nlohmann::json expected = {{{"path", "b\x1b.bin"}, {"reason", "binary"}},
        {{"path", "c\uFFFD.txt"}, {"reason", "name is not UTF-8"}}};
    QVERIFY2(told.json()["skipped"] == expected, told.text());
    QCOMPARE(std::remove(unnamed.c_str()), 0); // QTemporaryDir cannot name it
}

void TerminalTest::everyVerbHelps()
{
    const Cli cli;
    for (const char* verb : {"ask", "resume", "show", "sample", "doctor"}) {
        const Outcome outcome = cli.run({QString::fromLatin1(verb), QStringLiteral("--help")});
        QVERIFY2(outcome.status == 0 && outcome.err.isEmpty(), outcome.text());
        QVERIFY2(outcome.out.contains("--max-iterations"), outcome.text());
    }
}

void TerminalTest::doctorSaysWhetherAServerAnswers()
{
    const Cli cli;
    const ScriptedServer server([](const ScriptedRequest&) { return errorReply(404, "no such path"); });
    const QString url = QString::fromLatin1(server.baseUrl());
    const Outcome outcome
        = cli.run({QStringLiteral("doctor"), QStringLiteral("--json"), QStringLiteral("--base-url"), url});
    QVERIFY2(outcome.status == 0, outcome.text());
    QCOMPARE(outcome.json()["providers"].value(url.toStdString(), ""), "answers with status 404");
}

QTEST_GUILESS_MAIN(TerminalTest)
#include "tst_terminal.moc"
