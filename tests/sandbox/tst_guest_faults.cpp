#include "sandbox_fixture.h"

#include <csignal>

using namespace burrow;
using namespace burrow::sandbox_test;
using namespace std::chrono_literals;

namespace {

ReplSpec limitedTo(std::chrono::milliseconds cellTimeout)
{
    ReplSpec spec = textSpec();
    spec.limits.cellTimeout = cellTimeout;
    return spec;
}

pid_t parentOf(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = file.readAll();
    return pid_t(text.sliced(text.lastIndexOf(')') + 2).split(' ').value(1).toInt());
}

bool isGone(qint64 pid)
{
    return ::kill(pid_t(pid), 0) != 0;
}

} // namespace

/// Guests that are stopped, flood the host, say nothing or half of it: every cell ends, with the right
/// status, and the REPL goes on.
class GuestFaultsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aGuestThatIsStoppedEndsAtTheTimeLimit_data()
    {
        QTest::addColumn<QString>("removed");
        QTest::addColumn<QByteArray>("code");
        for (const char* removed : {"", "--no-namespaces"}) {
            const QString level = QString::fromLatin1(removed);
            const char* const name = *removed ? "strong" : "full";
            QTest::addRow("kill, %s", name) << level
                                            << QByteArray("import os\n"
                                                          "try: os.kill(os.getpid(), 19)\n"
                                                          "except OSError: pass\n"
                                                          "while True: pass");
            QTest::addRow("tgkill, %s", name)
                << level
                << QByteArray("import signal, threading\n"
                              "try: signal.pthread_kill(threading.get_ident(), 19)\n"
                              "except OSError: pass\nwhile True: pass");
            QTest::addRow("from outside, %s", name)
                << level << QByteArray("print(llm_query('stop'))\nwhile True: pass");
        }
    }

    void aGuestThatIsStoppedEndsAtTheTimeLimit()
    {
        QFETCH(const QString, removed);
        QFETCH(const QByteArray, code);
        SandboxOptions options = realGuest();
        if (!removed.isEmpty())
            options.removedProtections << removed;
        Bench bench(options, limitedTo(300ms));
        QVERIFY(bench.isReady());
        bench.calls.delay = 100ms;
        const qint64 guest = bench.pid();
        if (code.contains("llm_query"))
            QTimer::singleShot(50ms, this, [guest] { ::kill(pid_t(guest), SIGSTOP); });
        QCOMPARE(bench.run(code).status, CellStatus::TimedOut);
        QVERIFY(bench.pid() == guest || QTest::qWaitFor([guest] { return isGone(guest); }));
        QCOMPARE(bench.print("print('on')"), QByteArray("on\n"));
    }

    // Nobody is left then who could pass an interrupt or a kill on.
    void aWaiterThatIsStoppedIsEndedWithItsGuest()
    {
        Bench bench(realGuest(), limitedTo(200ms));
        QVERIFY(bench.isReady());
        const qint64 guest = bench.pid();
        const pid_t waiter = parentOf(guest);
        QVERIFY(waiter > 1);
        ::kill(waiter, SIGSTOP);
        const CellOutput output = bench.run("while True: pass");
        QCOMPARE(output.status, CellStatus::TimedOut);
        QVERIFY(output.restarted);
        QTRY_VERIFY(isGone(waiter) && isGone(guest));
    }

    void aWaiterThatIsKilledTakesItsGuestWithIt()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        const qint64 guest = bench.pid();
        QTimer::singleShot(50ms, this, [guest] { ::kill(parentOf(guest), SIGKILL); });
        QCOMPARE(bench.run("while True: pass").status, CellStatus::Killed);
        QTRY_VERIFY(isGone(guest));
    }

    void aGuestThatGoesOnAndOnEndsAtTheTimeLimit_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("silent") << QByteArray("import time; time.sleep(1000)");
        QTest::newRow("half a length") << QByteArray("import time; raw(b'\\x10\\0'); time.sleep(1000)");
        QTest::newRow("half a header") << QByteArray(
            "import time; raw(frame({'op': 'out', 'stream': 'out'}, b'x')[:20]); time.sleep(1000)");
        QTest::newRow("half a part") << QByteArray(
            "import time\n"
            "raw(frame({'op': 'out', 'stream': 'out'}, b'x' * 60000)[:30000]); time.sleep(1000)");
        QTest::newRow("a part of which 200 MB never come") << QByteArray(
            "import time\n"
            "query = b'{\"op\":\"query\",\"id\":1,\"kind\":\"llm\",\"batched\":true,\"model\":null}'\n"
            "raw(struct.pack('<II', len(query), 1) + query + struct.pack('<Q', 200 << 20))\n"
            "time.sleep(1000)");
        QTest::newRow("large output") << QByteArray(
            "piece = frame({'op': 'out', 'stream': 'out'}, b'x' * 65536)\nwhile True: raw(piece)");
        QTest::newRow("output of one character each") << QByteArray(
            "pieces = frame({'op': 'out', 'stream': 'err'}, b'x') * 1000\nwhile True: raw(pieces)");
        QTest::newRow("empty output") << QByteArray(
            "pieces = frame({'op': 'out', 'stream': 'out'}, b'') * 1000\nwhile True: raw(pieces)");
        QTest::newRow("unknown operations")
            << QByteArray("pieces = frame({'op': 'dance'}) * 1000\nwhile True: raw(pieces)");
        QTest::newRow("queries whose answers it does not read") << QByteArray(
            "for i in range(1 << 60):\n"
            "    send({'op': 'query', 'id': i, 'kind': 'llm', 'batched': False, 'model': None}, b'x')");
    }

    void aGuestThatGoesOnAndOnEndsAtTheTimeLimit()
    {
        QFETCH(const QByteArray, code);
        Bench bench(driver("frames"), limitedTo(200ms));
        QVERIFY(bench.isReady());
        const CellOutput output = bench.run(code);
        QCOMPARE(output.status, CellStatus::TimedOut);
        QVERIFY(output.restarted);
        QCOMPARE(bench.run("done(cell['id'])").status, CellStatus::Ok);
    }

    // Each answer comes at once, so the clock is stopped and started again many thousand times a second.
    void aCellThatAsksWithoutEndIsTimedOut()
    {
        Bench bench(realGuest(), limitedTo(200ms));
        QVERIFY(bench.isReady());
        const CellOutput output = bench.run("while True: llm_query('x')");
        QCOMPARE(output.status, CellStatus::TimedOut);
        QVERIFY(!output.restarted);
    }

    void aGuestThatWritesOnAfterItsCellIsHeldUp_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::newRow("output") << QByteArray("{'op': 'out', 'stream': 'out'}");
        QTest::newRow("queries") << QByteArray(
            "{'op': 'query', 'id': 1, 'kind': 'llm', 'batched': False, 'model': None}");
        QTest::newRow("unknown operations") << QByteArray("{'op': 'dance'}");
    }

    void aGuestThatWritesOnAfterItsCellIsHeldUp()
    {
        QFETCH(const QByteArray, header);
        Bench bench(driver("frames"), limitedTo(300ms));
        QVERIFY(bench.isReady());
        QCOMPARE(
            bench.run("done(cell['id'])\nwhile True: send(" + header + ", b'x')").status, CellStatus::Ok);
        QTest::qWait(300);
        QCOMPARE(bench.calls.asked, 0);
        // What it goes on with is the next cell's.
        QVERIFY(bench.run("done(cell['id'])").restarted);
        QCOMPARE(bench.run("done(cell['id'])").status, CellStatus::Ok);
    }

    // Each item of a batch costs the host something, however short its text is.
    void batchesOfManyEmptyPromptsWaitForTheirAnswers()
    {
        Bench bench(driver("frames"));
        QVERIFY(bench.isReady());
        bench.calls.delay = 1h;
        std::stop_source stop;
        const auto running = (*bench.started)
                                 ->execute(cell(R"(
for i in range(100):
    send({'op': 'query', 'id': i, 'kind': 'llm', 'batched': True, 'model': None}, *[b''] * 100_000))"),
                                     stop.get_token());
        QTRY_VERIFY(bench.calls.asked >= 5);
        QTest::qWait(100);
        QVERIFY2(bench.calls.asked <= 7, qPrintable(QString::number(bench.calls.asked)));
        stop.request_stop();
        QTRY_VERIFY(running.isReady());
    }

    void aPromptOfAHundredMegabytesCrosses()
    {
        ReplSpec spec = textSpec();
        spec.limits.memoryBytes = qint64(2) << 30;
        Bench bench(realGuest(), spec);
        QVERIFY(bench.isReady());
        QCOMPARE(bench.print("r = llm_query('x' * 100_000_000)\nprint(len(r), r[:3])"),
            QByteArray("100000000 XXX\n"));
    }
};

QTEST_GUILESS_MAIN(GuestFaultsTest)
#include "tst_guest_faults.moc"
