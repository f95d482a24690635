// What makes runs differ from one time to the next, and a strict replay of each: without a network, and to
// the byte.
#include "cli_fixture.h"
#include "no_sockets_linux.h"

#include <QCryptographicHash>

using namespace burrow::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QByteArray hashOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("There is no %s.", qUtf8Printable(path));
    return QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256);
}

/// Replies to sub-calls late that ask to be slow, and refuses those that ask for that.
ScriptedServer::Handler moody(const QByteArrayList& turns)
{
    return [turns](const ScriptedRequest& request) {
        if (request.model() == "sub" && request.lastMessage().contains("refuse"))
            return errorReply(400, "no");
        ScriptedReply reply = scripted(turns)(request);
        if (request.model() == "sub" && request.lastMessage().contains("slow"))
            reply.latency = 80ms;
        else if (request.model() == "sub" && request.lastMessage().contains("middle"))
            reply.latency = 40ms;
        return reply;
    };
}

const QStringList quiet{u"--json"_s, u"--quiet"_s};

QStringList ask(const Cli& cli, const ScriptedServer& server)
{
    return QStringList(u"ask"_s) + Cli::modelsOf(server) + quiet
        + QStringList{u"--run-file"_s, cli.path("run.burrow"), u"What?"_s, cli.write("a.txt", "text")};
}

/// What opens a socket is ended.
Outcome runWithoutSockets(const Cli& cli, const QStringList& arguments)
{
    QProcess process;
    refuseSockets(process);
    cli.start(process, arguments);
    return Cli::wait(process);
}

/// `code` between cells that keep a variable and read it.
QByteArrayList turnsAround(const QByteArray& code)
{
    return {cell("kept = [1]"), cell(code), cell("print(kept)"), cell("FINAL(str(kept))")};
}

} // namespace

class StrictReplayTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whateverACellDoesItReplays_data()
    {
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char* name, const char* code) { QTest::newRow(name) << QByteArray(code); };
        row("a pool, as completed",
            "from concurrent.futures import ThreadPoolExecutor, as_completed\n"
            "with ThreadPoolExecutor(3) as pool:\n"
            "    asked = {pool.submit(llm_query, q): q for q in ['slow', 'fast', 'middle']}\n"
            "    print([asked[done] for done in as_completed(asked)])");
        row("a pool whose calls are answered at once",
            "from concurrent.futures import ThreadPoolExecutor, as_completed\n"
            "log = []\n"
            "def work(q):\n"
            "    log.append(llm_query(q))\n"
            "    log.append(llm_query(q + ' again'))\n"
            "    return q\n"
            "with ThreadPoolExecutor(8) as pool:\n"
            "    print([f.result() for f in as_completed([pool.submit(work, f'fast {i}') for i in "
            "range(24)])])\n"
            "print(log)");
        row("a question that was asked alone before",
            "from concurrent.futures import ThreadPoolExecutor, as_completed\n"
            "log = [llm_query('fast c')]\n"
            "def work(q): log.append(llm_query(q))\n"
            "with ThreadPoolExecutor(3) as pool: list(pool.map(work, ['slow a', 'middle b', 'fast c']))\n"
            "print(log)");
        row("pools within a pool",
            "from concurrent.futures import ThreadPoolExecutor, as_completed\n"
            "log = []\n"
            "def leaf(q):\n"
            "    log.append(llm_query(q))\n"
            "    return q\n"
            "def branch(q):\n"
            "    first = llm_query(q)\n"
            "    with ThreadPoolExecutor(2) as inner:\n"
            "        return [f.result() for f in as_completed([inner.submit(leaf, q + x) for x in 'xyz'])]\n"
            "with ThreadPoolExecutor(3) as pool: print(list(pool.map(branch, 'abc')))\n"
            "print(log)");
        row("a pool with more work than threads",
            "from concurrent.futures import ThreadPoolExecutor\n"
            "log = []\n"
            "def work(q): log.append(llm_query(q))\n"
            "with ThreadPoolExecutor(2) as pool:\n"
            "    list(pool.map(work, ['slow 1', 'fast 1', 'middle 2', 'fast 2', 'slow 2']))\n"
            "print(log)");
        row("asyncio",
            "import asyncio\n"
            "log = []\n"
            "async def work(q): log.append(await llm_query_async(q))\n"
            "async def main(): await asyncio.gather(*(work(q) for q in ['slow', 'fast', 'middle']))\n"
            "asyncio.run(main())\n"
            "print(log)");
        row("identical calls at once",
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor(4) as pool: print(list(pool.map(llm_query, ['the same'] * 8)))");
        row("clocks", "import time, datetime; print(time.time(), time.monotonic(), datetime.datetime.now())");
        row("chance",
            "import os, random, secrets, uuid\n"
            "print(random.random(), os.urandom(4), secrets.token_hex(4), uuid.uuid4(), uuid.uuid1())");
        row("sets and addresses",
            "class A: pass\n"
            "print({'a', 'b', 'c'}, hash('a'), A(), object(), [id(A()) for _ in range(2)])");
        row("failures",
            "try: llm_query('refuse')\nexcept RuntimeError as e: print(e)\n"
            "print(llm_query_batched(['a', 'refuse', 'b']))");
        row("an exception", "x = 1\nraise ValueError(x)");
        row("the end of its process", "import os\nx = llm_query('q')\nos._exit(3)");
        row("children", "print(rlm_query_batched(['one', 'two']), rlm_query('three', 'its own context'))");
    }
    void whateverACellDoesItReplays()
    {
        QFETCH(QByteArray, code);
        const Cli cli;
        ScriptedServer server(moody(turnsAround(code)));
        const QString run = cli.path("run.burrow");
        const Outcome asked = cli.run(ask(cli, server));
        QVERIFY2(asked.status == 0, asked.text());
        const int sent = server.requestCount();
        const QByteArray before = hashOf(run);
        for (int time = 0; time < 2; ++time) {
            const Outcome replayed = runWithoutSockets(cli, QStringList{u"replay"_s, run} + quiet);
            QVERIFY2(replayed.status == 0, replayed.text());
            QCOMPARE(replayed.field("answer"), asked.field("answer"));
        }
        QCOMPARE(server.requestCount(), sent);
        QCOMPARE(hashOf(run), before);
    }

    void whateverACellDoesItIsServedInAFork_data() { whateverACellDoesItReplays_data(); }
    /// The first cell is changed, so that all that follows runs again.
    void whateverACellDoesItIsServedInAFork()
    {
        QFETCH(QByteArray, code);
        const Cli cli;
        ScriptedServer server(moody(turnsAround(code)));
        const QString run = cli.path("run.burrow");
        const Outcome asked = cli.run(ask(cli, server));
        QVERIFY2(asked.status == 0, asked.text());
        const int sent = server.requestCount();
        const Outcome forked = cli.run(QStringList{u"fork"_s, run, u"--at"_s, u"root/turn1/cell1"_s,
                                           u"--code"_s, cli.write("code.py", "kept = [2]")}
            + quiet);
        QVERIFY2(forked.status == 0, forked.text());
        QCOMPARE(forked.field("answer"), "[2]");
        // The model reads its own edited reply in the second turn, and so on; no sub-call is sent again, but
        // for those that had failed.
        const int failed = int(code.count("'refuse'"));
        QCOMPARE(server.requestCount() - sent, 3 + failed);
        for (int request = sent; request < server.requestCount(); ++request)
            QVERIFY(server.requests()[size_t(request)].model() == "root" || failed > 0);
        const Outcome replayed = runWithoutSockets(cli, QStringList{u"replay"_s, run + u"@2"_s} + quiet);
        QVERIFY2(replayed.status == 0, replayed.text());
        QCOMPARE(replayed.field("answer"), forked.field("answer"));
    }

    /// The control: what asks a server is ended.
    void aRunThatSendsSomethingOpensASocket()
    {
        const Cli cli;
        ScriptedServer server(scripted({cell("FINAL('x')")}));
        QVERIFY(runWithoutSockets(cli, ask(cli, server)).status != 0);
        QCOMPARE(server.requestCount(), 0);
    }
};

QTEST_GUILESS_MAIN(StrictReplayTest)
#include "tst_strict_replay_linux.moc"
