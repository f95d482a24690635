// Forks that are killed at random moments.
#include "random_fork.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTest>

#include <thread>

using namespace burrow;
using namespace burrow::testing;
using namespace Qt::StringLiterals;

namespace {

/// All that a file says of a branch itself, without what its ancestors say.
struct Journal {
    std::vector<Event> events;
    QByteArrayList texts;

    Journal(RunFile& file, int branch)
    {
        const std::vector<Event> all = *file.eventsAfter(0, 1'000'000);
        for (const Event& event : all) {
            if (event.branch != branch)
                continue;
            events.push_back(event);
            texts << *file.text(event.body) << *file.text(event.extra);
        }
    }
    friend bool operator==(const Journal&, const Journal&) = default;
};

/// The paths that a writer says it sent; the last line may be cut off.
QList<NodePath> sentBy(const QByteArray& output)
{
    QList<NodePath> sent;
    for (const QByteArray& line : output.first(output.lastIndexOf('\n') + 1).split('\n'))
        if (line.startsWith("sent "))
            sent << *NodePath::parse(line.mid(5));
    return sent;
}

/// How often each request was made. Which of several nodes with the very same request gets a reply that is on
/// record may differ from session to session, as their children run side by side.
using Counts = std::map<QByteArray, int>;

Counts countsOf(const std::vector<ChatRequest>& asked)
{
    Counts counts;
    for (const ChatRequest& request : asked) {
        QByteArray text;
        for (const Message& message : request.messages)
            text += message.text + '\n';
        ++counts[text];
    }
    return counts;
}

/// Replies that were asked for in the branch itself.
int liveRepliesIn(const RunTree& tree)
{
    int live = 0;
    for (int i = 0; i < tree.size(); ++i) {
        const RunTree::Node& node = tree.node(NodeIndex(i));
        live += node.kind != NodeKind::Rlm && node.kind != NodeKind::Cell && node.state == NodeState::Ok
            && !node.reused;
    }
    return live;
}

constexpr int kills = 200;

} // namespace

class KilledForkTest : public QObject {
    Q_OBJECT

    QString m_writer = QCoreApplication::applicationDirPath() + u"/fork_writer"_s;
    Recorded m_source{programSeed};
    int m_midway = 0;

    struct Played {
        RunOutcome outcome;
        std::vector<ChatRequest> asked;
    };

    /// Plays the fork to its end, without a kill.
    Played undisturbed(const QString& path, quint32 seed) const
    {
        QFile::copy(m_source.path, path);
        Played played;
        {
            RunFile file = *RunFile::open(path, RunFile::Access::Write);
            TinyModel model(programSeed);
            const int branch = openRandomFork(file, seed);
            played.outcome = Session(file, model, branch).play();
            played.asked = model.asked;
        }
        QFile::remove(path);
        return played;
    }

    void killOne(quint32 seed)
    {
        const QString path = m_source.folder.filePath(u"killed-%1.burrow"_s.arg(seed));
        QVERIFY(QFile::copy(m_source.path, path));
        QProcess writer;
        writer.start(m_writer, {path, QString::number(seed)});
        // After some request, at whatever comes next.
        const int requests = QRandomGenerator::global()->bounded(24);
        QByteArray said;
        do {
            QVERIFY(writer.waitForReadyRead(20'000));
            said += writer.readAllStandardOutput();
        } while (said.count("sent ") < requests && !said.contains("done"));
        std::this_thread::sleep_for(std::chrono::microseconds(QRandomGenerator::global()->bounded(1500)));
        writer.kill();
        QVERIFY(writer.waitForFinished());
        said += writer.readAllStandardOutput();
        m_midway += said.contains("sent ") && !said.contains("done");
        verify(path, seed, said);
        if (QTest::currentTestFailed())
            qWarning("The seed of the fork was %u.", seed);
        QFile::remove(path);
    }

    void verify(const QString& path, quint32 seed, const QByteArray& said)
    {
        RunFile original = *RunFile::open(m_source.path, RunFile::Access::Read);
        size_t answered = 0;
        {
            Result<RunFile> file = RunFile::open(path, RunFile::Access::Read);
            QVERIFY2(file, file ? "" : qPrintable(file.error().message));
            QVERIFY(file->check());
            QVERIFY(Journal(*file, 1) == Journal(original, 1));
            const RunTree tree = *loadTree(*file, 2);
            for (const NodePath& sent : sentBy(said)) {
                const NodeIndex node = tree.findPath(sent);
                QVERIFY2(node != noNode, sent.text());
                const NodeState state = tree.node(node).state;
                QVERIFY2(state == NodeState::Ok || state == NodeState::Unknown, sent.text());
            }
            answered = size_t(liveRepliesIn(tree));
        }

        RunFile file = *RunFile::open(path, RunFile::Access::Write);
        TinyModel model(programSeed);
        const RunOutcome resumed = Session(file, model, 2).play();
        const Played expected = undisturbed(path + u"-undisturbed"_s, seed);
        QCOMPARE(answered + model.asked.size(), expected.asked.size());
        const Counts most = countsOf(expected.asked);
        for (const auto& [text, times] : countsOf(model.asked))
            QVERIFY2(most.contains(text) && times <= most.at(text), text);
        QCOMPARE(resumed.state, expected.outcome.state);
        QCOMPARE(resumed.answer, expected.outcome.answer);
    }

private Q_SLOTS:
    void nothingIsLostOrAskedTwiceWhenAForkIsKilled()
    {
        QCOMPARE(m_source.outcome.state, RunState::Answered);
        for (int kill = 0; kill < kills && !QTest::currentTestFailed(); ++kill)
            killOne(QRandomGenerator::global()->generate());
        QVERIFY(m_midway > 0);
    }
};

QTEST_GUILESS_MAIN(KilledForkTest)
#include "tst_killed_fork.moc"
