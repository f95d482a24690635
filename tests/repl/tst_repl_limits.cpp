#include "repl/repl_limits.h"

#include <QTest>

using namespace burrow;
using namespace std::chrono_literals;

class ReplLimitsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aLimitIsToldAsItWasSet_data()
    {
        QTest::addColumn<CellLimit>("limit");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("time") << CellLimit::WallTime << QByteArray("The cell ran longer than 90 seconds.");
        QTest::newRow("processor") << CellLimit::CpuTime
                                   << QByteArray("The cell used more than 1.5 seconds of processor time.");
        QTest::newRow("memory") << CellLimit::Memory
                                << QByteArray("The cell used more than 2 GiB of memory.");
        QTest::newRow("memory of the run")
            << CellLimit::RunMemory
            << QByteArray("All REPLs of this run together used more than 1,536 MiB of memory.");
        QTest::newRow("scratch") << CellLimit::ScratchBytes
                                 << QByteArray("The cell used more than 1,000 bytes of scratch files.");
        QTest::newRow("scratch files")
            << CellLimit::ScratchFiles << QByteArray("The cell used more than 16,384 scratch files.");
        QTest::newRow("open files") << CellLimit::OpenFiles
                                    << QByteArray("The cell used more than 256 open files.");
        QTest::newRow("threads") << CellLimit::Threads << QByteArray("The cell used more than 512 threads.");
        QTest::newRow("output") << CellLimit::Output
                                << QByteArray("The cell printed more than 1 MiB of output.");
    }

    void aLimitIsToldAsItWasSet()
    {
        QFETCH(const CellLimit, limit);
        QFETCH(const QByteArray, text);
        ReplLimits limits;
        limits.cellTimeout = 90s;
        limits.cellCpu = 1500ms;
        limits.runMemoryBytes = qint64(1536) << 20;
        limits.scratchBytes = 1000;
        QCOMPARE(describe(hitOf(limit, limits)), text);
    }

    void aPersonIsToldWhatToDo()
    {
        const ReplLimits limits;
        for (const auto& [limit, name] : {std::pair(CellLimit::WallTime, "the time of a cell"),
                 std::pair(CellLimit::CpuTime, "the processor time of a cell"),
                 std::pair(CellLimit::Memory, "the memory of a cell"),
                 std::pair(CellLimit::RunMemory, "the memory of all cells together"),
                 std::pair(CellLimit::ScratchBytes, "the scratch files of a cell")}) {
            const QByteArray text = describeForPerson(hitOf(limit, limits));
            QVERIFY2(
                text.startsWith(describe(hitOf(limit, limits))) && text.contains(name), text.constData());
            QVERIFY(!text.contains("--")); // the window has no options
        }
        QVERIFY(describeForPerson(hitOf(CellLimit::Threads, limits)).contains("model has been told"));
    }
};

QTEST_GUILESS_MAIN(ReplLimitsTest)
#include "tst_repl_limits.moc"
