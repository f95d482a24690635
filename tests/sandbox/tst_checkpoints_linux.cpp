#include "host/process_usage.h"
#include "sandbox_fixture.h"

#include <QDir>
#include <QTemporaryFile>

using namespace burrow;
using namespace burrow::sandbox_test;
using namespace std::chrono_literals;

namespace {

class CheckpointBench : public Bench {
public:
    explicit CheckpointBench(ReplSpec spec = textSpec()) : Bench(realGuest(), std::move(spec)) { }

    Result<CheckpointId> tryTake() { return QCoro::waitFor((*started)->checkpoint({})); }

    CheckpointId take()
    {
        const Result<CheckpointId> taken = tryTake();
        if (!taken)
            qWarning("%s", qPrintable(taken.error().message));
        return taken.value_or(CheckpointId{});
    }

    Result<void> tryRestore(CheckpointId id) { return QCoro::waitFor((*started)->restore(id, {})); }

    bool restore(CheckpointId id)
    {
        const Result<void> restored = tryRestore(id);
        if (!restored)
            qWarning("%s", qPrintable(restored.error().message));
        return restored.has_value();
    }

    std::vector<Checkpoint> checkpoints() const { return QCoro::waitFor((*started)->checkpoints({})); }

    Repl& repl() { return **started; }
};

/// All that descend from @p process.
qsizetype descendantsOf(qint64 process)
{
    qsizetype count = 0;
    const QString tasks = QStringLiteral("/proc/%1/task").arg(process);
    for (const QString& task : QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(tasks + u'/' + task + QStringLiteral("/children"));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray& child : file.readAll().simplified().split(' ')) {
            if (!child.isEmpty())
                count += 1 + descendantsOf(child.toLongLong());
        }
    }
    return count;
}

qsizetype openFiles()
{
    return QDir(QStringLiteral("/proc/self/fd"))
        .entryList(QDir::Files | QDir::System | QDir::NoDotAndDotDot)
        .size();
}

std::vector<CheckpointId> idsOf(const Repl& repl)
{
    std::vector<CheckpointId> ids;
    for (const Checkpoint& checkpoint : QCoro::waitFor(repl.checkpoints({})))
        ids.push_back(checkpoint.id);
    return ids;
}

/// Whether next to nothing of a guest has the processor for half a second.
bool standsStill(qint64 pid)
{
    QTest::qWait(50); // the word to stand still goes through two processes
    const auto before = usageOf(pid).cpu;
    QTest::qWait(500);
    return usageOf(pid).cpu - before < 100ms;
}

/// For cells that speak the protocol themselves.
const QByteArray forge = "import json, os\n"
                         "def forge(**header):\n"
                         "    data = json.dumps(header).encode()\n"
                         "    os.write(4, len(data).to_bytes(4, 'little') + bytes(4) + data)\n";

} // namespace

class CheckpointsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRestoredReplIsWhatItWas()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("import random, time\nrandom.seed(7)\nx = [1, 2]\ndef f(): return len(x)");
        const CheckpointId before = bench.take();
        const QByteArray code
            = "x.append(3); y = 5\nprint(f(), random.random(), time.time(), id(x), context)";
        const QByteArray first = bench.print(code);
        QVERIFY(bench.restore(before));
        QCOMPARE(bench.print("print(x, 'y' in globals())"), QByteArray("[1, 2] False\n"));
        QVERIFY(bench.restore(before));
        QCOMPARE(bench.print(code), first);
    }

    void whoHearsOfADeathMayRestoreAtOnce()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("x = 1");
        const CheckpointId before = bench.take();
        for (const char* code : {"import os; os._exit(1)", "import ctypes; ctypes.string_at(1)"}) {
            const auto dieAndRestore = [&]() -> Task<Result<void>> {
                const auto output
                    = co_await bench.repl().execute({NodePath::root().turn(1).cell(1), code}, {});
                if (!output)
                    co_return std::unexpected(output.error());
                co_return co_await bench.repl().restore(before, {});
            };
            const Result<void> restored = QCoro::waitFor(dieAndRestore());
            QVERIFY2(restored, restored ? "" : qPrintable(restored.error().message));
            QCOMPARE(bench.print("print(x)"), QByteArray("1\n"));
        }
    }

    void aGuestThatBreaksTheProtocolWhileItIsCopiedFailsTheCheckpoint()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run(forge
            + "import sys, time\n"
              "sys.addaudithook(lambda event, _: event == 'os.scandir' and (forge(op='done'), "
              "time.sleep(0.5)))");
        const Result<CheckpointId> taken = bench.tryTake();
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::GuestFailed);
        const CellOutput next = bench.run("print(1)");
        QVERIFY(next.restarted);
        QCOMPARE(next.out.head, QByteArray("1\n"));
    }

    void aProcessThatACellForkedLeavesTheReplAlone()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        const CellOutput forked = bench.run("import os\n"
                                            "pid = os.fork()\n"
                                            "print('child' if pid == 0 else 'parent')\n"
                                            "if pid: os.waitpid(pid, 0)");
        QCOMPARE(forked.status, CellStatus::Ok);
        QCOMPARE(forked.out.head, QByteArray("parent\n"));
        QCOMPARE(bench.print("print(pid > 0)"), QByteArray("True\n"));
        const CheckpointId taken = bench.take();
        QVERIFY(bench.restore(taken));
        QCOMPARE(bench.print("print(pid > 0)"), QByteArray("True\n"));
    }

    void nothingRunsBetweenCells_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("a child") << QByteArray("import os\nif os.fork() == 0:\n    while True: pass");
        QTest::newRow("a sibling") << QByteArray(
            "import ctypes\n"
            "if ctypes.CDLL(None).syscall(56, 0x8011, 0, 0, 0, 0) == 0:\n"
            "    while True: pass");
        QTest::newRow("a thread") << QByteArray("import threading\n"
                                                "def burn():\n    while True: pass\n"
                                                "threading.Thread(target=burn, daemon=True).start()");
        QTest::newRow("what forks on and on") << QByteArray("import os\n"
                                                            "if os.fork() == 0:\n"
                                                            "    while True:\n"
                                                            "        if os.fork(): os._exit(0)");
    }

    void nothingRunsBetweenCells()
    {
        QFETCH(const QByteArray, code);
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        QCOMPARE(bench.run(code).status, CellStatus::Ok);
        QVERIFY(standsStill(bench.pid()));
        QCOMPARE(bench.print("print('on')"), QByteArray("on\n"));
        QVERIFY(standsStill(bench.pid()));
        (void)bench.tryTake();
        QVERIFY(standsStill(bench.pid()));
    }

    void aCopyStandsStillWhateverACellMadeOfIt()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("import os, burrow_guest.checkpoints as module\n"
                  "wait = module.sigwait\n"
                  "def burn(signals):\n"
                  "    for i in range(3):\n"
                  "        if os.fork() == 0:\n"
                  "            while True: pass\n"
                  "    return wait(signals)\n"
                  "module.sigwait = burn\nx = 1");
        const CheckpointId id = bench.take();
        QVERIFY(standsStill(bench.pid()));
        for (int i = 0; i < 2; ++i) {
            QVERIFY(bench.restore(id));
            QVERIFY(standsStill(bench.pid()));
            QCOMPARE(bench.print("print(x)"), QByteArray("1\n"));
            QVERIFY(standsStill(bench.pid()));
        }
        bench.repl().drop(id);
        QTRY_COMPARE(descendantsOf(bench.pid()), 1);
    }

    // Else a run would depend on whether its guest was restored.
    void signalsAreTheSameInARestoredGuest()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        const QByteArray code = "import os, signal\n"
                                "signal.signal(signal.SIGUSR2, lambda *_: print('came'))\n"
                                "signal.raise_signal(signal.SIGUSR2)\n"
                                "try: signal.raise_signal(signal.SIGTERM)\n"
                                "except OSError as error: print(error)\n"
                                "print(os.getpgid(os.getpid()) == os.getpgid(0))\n";
        const QByteArray first = bench.print(code);
        QVERIFY2(first.startsWith("came\n") && first.endsWith("True\n"), first.constData());
        const CheckpointId id = bench.take();
        QVERIFY(bench.restore(id));
        QCOMPARE(bench.print(code), first);
        const CellOutput restored = bench.run("import os; os.abort()");
        CheckpointBench another;
        QVERIFY(another.isReady());
        QCOMPARE(restored.err.head, another.run("import os; os.abort()").err.head);
    }

    void theGuestGoesOnAfterACheckpoint()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("x = 1");
        bench.take();
        QCOMPARE(bench.run("y = x + 1; print(llm_query('a'))").out.head, QByteArray("A\n"));
        QCOMPARE(bench.print("print(x, y)"), QByteArray("1 2\n"));
    }

    void anyCheckpointCanBeRestored()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        std::vector<CheckpointId> taken;
        for (int i = 0; i < 4; ++i) {
            bench.run("x = " + QByteArray::number(i));
            taken.push_back(bench.take());
        }
        QCOMPARE(idsOf(bench.repl()), taken);
        for (const int i : {2, 0, 3, 0}) {
            QVERIFY(bench.restore(taken[size_t(i)]));
            QCOMPARE(bench.print("print(x)"), QByteArray::number(i) + '\n');
        }
        // Also one that was taken from a restored guest.
        bench.run("x = 'new'");
        const CheckpointId again = bench.take();
        QVERIFY(bench.restore(taken[1]));
        QVERIFY(bench.restore(again));
        QCOMPARE(bench.print("print(x)"), QByteArray("new\n"));
    }

    void whatTheHostKnowsIsRestored()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("kept = 1");
        const CheckpointId id = bench.take();
        bench.run("later = 2");
        QVERIFY(bench.restore(id));
        const CellOutput output = bench.run("1 / 0");
        QVERIFY2(output.err.head.contains("<cell 2>"), output.err.head.constData());
        QVERIFY(bench.restore(id));
        QCOMPARE(bench.run("import os; os._exit(1)").lostNames, std::vector<QByteArray>{"kept"});
    }

    void aDocumentStaysMapped()
    {
        QTemporaryFile file;
        QVERIFY(file.open() && file.write(QByteArray(4 << 20, 'a')) && file.flush());
        ReplSpec spec = textSpec();
        spec.context.value.reset();
        spec.context.spans = {{file.fileName(), {}, {4 << 20}}};
        spec.context.names = {"document"};
        CheckpointBench bench(spec);
        QVERIFY(bench.isReady());
        const CheckpointId id = bench.take();
        QVERIFY(bench.restore(id));
        QCOMPARE(bench.print("print(context.count('a'))"), QByteArray("4194304\n"));
    }

    void theScratchFolderIsRestored()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("import os\nos.mkdir('d', 0o700)\nopen('d/a', 'w').write('old')\nos.chmod('d/a', 0o400)\n"
                  "os.chdir('d')");
        const CheckpointId id = bench.take();
        bench.run("os.chmod('a', 0o600)\nopen('a', 'w').write('new')\nos.mkdir('e')\nopen('e/b', 'w')\n"
                  "os.chmod('e', 0)");
        QVERIFY(bench.restore(id));
        QCOMPARE(
            bench.print("print(os.listdir('.'), open('a').read(), oct(os.stat('a').st_mode), os.getcwd())"),
            QByteArray("['a'] old 0o100400 /scratch/d\n"));
    }

    void asyncioAndThreadsWorkInARestoredGuest()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        const QByteArray code = "import asyncio, threading\n"
                                "print(await asyncio.gather(*[llm_query_async(f'a{i}') for i in range(3)]))\n"
                                "answers = []\n"
                                "threads = [threading.Thread(target=lambda: answers.append(llm_query('b'))) "
                                "for i in range(3)]\n"
                                "[t.start() for t in threads]; [t.join() for t in threads]; print(answers)";
        const QByteArray expected = "['A0', 'A1', 'A2']\n['B', 'B', 'B']\n";
        bench.calls.delay = 5ms;
        QCOMPARE(bench.print(code), expected);
        const CheckpointId id = bench.take();
        QCOMPARE(bench.print(code), expected);
        QVERIFY(bench.restore(id));
        QCOMPARE(bench.print(code), expected);
        QVERIFY(bench.restore(id));
        QCOMPARE(bench.print(code), expected);
    }

    void aRestoredGuestCanBeInterrupted()
    {
        ReplSpec spec = textSpec();
        spec.limits.cellTimeout = 300ms;
        CheckpointBench bench(spec);
        QVERIFY(bench.isReady());
        bench.run("x = 1");
        const CheckpointId id = bench.take();
        QVERIFY(bench.restore(id));
        const CellOutput output = bench.run("while True: pass");
        QCOMPARE(output.status, CellStatus::TimedOut);
        QVERIFY(!output.restarted);
        QCOMPARE(bench.print("print(x)"), QByteArray("1\n"));
    }

    void aDeadGuestIsRestored_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<CellStatus>("status");
        QTest::newRow("exit") << QByteArray("import os; os._exit(3)") << CellStatus::Crashed;
        QTest::newRow("segmentation fault")
            << QByteArray("import ctypes; ctypes.string_at(0)") << CellStatus::Crashed;
        QTest::newRow("abort") << QByteArray("import os; os.abort()") << CellStatus::Crashed;
        QTest::newRow("no end") << QByteArray("sum(range(10**12))") << CellStatus::TimedOut;
        QTest::newRow("half a frame")
            << QByteArray("import os; os.write(4, b'12345'); os._exit(3)") << CellStatus::Crashed;
        QTest::newRow("broken frames")
            << QByteArray("import os; os.write(4, b'x' * 10000)") << CellStatus::Crashed;
        QTest::newRow("processes left") << QByteArray(
            "import os\nfor i in range(5):\n    if not os.fork():\n        while True: pass\nos._exit(3)")
                                        << CellStatus::Crashed;
    }

    void aDeadGuestIsRestored()
    {
        QFETCH(const QByteArray, code);
        QFETCH(const CellStatus, status);
        ReplSpec spec = textSpec();
        spec.limits.cellTimeout = 500ms;
        CheckpointBench bench(spec);
        QVERIFY(bench.isReady());
        bench.run("x = 1");
        const CheckpointId id = bench.take();
        const qint64 first = bench.pid();
        for (int i = 0; i < 2; ++i) {
            const CellOutput output = bench.run(code);
            QCOMPARE(output.status, status);
            QVERIFY(output.restarted);
            QVERIFY(bench.restore(id));
            QCOMPARE(bench.print("print(x, llm_query('a'))"), QByteArray("1 A\n"));
            QTRY_COMPARE(descendantsOf(first), 2);
        }
    }

    void whatIsNotRestoredStartsAnew()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("x = 1");
        const CheckpointId id = bench.take();
        bench.run("import os; os._exit(3)");
        QCOMPARE(bench.print("print('x' in globals())"), QByteArray("False\n"));
        QVERIFY(bench.checkpoints().empty());
        QCOMPARE(bench.tryRestore(id).error().code, ErrorCode::CheckpointUnavailable);
        QCOMPARE(bench.print("print(1)"), QByteArray("1\n"));
    }

    void whatCannotBeCopiedWholeIsNotCopied_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QString>("word");
        QTest::newRow("thread") << QByteArray(
            "import threading\nthreading.Thread(target=threading.Event().wait, "
            "daemon=True).start()")
                                << QStringLiteral("thread");
        QTest::newRow("file") << QByteArray("f = open('a', 'w')") << QStringLiteral("file");
        QTest::newRow("pipe") << QByteArray("import os; p = os.pipe()") << QStringLiteral("file");
        QTest::newRow("shared memory") << QByteArray(
            "import ctypes, os\n"
            "f = os.open('a', os.O_CREAT | os.O_RDWR)\n"
            "os.truncate('a', 4096)\n"
            "libc = ctypes.CDLL(None)\n"
            "libc.mmap.restype = ctypes.c_void_p\n"
            "assert libc.mmap(None, ctypes.c_size_t(4096), 3, 1, f, ctypes.c_long(0)) != 2**64 - 1\n"
            "os.close(f)") << QStringLiteral("memory");
        QTest::newRow("scratch") << QByteArray("import os; open('a', 'w').close(); os.chmod('a', 0)")
                                 << QStringLiteral("scratch");
    }

    void whatCannotBeCopiedWholeIsNotCopied()
    {
        QFETCH(const QByteArray, code);
        QFETCH(const QString, word);
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run(code);
        const Result<CheckpointId> taken = bench.tryTake();
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::CheckpointUnavailable);
        QVERIFY2(taken.error().message.contains(word), qPrintable(taken.error().message));
        QCOMPARE(bench.print("print(1)"), QByteArray("1\n"));
        QVERIFY(bench.checkpoints().empty());
    }

    void belowLevelFullThereAreNone()
    {
        SandboxOptions options = realGuest();
        options.removedProtections << QStringLiteral("--no-namespaces");
        Bench bench(options);
        QVERIFY(bench.isReady());
        const auto taken = QCoro::waitFor((*bench.started)->checkpoint({}));
        QCOMPARE(taken.error().code, ErrorCode::CheckpointUnavailable);
        QVERIFY(taken.error().message.contains(QStringLiteral("strong")));
        QCOMPARE(bench.print("import os\ntry: os.fork()\nexcept PermissionError: print('refused')"),
            QByteArray("refused\n"));
    }

    void theMemoryOfACheckpointIsToldAndFreed()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("x = bytearray(b'a') * (64 << 20)");
        const CheckpointId id = bench.take();
        const qint64 shared = bench.checkpoints().front().bytes;
        QVERIFY2(shared < 48 << 20, QByteArray::number(shared).constData());
        bench.run("x[:] = b'b' * len(x)");
        const qint64 own = bench.checkpoints().front().bytes;
        QVERIFY2(own > 60 << 20, QByteArray::number(own).constData());
        bench.repl().drop(id);
        QVERIFY(bench.checkpoints().empty());
        QTRY_COMPARE(descendantsOf(bench.pid()), 1);
        QCOMPARE(bench.tryRestore(id).error().code, ErrorCode::CheckpointUnavailable);
        QCOMPARE(bench.print("print(len(x))"), QByteArray("67108864\n"));
    }

    void aThousandCheckpointsLeaveNothingBehind()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("x = 1");
        bench.repl().drop(bench.take());
        const qsizetype before = openFiles();
        for (int i = 0; i < 1000; ++i) {
            const Result<CheckpointId> taken = bench.tryTake();
            QVERIFY2(taken, qPrintable(taken.error().message));
            bench.repl().drop(*taken);
        }
        QTRY_COMPARE(descendantsOf(bench.pid()), 1);
        constexpr qsizetype threads = 2; // of the watch, which start when they are needed: a file each
        QVERIFY(openFiles() <= before + threads);
        QCOMPARE(bench.print("import os\nprint(x, os.open('/dev/null', os.O_RDONLY))"), QByteArray("1 5\n"));
    }

    void theEndOfAReplEndsItsCopies()
    {
        qint64 first = 0;
        {
            CheckpointBench bench;
            QVERIFY(bench.isReady());
            for (int i = 0; i < 5; ++i)
                bench.take();
            first = bench.pid();
            QTRY_COMPARE(descendantsOf(first), 6);
        }
        QTRY_VERIFY(!QFile::exists(QStringLiteral("/proc/%1/stat").arg(first)));
    }

    void aStopIsFelt()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        const CheckpointId id = bench.take();
        std::stop_source stopped;
        stopped.request_stop();
        QCOMPARE(
            QCoro::waitFor(bench.repl().checkpoint(stopped.get_token())).error().code, ErrorCode::Cancelled);
        // The copy that nobody waits for any more can tell of itself only while a cell runs.
        QTRY_VERIFY(bench.print("print(1)") == "1\n" && descendantsOf(bench.pid()) == 2);
        QCOMPARE(
            QCoro::waitFor(bench.repl().restore(id, stopped.get_token())).error().code, ErrorCode::Cancelled);
        QCOMPARE(bench.print("print(2)"), QByteArray("2\n"));
        QVERIFY(bench.checkpoints().empty());
    }

    void aCellThatForksIsContained()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        const CheckpointId id = bench.take();
        QCOMPARE(bench.print("import os\npid = os.fork()\n"
                             "if not pid: os._exit(7)\n"
                             "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) if pid else '')"),
            QByteArray("7\n"));
        const CellOutput output = bench.run("children = 0\n"
                                            "try:\n"
                                            "    while os.fork(): children += 1\n"
                                            "    while True: os.sched_yield()\n"
                                            "except BlockingIOError: print(children < 512)");
        QCOMPARE(output.out.head, QByteArray("True\n"));
        QVERIFY(bench.restore(id));
        QTRY_COMPARE(descendantsOf(bench.pid()), 2);
    }

    void whatACellForksCountsTowardItsMemory()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("import os, time\nx = bytearray(200 << 20)");
        QCOMPARE(
            bench.run("for i in range(3): os.fork() or time.sleep(60)\nprint(1)").status, CellStatus::Ok);
        const CellOutput output = bench.run("for i in range(4):\n"
                                            "    if not os.fork():\n"
                                            "        for at in range(0, len(x), 4096): x[at] = 1\n"
                                            "        time.sleep(60)\n"
                                            "time.sleep(60)");
        QCOMPARE(output.status, CellStatus::OutOfMemory);
    }

    void checkpointsThatHoldTooMuchGoBeforeTheirGuest_data()
    {
        QTest::addColumn<ReplSpec>("spec");
        ReplSpec spec = textSpec();
        spec.limits.runMemoryBytes = qint64(300) << 20;
        QTest::newRow("run") << spec;
        spec = textSpec();
        spec.limits.memoryBytes = qint64(300) << 20;
        QTest::newRow("guest") << spec;
    }
    void checkpointsThatHoldTooMuchGoBeforeTheirGuest()
    {
        QFETCH(const ReplSpec, spec);
        CheckpointBench bench(spec);
        QVERIFY(bench.isReady());
        std::vector<CheckpointId> taken;
        for (int i = 0; i < 6; ++i) {
            QCOMPARE(bench.run("x = b'" + QByteArray::number(i) + "' * (64 << 20)").status, CellStatus::Ok);
            taken.push_back(bench.take());
        }
        QTRY_VERIFY(!std::ranges::contains(idsOf(bench.repl()), taken.front()));
        QVERIFY(std::ranges::contains(idsOf(bench.repl()), taken.back()));
        const CellOutput output = bench.run("x[0]");
        QVERIFY(!output.restarted);
        QCOMPARE(output.value.head, QByteArray("53"));
        QVERIFY(bench.restore(taken.back()));
    }

    void aGuestThatHoldsTooMuchItselfLeavesItsCheckpoints()
    {
        ReplSpec spec = textSpec();
        spec.limits.runMemoryBytes = qint64(200) << 20;
        CheckpointBench bench(spec);
        QVERIFY(bench.isReady());
        bench.run("x = 1");
        const CheckpointId id = bench.take();
        QCOMPARE(
            bench.run("y = b'y' * (300 << 20)\nimport time; time.sleep(20)").status, CellStatus::OutOfMemory);
        QVERIFY(bench.restore(id));
        QCOMPARE(bench.print("print(x)"), QByteArray("1\n"));
    }

    void aCellCannotReachACopy()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("x = 1");
        const CheckpointId id = bench.take();
        QCOMPARE(bench.print("import ctypes, os\n"
                             "libc = ctypes.CDLL(None, use_errno=True)\n"
                             "worked = []\n"
                             "for pid in range(1, 20):\n"
                             "    if pid == os.getpid(): continue\n"
                             "    for sig in (9, 10, 19):\n"
                             "        for call in ((234, pid, pid, sig), (62, pid, sig), (200, pid, sig),\n"
                             "                     (129, pid, sig, None), (101, 16, pid, 0, 0),\n"
                             "                     (434, pid, 0), (310, pid, None, 0, None, 0, 0),\n"
                             "                     (109, pid, 0)):\n"
                             "            if libc.syscall(*call) >= 0: worked.append((pid, call))\n"
                             "for target in (0, -1, -2, -os.getpgrp()):\n"
                             "    if libc.syscall(62, target, 9) >= 0: worked.append(target)\n"
                             "print(worked)"),
            QByteArray("[]\n"));
        QVERIFY(bench.restore(id));
        QCOMPARE(bench.print("print(x)"), QByteArray("1\n"));
    }

    void forgedFramesEndTheGuestAlone_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("kept") << QByteArray("forge(op='kept', id=9, pid=5)");
        QTest::newRow("kept again") << QByteArray("forge(op='kept', id=1, pid=5)");
        QTest::newRow("restored") << QByteArray("forge(op='restored', id=1, pid=5)");
        QTest::newRow("no process id") << QByteArray("forge(op='kept', id=1, pid=1 << 40)");
        QTest::newRow("no number") << QByteArray("forge(op='kept', id=1, pid=-5)");
    }

    void forgedFramesEndTheGuestAlone()
    {
        QFETCH(const QByteArray, code);
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("x = 1");
        const CheckpointId id = bench.take();
        const CellOutput output = bench.run(forge + code + "\nwhile True: pass");
        QCOMPARE(output.status, CellStatus::Crashed);
        QVERIFY2(output.err.head.contains("protocol"), output.err.head.constData());
        QVERIFY(bench.restore(id));
        QCOMPARE(bench.print("print(x)"), QByteArray("1\n"));
    }

    void aGuestThatLiesAboutItsCopyHarmsItselfAlone_data()
    {
        QTest::addColumn<QByteArray>("pid");
        QTest::newRow("the first process") << QByteArray("1");
        QTest::newRow("itself") << QByteArray("os.getpid()");
        QTest::newRow("nobody") << QByteArray("4000");
    }

    void aGuestThatLiesAboutItsCopyHarmsItselfAlone()
    {
        QFETCH(const QByteArray, pid);
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("import burrow_guest.checkpoints, os\nx = 1\n"
                  "def lie(self, number):\n"
                  "    self._channel.send({'op': 'kept', 'id': number, 'pid': "
            + pid
            + ", 'why': None})\n"
              "Checkpoints = burrow_guest.checkpoints.Checkpoints\n"
              "honest, Checkpoints.take = Checkpoints.take, lie");
        const Result<CheckpointId> taken = bench.tryTake();
        QCOMPARE(bench.print("print(x); Checkpoints.take = honest"), QByteArray("1\n"));
        QTRY_VERIFY(bench.checkpoints().empty());
        QCOMPARE(bench.tryRestore(*taken).error().code, ErrorCode::CheckpointUnavailable);
        QVERIFY(bench.restore(bench.take()));
        QCOMPARE(bench.print("print(x)"), QByteArray("1\n"));
    }

    void aCopyThatIsNotFrozenIsEndedWithItsGuest()
    {
        CheckpointBench bench;
        QVERIFY(bench.isReady());
        bench.run("import os, burrow_guest.checkpoints as module\n"
                  "module.sigwait = lambda signals: [os.write(4, b'x' * 4096) for i in iter(int, 1)]");
        const qint64 first = bench.pid();
        const Result<CheckpointId> taken = bench.tryTake();
        if (taken)
            QVERIFY(!bench.tryRestore(*taken));
        QCOMPARE(bench.print("print(1)"), QByteArray("1\n"));
        QTRY_VERIFY(!QFile::exists(QStringLiteral("/proc/%1/stat").arg(first)));
    }
};

QTEST_GUILESS_MAIN(CheckpointsTest)
#include "tst_checkpoints_linux.moc"
