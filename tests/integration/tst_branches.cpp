// Replays, forks and comparisons of a run, as a person asks for them.
#include "cli_fixture.h"

#include <ranges>

using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

/// A run of two turns, with two sub-calls in the first.
struct Run {
    Run()
    {
        const Outcome asked = cli.run(QStringList(u"ask"_s) + Cli::modelsOf(server)
            + QStringList{u"--quiet"_s, u"--run-file"_s, file, u"What?"_s, document});
        if (asked.status != 0)
            qFatal("%s", asked.text().constData());
        sent = server.requestCount();
    }
    Outcome with(const QStringList& arguments) const
    {
        return cli.run(arguments + QStringList{u"--quiet"_s, u"--json"_s});
    }
    /// How many requests reached the server since the last call.
    int sentSince()
    {
        const int before = std::exchange(sent, server.requestCount());
        return sent - before;
    }
    QByteArray tree(const QString& branch = {}) const { return cli.run({u"show"_s, file + branch}).out; }

    Cli cli;
    ScriptedServer server{scripted(
        {cell("a, b = llm_query('one'), llm_query('two')\nprint(a, b)"), cell("FINAL(a + ' and ' + b)")})};
    QString file = cli.path("run.burrow");
    QString document = cli.write("a.txt", "some text");
    int sent = 0;
};

} // namespace

class BranchesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStrictReplaySendsNothingAndSpendsNothing()
    {
        Run run;
        const Outcome replayed = run.with({u"replay"_s, run.file});
        QVERIFY2(replayed.status == 0, replayed.text());
        QCOMPARE(replayed.field("answer"), "sub: one and sub: two");
        QCOMPARE(run.sentSince(), 0);
    }

    void anotherModelIsSaidWithItsCostBeforeAnythingIsSent()
    {
        Run run;
        const auto saysOf = [&](const QString& model, const QString& branch) {
            const Outcome forked = run.cli.run({u"fork"_s, run.file + branch, u"--at"_s, u"root"_s,
                u"--model"_s, model, u"--reach"_s, u"all"_s, u"--max-calls"_s, u"99"_s});
            return forked.err;
        };
        // The two requests of the root; those of its calls ask the other model.
        const QByteArray unknown = saysOf(u"other"_s, {});
        QVERIFY2(unknown.contains("From here on: 4 requests"), unknown);
        QVERIFY2(
            unknown.contains("For certain sent to other: 2 requests, at a cost that is not known."), unknown);
        const QString priced = run.cli.path("priced.burrow");
        const Outcome asked = run.cli.run(QStringList(u"ask"_s) + Cli::modelsOf(run.server)
            + QStringList{u"--quiet"_s, u"--price"_s, u"dear=100/1000"_s, u"--run-file"_s, priced, u"What?"_s,
                run.document});
        QVERIFY2(asked.status == 0, asked.text());
        run.file = priced;
        // 200 tokens read and 100 written
        const QByteArray known = saysOf(u"dear"_s, {});
        QVERIFY2(known.contains("For certain sent to dear: 2 requests, about $0.12 by its price."), known);
    }

    void anEditedReplyReachesTheAnswer()
    {
        Run run;
        const QByteArray before = run.tree();
        const Outcome forked = run.with({u"fork"_s, run.file, u"--at"_s, u"root/turn1/cell1/call2"_s,
            u"--reply"_s, run.cli.write("reply.txt", "another")});
        QVERIFY2(forked.status == 0, forked.text());
        QCOMPARE(forked.field("answer"), "sub: one and another");
        QCOMPARE(forked.count("branch"), 2);
        QCOMPARE(run.sentSince(), 1); // the second turn alone reads another output
        QVERIFY(run.tree().startsWith(before.left(before.lastIndexOf("answered"))));
        QCOMPARE(run.with({u"replay"_s, run.file + u"@2"_s}).status, 0);
        QCOMPARE(run.sentSince(), 0);
    }

    void anEditOfOneOfABatchSendsNoneOfTheOthers()
    {
        constexpr int calls = 5;
        const Cli cli;
        ScriptedServer server(scripted({cell("a = llm_query_batched([f'q{i}' for i in range(5)])\nprint(a)"),
            cell("FINAL('; '.join(a))")}));
        const QString run = cli.path("run.burrow");
        const Outcome asked = cli.run(QStringList(u"ask"_s) + Cli::modelsOf(server)
            + QStringList{u"--quiet"_s, u"--run-file"_s, run, u"What?"_s, cli.write("a.txt", "text")});
        QVERIFY2(asked.status == 0, asked.text());
        const QString reply = cli.write("reply.txt", "mine");
        for (int call = 1; call <= calls; ++call) {
            const int sent = server.requestCount();
            const Outcome forked = cli.run({u"fork"_s, run, u"--at"_s, u"root/turn1/cell1/call%1"_s.arg(call),
                u"--reply"_s, reply, u"--quiet"_s, u"--json"_s});
            QVERIFY2(forked.status == 0, forked.text());
            QCOMPARE(forked.field("answer").split(';').at(call - 1).trimmed(), "mine");
            QCOMPARE(server.requestCount(), sent + 1);
            QCOMPARE(server.requests().back().model(), "root");
        }
    }

    void editedCodeIsWhatRunsAndWhatTheModelSees()
    {
        Run run;
        const Outcome forked = run.with({u"fork"_s, run.file, u"--at"_s, u"root/turn1/cell1"_s, u"--code"_s,
            run.cli.write("code.py", "a, b = llm_query('one'), 'mine'")});
        QVERIFY2(forked.status == 0, forked.text());
        QCOMPARE(forked.field("answer"), "sub: one and mine");
        QCOMPARE(run.sentSince(), 1);
        QVERIFY(run.server.requests().back().body.contains("'mine'"));
    }

    void parametersReachAllRequestsOfTheirModel()
    {
        Run run;
        const Outcome forked = run.with({u"fork"_s, run.file, u"--at"_s, u"root/turn1/cell1/call1"_s,
            u"--temperature"_s, u"0.25"_s, u"--max-output-tokens"_s, u"100"_s, u"--reach"_s, u"all"_s});
        QVERIFY2(forked.status == 0, forked.text());
        QCOMPARE(run.sentSince(), 2); // the outputs are the same, so the root goes on as it did
        for (const ScriptedRequest& request : run.server.requests() | std::views::drop(run.sent - 2)) {
            QCOMPARE(request.model(), "sub");
            QVERIFY2(request.body.contains("\"temperature\":0.25"), request.body);
            QVERIFY2(request.body.contains("\"max_tokens\":100,"), request.body);
        }
        QCOMPARE(run.with({u"replay"_s, run.file + u"@2"_s}).status, 0);
        // And back, at one of them.
        QCOMPARE(run.with({u"fork"_s, run.file + u"@2"_s, u"--at"_s, u"root/turn1/cell1/call2"_s,
                              u"--temperature"_s, u"server"_s})
                     .status,
            0);
        QCOMPARE(run.sentSince(), 1);
        QVERIFY(!run.server.requests().back().body.contains("temperature"));
        QCOMPARE(run.with({u"replay"_s, run.file + u"@3"_s}).status, 0);
    }

    void theTreeOfABranchSaysWhatBecameOfItsCalls()
    {
        Run run;
        (void)run.with({u"fork"_s, run.file, u"--at"_s, u"root/turn1/cell1"_s, u"--code"_s,
            run.cli.write("code.py", "a, b = llm_query('one'), 'mine'")});
        QByteArrayList words;
        for (const QByteArray& line : run.tree(u"@2"_s).split('\n'))
            if (const QByteArrayList row = line.simplified().split(' '); row.size() > 1)
                words << row[0] + ' ' + row[1];
        QCOMPARE(words.first(8),
            (QByteArrayList{"node state", "root live", "turn1 edited", "cell1 live", "call1 reused",
                "call2 dropped", "turn2 live", "cell1 live"}));
    }

    void aDifferenceIsNamed()
    {
        Run run;
        (void)run.with({u"fork"_s, run.file, u"--at"_s, u"root/turn1/cell1/call2"_s, u"--reply"_s,
            run.cli.write("reply.txt", "another")});
        const Outcome compared = run.cli.run({u"diff"_s, run.file, run.file + u"@2"_s});
        QVERIFY2(compared.status == 0, compared.text());
        QVERIFY2(compared.out.contains(
                     "~ root/turn1/cell1/call2  reply, line 1: recorded “sub: two”, now “another”"),
            compared.text());
        QVERIFY(compared.out.contains("answer: sub: one and sub: two → sub: one and another"));
        QVERIFY2(compared.out.contains("~ root/turn1/cell1  output, "), compared.text());
        QVERIFY2(compared.out.contains("; 30 tokens, $0.00 → 0 tokens, $0.00"), compared.text());
        QVERIFY(run.cli.run({u"diff"_s, run.file, run.file}).out.contains("answer: the same"));
    }

    void aRecordThatWasChangedDoesNotReplay()
    {
        Run run;
        QFile file(run.file);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        const qsizetype at = bytes.indexOf("sub: two");
        QVERIFY(at > 0);
        bytes[at + 5] = 'T';
        file.seek(0);
        file.write(bytes);
        file.close();
        QVERIFY(run.with({u"replay"_s, run.file}).status != 0);
        QCOMPARE(run.sentSince(), 0);
    }

    void aDocumentThatChangedDoesNotReplay()
    {
        Run run;
        run.cli.write("a.txt", "Some text");
        const Outcome replayed = run.with({u"replay"_s, run.file});
        QVERIFY2(replayed.status == 6, replayed.text());
        QCOMPARE(run.sentSince(), 0);
    }

    void aRunFromElsewhereRunsNothingBeforeItIsTrusted_data()
    {
        QTest::addColumn<QStringList>("verb");
        QTest::newRow("replay") << QStringList{u"replay"_s, u"RUN"_s};
        QTest::newRow("hybrid") << QStringList{u"replay"_s, u"RUN"_s, u"--hybrid"_s};
        QTest::newRow("resume") << QStringList{u"resume"_s, u"RUN"_s};
        QTest::newRow("fork") << QStringList{
            u"fork"_s, u"RUN"_s, u"--at"_s, u"root/turn1"_s, u"--resample"_s};
        QTest::newRow("ask") << QStringList{u"ask"_s, u"--continue"_s, u"RUN"_s, u"And?"_s};
    }
    void aRunFromElsewhereRunsNothingBeforeItIsTrusted()
    {
        QFETCH(QStringList, verb);
        Run run;
        verb.replaceInStrings(u"RUN"_s, run.file);
        // As if it had been made on another machine.
        QVERIFY(QFile::remove(run.cli.path("data/burrow/machine-secret")));
        const QByteArray before = run.tree();
        const Outcome refused = run.with(verb);
        QVERIFY2(refused.status != 0, refused.text());
        QVERIFY2(refused.saysOneLine() && refused.err.contains("--trust-run"), refused.text());
        QVERIFY2(refused.err.contains(run.server.baseUrl()) && refused.err.contains("a.txt"), refused.text());
        QCOMPARE(run.sentSince(), 0);
        QCOMPARE(run.tree(), before);
        // The key is for servers that the person named.
        run.cli.environment().insert(u"BURROW_API_KEY"_s, u"a-secret-key"_s);
        const Outcome trusted = run.with(verb + QStringList{u"--trust-run"_s});
        QVERIFY2(trusted.status == 0, trusted.text());
        for (const ScriptedRequest& request : run.server.requests())
            QVERIFY(!request.header("authorization").contains("a-secret-key"));
    }

    void aRunOfOnesOwnIsForkedWithTheKey()
    {
        Run run;
        run.cli.environment().insert(u"BURROW_API_KEY"_s, u"a-secret-key"_s);
        QCOMPARE(run.with({u"fork"_s, run.file, u"--at"_s, u"root/turn1"_s, u"--resample"_s}).status, 0);
        QVERIFY(run.server.requests().back().header("authorization").contains("a-secret-key"));
    }

    void aHybridReplayIsABranchThatSendsNothingNew()
    {
        Run run;
        const Outcome hybrid = run.with({u"replay"_s, run.file, u"--hybrid"_s});
        QVERIFY2(hybrid.status == 0, hybrid.text());
        QCOMPARE(hybrid.count("branch"), 2);
        QCOMPARE(run.sentSince(), 0);
    }

    void aRunStopsAtABreakpointAndGoesOn()
    {
        Run run;
        const QString file = run.cli.path("stopped.burrow");
        const Outcome stopped = run.cli.run(QStringList(u"ask"_s) + Cli::modelsOf(run.server)
            + QStringList{
                u"--break"_s, u"cell,at=root/turn2"_s, u"--run-file"_s, file, u"What?"_s, run.document});
        QVERIFY2(stopped.status == 130, stopped.text());
        QVERIFY2(stopped.err.contains("Paused before root/turn2/cell1 runs."), stopped.text());
        (void)run.sentSince();
        const Outcome resumed = run.with({u"resume"_s, file});
        QVERIFY2(resumed.status == 0, resumed.text());
        QCOMPARE(resumed.field("answer"), "sub: one and sub: two");
        QCOMPARE(run.sentSince(), 0);
    }

    void whatMakesNoSenseIsAUsageError_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const auto row
            = [](const char* name, const QStringList& arguments) { QTest::newRow(name) << arguments; };
        row("no such node", {u"fork"_s, u"RUN"_s, u"--at"_s, u"root/turn9"_s, u"--resample"_s});
        row("no node", {u"fork"_s, u"RUN"_s, u"--resample"_s});
        row("no change", {u"fork"_s, u"RUN"_s, u"--at"_s, u"root/turn1"_s});
        row("code of a turn", {u"fork"_s, u"RUN"_s, u"--at"_s, u"root/turn1"_s, u"--code"_s, u"DOCUMENT"_s});
        row("too hot", {u"fork"_s, u"RUN"_s, u"--at"_s, u"root/turn1"_s, u"--temperature"_s, u"2.5"_s});
        row("parameters of a cell",
            {u"fork"_s, u"RUN"_s, u"--at"_s, u"root/turn1/cell1"_s, u"--temperature"_s, u"1"_s});
        row("no such branch", {u"replay"_s, u"RUN"_s, u"--branch"_s, u"7"_s});
        row("no such condition",
            {u"ask"_s, u"--model"_s, u"offline"_s, u"--break"_s, u"sometime"_s, u"What?"_s, u"DOCUMENT"_s});
    }
    void whatMakesNoSenseIsAUsageError()
    {
        QFETCH(QStringList, arguments);
        Run run;
        arguments.replaceInStrings(u"RUN"_s, run.file).replaceInStrings(u"DOCUMENT"_s, run.document);
        const Outcome outcome = run.cli.run(arguments);
        QVERIFY2(outcome.status == 2, outcome.text());
        QVERIFY2(outcome.saysOneLine(), outcome.text());
        QCOMPARE(run.sentSince(), 0);
    }
};

QTEST_GUILESS_MAIN(BranchesTest)
#include "tst_branches.moc"
