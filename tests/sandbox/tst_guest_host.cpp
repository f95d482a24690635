#include "sandbox_fixture.h"

#include <QTemporaryFile>

using namespace burrow;
using namespace burrow::sandbox_test;
using namespace std::chrono_literals;

/// The host against guests that play their part badly (drivers/frames), and well.
class GuestHostTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aCellRunsAndItsOutputComesBack()
    {
        Bench bench(driver("frames"));
        QVERIFY(bench.isReady());
        const CellOutput output
            = bench.run("send({'op': 'out', 'stream': 'out'}, b'hello')\n"
                        "send({'op': 'out', 'stream': 'err'}, b'trouble')\n"
                        "done(cell['id'], variables=[['x', 'int', None]], value=b'3', out=b'end',"
                        " dropped=9)");
        QCOMPARE(output.status, CellStatus::Ok);
        QCOMPARE(output.out, (CapturedText{"hello", "end", 9}));
        QCOMPARE(output.err.head, QByteArray("trouble"));
        QCOMPARE(output.value.head, QByteArray("3"));
        QCOMPARE(output.variables, (std::vector<Variable>{{"x", "int", -1}}));
        QVERIFY(!output.restarted);
    }

    void aGuestThatBreaksTheProtocolHasCrashed_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("length 0xFFFFFFFF") << QByteArray(R"(raw(b'\xff' * 8))");
        QTest::newRow("no JSON") << QByteArray("send(b'{')");
        QTest::newRow("deep JSON") << QByteArray("send(b'{\"op\":' + b'[' * 1000000)");
        QTest::newRow("bad UTF-8") << QByteArray(R"(send(b'{"op":"\xff"}'))");
        QTest::newRow("wrong id") << QByteArray("done(cell['id'] + 1)");
        QTest::newRow("an old id") << QByteArray("done(0)");
        QTest::newRow("ready twice") << QByteArray(
            "send({'op': 'ready', 'v': 1, 'python': '3', 'zero_copy': False})");
        QTest::newRow("one query id twice")
            << QByteArray("q = {'op': 'query', 'id': 1, 'kind': 'llm', 'batched': False, 'model': None}\n"
                          "send(q, b'a'); send(q, b'b')");
        QTest::newRow("a document that is not there")
            << QByteArray("send({'op': 'query', 'id': 1, 'kind': 'rlm', 'batched': False, 'model': None,"
                          " 'contexts': [{'document': 0}]}, b'a')");
        QTest::newRow("output over the bound")
            << QByteArray("send({'op': 'out', 'stream': 'out'}, b'x' * 65537)");
    }

    void aGuestThatBreaksTheProtocolHasCrashed()
    {
        QFETCH(const QByteArray, code);
        Bench bench(driver("frames"));
        QVERIFY(bench.isReady());
        bench.calls.delay = 1h;
        bench.run("done(cell['id'], variables=[['lost', 'int', None]])");
        const CellOutput output = bench.run(code);
        QCOMPARE(output.status, CellStatus::Crashed);
        QVERIFY(output.restarted);
        QCOMPARE(output.lostNames, std::vector<QByteArray>{"lost"});
        const CellOutput next = bench.run("done(cell['id'])");
        QCOMPARE(next.status, CellStatus::Ok);
        QVERIFY(!next.restarted);
    }

    void unknownOperationsAreIgnored()
    {
        Bench bench(driver("frames"));
        QVERIFY(bench.isReady());
        QCOMPARE(
            bench.run("send({'op': 'dance'}); send({'op': 'sing'}, b'la', b'la'); done(cell['id'])").status,
            CellStatus::Ok);
    }

    void aSilentGuestIsAnErrorAtTheStart()
    {
        SandboxOptions options = driver("silent");
        options.startTimeout = 300ms;
        const Bench bench(options);
        QVERIFY(!bench.started);
        QCOMPARE(bench.started.error().code, ErrorCode::GuestFailed);
    }

    void aStartCanBeStopped()
    {
        SandboxedReplFactory factory(driver("silent"));
        EchoCalls calls;
        std::stop_source stop;
        QTimer::singleShot(100ms, this, [&stop] { stop.request_stop(); });
        const auto started = QCoro::waitFor(factory.start(textSpec(), &calls, stop.get_token()));
        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::Cancelled);
    }

    void aGuestThatDoesNotStartSaysWhy()
    {
        const Bench bench(driver("dying"));
        QVERIFY(!bench.started);
        QCOMPARE(bench.started.error().code, ErrorCode::GuestFailed);
        QVERIFY(bench.started.error().message.contains(QStringLiteral("this Python is broken")));
    }

    void aGuestThatSpeaksTooEarlyIsAnErrorAtTheStart()
    {
        const Bench bench(driver("early"));
        QVERIFY(!bench.started);
        QCOMPARE(bench.started.error().code, ErrorCode::GuestFailed);
    }

    void aMissingLauncherIsNamed()
    {
        SandboxOptions options = realGuest();
        options.launcher = QStringLiteral("/no/such/launcher");
        const Bench bench(options);
        QVERIFY(!bench.started);
        QCOMPARE(bench.started.error().code, ErrorCode::SandboxUnavailable);
    }

    void aMissingDocumentIsNamed()
    {
        ReplSpec spec = textSpec();
        spec.context.value.reset();
        spec.context.spans.push_back({QStringLiteral("/no/such/document"), {}, {1}});
        const Bench bench(realGuest(), spec);
        QVERIFY(!bench.started);
        QCOMPARE(bench.started.error().code, ErrorCode::NotFound);
        QVERIFY(bench.started.error().message.contains(QStringLiteral("/no/such/document")));
    }

    void queriesAreAnswered()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        QCOMPARE(bench.print("print(llm_query('hello'), llm_query_batched(['a', 'b', 'c']))"),
            QByteArray("HELLO ['A', 'B', 'C']\n"));
        QCOMPARE(bench.calls.asked, 2);
    }

    void queriesOverlap()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        bench.calls.delay = 200ms;
        QElapsedTimer timer;
        timer.start();
        const QByteArray printed
            = bench.print("from concurrent.futures import ThreadPoolExecutor\n"
                          "with ThreadPoolExecutor(20) as pool:\n"
                          "    print(list(pool.map(llm_query, 'abcdefghijklmnopqrst')))");
        QVERIFY2(printed.contains("'A', 'B', 'C'"), printed.constData());
        QVERIFY(timer.elapsed() < 2000);
        QCOMPARE(bench.calls.asked, 20);
    }

    void aHundredMegabytesOfPromptsCross()
    {
        Bench bench(realGuest(), [] {
            ReplSpec spec = textSpec();
            spec.limits.memoryBytes = qint64(2) << 30;
            return spec;
        }());
        QVERIFY(bench.isReady());
        QCOMPARE(
            bench.print(
                "r = llm_query_batched(['x' * 500_000] * 200)\nprint(len(r), set(map(len, r)), r[7][:3])"),
            QByteArray("200 {500000} XXX\n"));
    }

    void aQueryAfterItsCellIsRefused()
    {
        Bench bench(driver("frames"));
        QVERIFY(bench.isReady());
        bench.run("query = {'op': 'query', 'id': 5, 'kind': 'llm', 'batched': False, 'model': None}\n"
                  "raw(done_frame(cell['id']) + frame(query, b'x'))\n"
                  "late = receive()");
        QCOMPARE(bench.print("send({'op': 'out', 'stream': 'out'}, (late[0]['op'] + ' ' + "
                             "late[0]['exception']).encode())\n"
                             "done(cell['id'])"),
            QByteArray("refused RuntimeError"));
        QCOMPARE(bench.calls.asked, 0);
    }

    void openQueriesAreStoppedWhenTheCellEnds()
    {
        Bench bench(driver("frames"));
        QVERIFY(bench.isReady());
        bench.calls.delay = 1h;
        bench.run("send({'op': 'query', 'id': 5, 'kind': 'llm', 'batched': False, 'model': None}, b'x')\n"
                  "done(cell['id'])\nlate = receive()");
        QCOMPARE(bench.calls.stopped, 1);
        QVERIFY(bench.print("send({'op': 'out', 'stream': 'out'}, late[0]['op'].encode())\ndone(cell['id'])")
                .contains("refused"));
    }

    void aMillionQueriesDoNotSwampTheHost()
    {
        Bench bench(driver("frames"));
        QVERIFY(bench.isReady());
        bench.calls.delay = 1h;
        std::stop_source stop;
        const auto running = (*bench.started)
                                 ->execute(cell(R"(
for i in range(1_000_000):
    send({'op': 'query', 'id': i, 'kind': 'llm', 'batched': False, 'model': None}, b'x'))"),
                                     stop.get_token());
        QTRY_VERIFY(bench.calls.asked >= 4096);
        QTest::qWait(100);
        QCOMPARE(bench.calls.asked, 4096);
        stop.request_stop();
        QTRY_VERIFY(running.isReady());
    }

    void aGuestThatDoesNotReadDoesNotBlockTheHost()
    {
        Bench bench(driver("frames"));
        QVERIFY(bench.isReady());
        std::stop_source stop;
        const auto running = (*bench.started)
                                 ->execute(cell(R"(
import time
send({'op': 'query', 'id': 1, 'kind': 'llm', 'batched': True, 'model': None}, *[b'x' * 1000000] * 50)
time.sleep(1000))"),
                                     stop.get_token());
        QTRY_COMPARE(bench.calls.asked, 1);
        QElapsedTimer timer;
        timer.start();
        stop.request_stop();
        QTRY_VERIFY_WITH_TIMEOUT(running.isReady(), 1000);
        QVERIFY(timer.elapsed() < 200);
    }

    void documentsAreHandedOver()
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        file.write("The first document.");
        file.close();
        ReplSpec spec = textSpec();
        spec.context.value.reset();
        spec.context.isList = true;
        spec.context.spans = {{file.fileName(), {0}, {9}}, {file.fileName(), {10}, {9}}};
        spec.context.names = {"one", "two"};
        Bench bench(realGuest(), spec);
        QVERIFY(bench.isReady());
        QCOMPARE(bench.print("print(context, documents)"),
            QByteArray("['The first', 'document.'] [('one', 9), ('two', 9)]\n"));
    }
};

QTEST_GUILESS_MAIN(GuestHostTest)
#include "tst_guest_host.moc"
