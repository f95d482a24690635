#include "sandbox_fixture.h"

using namespace burrow;
using namespace burrow::sandbox_test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 mebibyte = qint64(1) << 20;

ReplSpec limitedBy(void (*change)(ReplLimits&))
{
    ReplSpec spec = textSpec();
    change(spec.limits);
    return spec;
}

const QByteArray fillMemory = "blocks = []\n"
                              "for i in range(300):\n"
                              "    blocks.append(bytearray(b'x') * (1 << 20))\n"
                              "import time; time.sleep(20)";

} // namespace

class LimitsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// One byte: see limits_linux.cpp. Which program collects dumps is the whole machine's setting.
    void noProgramThatCollectsDumpsGetsOne()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        QCOMPARE(bench.print("import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"),
            QByteArray("(1, 1)\n"));
    }

    void aLimitThatACellRunsIntoIsNamed_data()
    {
        QTest::addColumn<ReplSpec>("spec");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<CellStatus>("status");
        QTest::addColumn<CellLimit>("limit");
        QTest::addColumn<qint64>("value");
        QTest::newRow("memory at once") << textSpec() << QByteArray("y = bytearray(10 << 30)")
                                        << CellStatus::Raised << CellLimit::Memory << 512 * mebibyte;
        QTest::newRow("memory in steps")
            << textSpec() << QByteArray("y = []\nwhile True: y.append(bytearray(1 << 20))")
            << CellStatus::Raised << CellLimit::Memory << 512 * mebibyte;
        QTest::newRow("scratch that counts as memory")
            << limitedBy([](ReplLimits& limits) {
                   limits.memoryBytes = 256 * mebibyte;
                   limits.scratchBytes = 512 * mebibyte;
               })
            << QByteArray("with open('big', 'wb') as f:\n"
                          "    for i in range(400): f.write(b'x' * (1 << 20))\n"
                          "import time; time.sleep(20)")
            << CellStatus::OutOfMemory << CellLimit::Memory << 256 * mebibyte;
        QTest::newRow("memory of the run")
            << limitedBy([](ReplLimits& limits) { limits.runMemoryBytes = 100 * mebibyte; }) << fillMemory
            << CellStatus::OutOfMemory << CellLimit::RunMemory << 100 * mebibyte;
        QTest::newRow("time") << limitedBy([](ReplLimits& limits) { limits.cellTimeout = 200ms; })
                              << QByteArray("import time; time.sleep(20)") << CellStatus::TimedOut
                              << CellLimit::WallTime << qint64(200);
        QTest::newRow("processor time")
            << limitedBy([](ReplLimits& limits) { limits.cellCpu = 200ms; }) << QByteArray("while True: pass")
            << CellStatus::TimedOut << CellLimit::CpuTime << qint64(200);
        QTest::newRow("processor time of children that nobody waits for")
            << limitedBy([](ReplLimits& limits) {
                   limits.cellCpu = 300ms;
                   limits.cellTimeout = 4s;
               })
            << QByteArray("import os, signal\n"
                          "try: signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
                          "except OSError: pass\n"
                          "while True:\n"
                          "    if os.fork() == 0:\n"
                          "        for i in range(2_000_000): pass\n"
                          "        os._exit(0)\n"
                          "    try: os.wait()\n"
                          "    except ChildProcessError: pass")
            << CellStatus::TimedOut << CellLimit::CpuTime << qint64(300);
        QTest::newRow("memory that is page tables")
            << limitedBy([](ReplLimits& limits) {
                   limits.memoryBytes = 1024 * mebibyte;
                   limits.runMemoryBytes = 256 * mebibyte;
               })
            << QByteArray(
                   "import mmap, os, time\n"
                   "for i in range(150):\n"
                   "    if os.fork() == 0:\n"
                   "        m = mmap.mmap(-1, 900 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)\n"
                   "        for at in range(0, len(m), 1 << 21): m[at]\n"
                   "        time.sleep(60)\n"
                   "time.sleep(20)")
            << CellStatus::OutOfMemory << CellLimit::RunMemory << 256 * mebibyte;
        QTest::newRow("memory that processes share at first")
            << limitedBy([](ReplLimits& limits) { limits.cellTimeout = 15s; })
            << QByteArray("import os, time\n"
                          "x = bytearray(b'x') * (400 << 20)\n"
                          "for i in range(100):\n"
                          "    if os.fork() == 0:\n"
                          "        time.sleep(3)\n"
                          "        for at in range(0, 20 << 20, 4096): x[at] = 1\n"
                          "        time.sleep(60)\n"
                          "time.sleep(60)")
            << CellStatus::OutOfMemory << CellLimit::Memory << 512 * mebibyte;
        QTest::newRow("memory that moves from process to process")
            << limitedBy([](ReplLimits& limits) { limits.cellTimeout = 6s; })
            << QByteArray("import os, time\n"
                          "def hop():\n"
                          "    x = bytearray(b'x') * (200 << 20)\n"
                          "    while os.fork() == 0: pass\n"
                          "    os._exit(0)\n"
                          "for i in range(6):\n"
                          "    if os.fork() == 0: hop()\n"
                          "time.sleep(60)")
            << CellStatus::OutOfMemory << CellLimit::Memory << 512 * mebibyte;
        QTest::newRow("memory of processes whose first threads have ended")
            << textSpec()
            << QByteArray("import ctypes, os, threading, time\n"
                          "def hold():\n"
                          "    time.sleep(1)\n"
                          "    x = bytearray(b'x') * (200 << 20)\n"
                          "    time.sleep(60)\n"
                          "for i in range(5):\n"
                          "    if os.fork() == 0:\n"
                          "        threading.Thread(target=hold).start()\n"
                          "        ctypes.CDLL(None).syscall({'x86_64': 60}.get(os.uname().machine, 93), 0)\n"
                          "time.sleep(20)")
            << CellStatus::OutOfMemory << CellLimit::Memory << 512 * mebibyte;
        QTest::newRow("processor time of a thread while the cell waits")
            << limitedBy([](ReplLimits& limits) { limits.cellCpu = 200ms; })
            << QByteArray("import threading\n"
                          "def burn():\n    while True: pass\n"
                          "threading.Thread(target=burn, daemon=True).start()\n"
                          "llm_query('wait')")
            << CellStatus::TimedOut << CellLimit::CpuTime << qint64(200);
        QTest::newRow("scratch") << limitedBy([](ReplLimits& limits) { limits.scratchBytes = mebibyte; })
                                 << QByteArray("open('big', 'wb').write(b'x' * (1 << 22))")
                                 << CellStatus::Raised << CellLimit::ScratchBytes << mebibyte;
        QTest::newRow("scratch in many files")
            << limitedBy([](ReplLimits& limits) { limits.scratchBytes = mebibyte; })
            << QByteArray("for i in range(64): open(str(i), 'wb').write(b'x' * (1 << 17))")
            << CellStatus::Raised << CellLimit::ScratchBytes << mebibyte;
        QTest::newRow("scratch files") << limitedBy([](ReplLimits& limits) { limits.scratchFiles = 100; })
                                       << QByteArray("for i in range(200): open(str(i), 'w').close()")
                                       << CellStatus::Raised << CellLimit::ScratchFiles << qint64(100);
        QTest::newRow("open files") << limitedBy([](ReplLimits& limits) { limits.openFiles = 50; })
                                    << QByteArray("f = [open('x', 'w') for i in range(100)]")
                                    << CellStatus::Raised << CellLimit::OpenFiles << qint64(50);
        QTest::newRow("threads") << limitedBy([](ReplLimits& limits) { limits.threads = 40; })
                                 << QByteArray("import threading, time\n"
                                               "for i in range(100):\n"
                                               "    threading.Thread(target=time.sleep, args=(0.5,)).start()")
                                 << CellStatus::Raised << CellLimit::Threads << qint64(40);
        QTest::newRow("output") << textSpec() << QByteArray("print('x' * (2 << 20))") << CellStatus::Ok
                                << CellLimit::Output << mebibyte;
    }

    void aLimitThatACellRunsIntoIsNamed()
    {
        QFETCH(const ReplSpec, spec);
        QFETCH(const QByteArray, code);
        QFETCH(const CellStatus, status);
        QFETCH(const CellLimit, limit);
        QFETCH(const qint64, value);
        Bench bench(realGuest(), spec);
        QVERIFY(bench.isReady());
        bench.calls.delay = 20s;
        const CellOutput output = bench.run(code);
        QVERIFY2(output.status == status, output.err.head.constData());
        QCOMPARE(output.limit, std::optional(LimitHit{limit, value}));
        QCOMPARE(output.restarted, status == CellStatus::OutOfMemory);
    }

    // The kernel keeps all of it until the last page is unmapped, and says of no process that it has it.
    void memoryThatNobodyCouldCountIsRefused_data()
    {
        QTest::addColumn<QStringList>("removed");
        QTest::newRow("full") << QStringList();
        QTest::newRow("strong") << QStringList{QStringLiteral("--no-namespaces")};
    }

    void memoryThatNobodyCouldCountIsRefused()
    {
        QFETCH(const QStringList, removed);
        SandboxOptions options = realGuest();
        options.removedProtections = removed;
        Bench bench(options);
        QVERIFY(bench.isReady());
        QCOMPARE(
            bench.print("import mmap\n"
                        "private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS\n"
                        "for flags in private, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS, private | 0x40000:\n"
                        "    try: mmap.mmap(-1, 2 << 20, flags).close(); print('mapped')\n"
                        "    except PermissionError: print('refused')"),
            QByteArray("mapped\nrefused\nrefused\n"));
    }

    void whatIsNoLimitIsNotNamed_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("nothing") << QByteArray("x = 1");
        QTest::newRow("another error") << QByteArray("1 / 0");
        QTest::newRow("another error of the system") << QByteArray("open('/no/such/file')");
        QTest::newRow("caught") << QByteArray("try: bytearray(10 << 30)\nexcept MemoryError: pass");
        QTest::newRow("crash") << QByteArray("import os; os._exit(1)");
    }

    void whatIsNoLimitIsNotNamed()
    {
        QFETCH(const QByteArray, code);
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        QVERIFY(!bench.run(code).limit);
    }

    void sixtyFourThreadsStartWithinTheDefaultMemory()
    {
        ReplSpec spec = textSpec();
        spec.limits = ReplLimits();
        Bench bench(realGuest(), spec);
        QVERIFY(bench.isReady());
        QCOMPARE(bench.print("import threading\n"
                             "gate = threading.Barrier(65)\n"
                             "for i in range(64): threading.Thread(target=gate.wait).start()\n"
                             "gate.wait()\n"
                             "print('all there')"),
            QByteArray("all there\n"));
    }

    // Without namespaces the kernel cannot count the threads of one guest alone.
    void threadsAreCountedAtEveryLevel()
    {
        SandboxOptions options = realGuest();
        options.removedProtections << QStringLiteral("--no-namespaces");
        Bench bench(options, limitedBy([](ReplLimits& limits) { limits.threads = 40; }));
        QVERIFY(bench.isReady());
        const CellOutput output
            = bench.run("import threading, time\n"
                        "for i in range(100): threading.Thread(target=time.sleep, args=(9,)).start()\n"
                        "time.sleep(9)");
        QCOMPARE(output.limit, std::optional(LimitHit{CellLimit::Threads, 40}));
    }

    void theMemoryOfTheRunIsThatOfAllItsGuests()
    {
        SandboxedReplFactory factory(realGuest());
        EchoCalls calls;
        const ReplSpec spec = limitedBy([](ReplLimits& limits) { limits.runMemoryBytes = 400 * mebibyte; });
        std::vector<std::unique_ptr<Repl>> repls;
        for (int i = 0; i < 3; ++i) {
            auto started = QCoro::waitFor(factory.start(spec, &calls, {}));
            QVERIFY(started);
            repls.push_back(std::move(*started));
        }
        const auto hold = [&repls](size_t which, int mebibytes) {
            const QByteArray code = "x = b'x' * (" + QByteArray::number(mebibytes) + " << 20)";
            return QCoro::waitFor(repls[which]->execute(cell(code), {})).value_or(CellOutput()).status;
        };
        QCOMPARE(hold(0, 200), CellStatus::Ok);
        QCOMPARE(hold(2, 20), CellStatus::Ok);
        QTest::qWait(300);
        QVERIFY(repls[0]->isAlive() && repls[1]->isAlive() && repls[2]->isAlive());
        // The last of those that hold more than a third of the limit goes, the small one behind it stays.
        (void)hold(1, 200);
        QTRY_VERIFY(!repls[1]->isAlive());
        QVERIFY(repls[0]->isAlive() && repls[2]->isAlive());
    }

    void theDefaultsAreThoseOfTheDesign()
    {
        const ReplLimits limits;
        QCOMPARE(limits.memoryBytes, qint64(2) << 30);
        QCOMPARE(limits.cellTimeout, 300s);
    }

    void aCellThatStandsStillUsesNoTime()
    {
        Bench bench(realGuest(), limitedBy([](ReplLimits& limits) { limits.cellTimeout = 1500ms; }));
        QVERIFY(bench.isReady());
        const auto all = [](const NodePath&) { return true; };
        const auto none = [](const NodePath&) { return false; };
        auto running = (*bench.started)
                           ->execute(cell("import time\n"
                                          "for i in range(40):\n"
                                          "    llm_query('x'); time.sleep(0.005)\n"
                                          "print('through')"),
                               {});
        QTRY_VERIFY(bench.calls.asked > 0);
        bench.factory.stopCells(none);
        const int before = bench.calls.asked;
        QTRY_VERIFY(bench.calls.asked > before);
        bench.factory.stopCells(all);
        QTest::qWait(20); // what it had sent arrives
        const int asked = bench.calls.asked;
        QTest::qWait(2000);
        QCOMPARE(bench.calls.asked, asked);
        QVERIFY(!running.isReady());
        bench.factory.letCellsGo(all);
        const Result<CellOutput> output = QCoro::waitFor(std::move(running));
        QVERIFY(output);
        QCOMPARE(output->out.head, "through\n");
        QCOMPARE(output->status, CellStatus::Ok);
    }

    void aCellThatStandsStillCanBeStopped()
    {
        Bench bench(realGuest());
        QVERIFY(bench.isReady());
        std::stop_source stop;
        auto running = (*bench.started)->execute(cell("while True: llm_query('x')"), stop.get_token());
        QTRY_VERIFY(bench.calls.asked > 0);
        bench.factory.stopCells([](const NodePath&) { return true; });
        QTest::qWait(20);
        stop.request_stop();
        QCOMPARE(QCoro::waitFor(std::move(running)).error().code, ErrorCode::Cancelled);
        QCOMPARE(bench.print("print('alive')"), "alive\n"); // and it lost nothing
    }
};

QTEST_GUILESS_MAIN(LimitsTest)
#include "tst_limits_linux.moc"
