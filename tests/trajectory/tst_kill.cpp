#include "fakes.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTest>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

/// What a writer said about its calls, over all its lives.
struct Heard {
    QSet<int> sent;
    QSet<int> got;
    int repeated = 0; ///< sent although the reply was there
    QByteArrayList errors;

    void listen(const QByteArray& output)
    {
        // The last line may be cut off.
        for (const QByteArray& line : output.first(output.lastIndexOf('\n') + 1).split('\n')) {
            const int number = line.mid(line.indexOf(' ') + 1).toInt();
            if (line.startsWith("sent ")) {
                repeated += got.contains(number) ? 1 : 0;
                sent.insert(number);
            } else if (line.startsWith("got ")) {
                got.insert(number);
            } else if (line.startsWith("error ")) {
                errors.append(line.mid(6));
            }
        }
    }
};

NodePath callPath(int number)
{
    return NodePath::root().turn(1).cell(1).call(number);
}

/// Every reply that was acknowledged is there, and every request that was sent.
void verifyFile(RunFolder& run, const Heard& heard)
{
    RunFile file = run.open(RunFile::Access::Read);
    const Result<RunTree> tree = loadTree(file);
    QVERIFY2(tree, tree ? "" : qPrintable(tree.error().message));
    for (const int number : heard.got) {
        const NodeIndex node = tree->findPath(callPath(number));
        QVERIFY(node != noNode);
        QCOMPARE(tree->node(node).state, NodeState::Ok);
        const QByteArray expected = "reply to prompt " + QByteArray::number(number).repeated(300);
        QCOMPARE(*file.text(tree->node(node).output), expected);
    }
    for (const int number : heard.sent) {
        const NodeIndex node = tree->findPath(callPath(number));
        QVERIFY(node != noNode);
        const NodeState state = tree->node(node).state;
        QVERIFY(state == NodeState::Ok || state == NodeState::Unknown);
    }
    QVERIFY(file.check());
}

} // namespace

class KillTest : public QObject {
    Q_OBJECT

    QString m_writer = QCoreApplication::applicationDirPath() + u"/run_writer"_s;

private Q_SLOTS:
    void nothingThatWasAcknowledgedIsLostWhenTheWriterIsKilled()
    {
        RunFolder run;
        Heard heard;
        for (int round = 0; round < 25; ++round) {
            QProcess writer;
            writer.start(m_writer, {run.path});
            QVERIFY(writer.waitForReadyRead(20'000));
            QTest::qSleep(QRandomGenerator::global()->bounded(30));
            writer.kill();
            QVERIFY(writer.waitForFinished());
            heard.listen(writer.readAllStandardOutput());
            QVERIFY(QFile::exists(run.path));
            verifyFile(run, heard);
            if (QTest::currentTestFailed())
                return;
        }
        QCOMPARE(heard.repeated, 0);
        QVERIFY(heard.got.size() > 25);
    }

    void aKilledRequestCountsWithItsEstimate()
    {
        RunFolder run;
        Heard heard;
        {
            RunFile file = run.create();
            const TickingClock clock;
            Recorder recorder(file, clock);
            (void)recorder.openRun({});
            const ChatRequest asked = request(callPath(1), "x");
            (void)recorder.requestSent(asked, recorder.describe(asked, "e"), estimate(asked));
            // Ends without a reply, as after a kill.
        }
        RunFile file = run.open(RunFile::Access::Write);
        const TickingClock clock;
        Recorder recorder(file, clock);
        QVERIFY(recorder.openRun({}));
        const Totals& totals = recorder.tree().totals().totals;
        QCOMPARE(totals.unknown, 1);
        QCOMPARE(totals.unknownUpTo, MicroUsd{90});
        QCOMPARE(totals.unknownTokens, 150);
        QCOMPARE(totals.spent, MicroUsd{0});
    }

    void aKilledWriterHoldsNoLock()
    {
        RunFolder run;
        QProcess writer;
        writer.start(m_writer, {run.path});
        QVERIFY(writer.waitForReadyRead(20'000));
        const auto locked = RunFile::open(run.path, RunFile::Access::Write);
        QCOMPARE(locked.error().code, ErrorCode::RunFileLocked);
        QVERIFY(locked.error().message.contains(u"run_writer (process %1)"_s.arg(writer.processId())));
        writer.kill();
        QVERIFY(writer.waitForFinished());
        QVERIFY(RunFile::open(run.path, RunFile::Access::Write));
    }

    void aFullDiskIsToldAndLosesNothing()
    {
        RunFolder run;
        QProcess writer;
        writer.start(m_writer, {run.path, u"400000"_s});
        QVERIFY(writer.waitForFinished(60'000));
        Heard heard;
        heard.listen(writer.readAllStandardOutput());
        QCOMPARE(heard.errors.size(), 2);
        for (const QByteArray& error : heard.errors) {
            QCOMPARE(error.first(error.indexOf(' ')).toInt(), int(ErrorCode::DiskFull));
            QVERIFY(error.contains(run.path.toUtf8()));
        }
        QVERIFY(heard.got.size() > 5);
        verifyFile(run, heard);
    }
};

QTEST_GUILESS_MAIN(KillTest)
#include "tst_kill.moc"
