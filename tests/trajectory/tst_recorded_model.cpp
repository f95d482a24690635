#include "fakes.h"

#include "trajectory/sqlite.h"

#include <QTest>

#include <qcorotask.h>
#include <sqlite3.h>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

/// One session of a run: everything that an engine would hold.
struct Session {
    TickingClock clock;
    RunFile file;
    RunFeed feed;
    Recorder recorder{file, clock, &feed};
    EchoModel echo;
    RecordedModel recorded{echo, recorder, &estimate};
    ServedModel model{recorded, recorder};

    explicit Session(RunFile run) : file(std::move(run))
    {
        const auto opened = recorder.openRun({}).and_then(
            [&] { return recorder.openRlm(NodePath::root(), {"question", "echo", {}}); });
        Q_ASSERT(opened);
    }
    ModelResult ask(NodePath path, QByteArray prompt)
    {
        return QCoro::waitFor(model.complete(request(std::move(path), std::move(prompt)), {}));
    }
};

const NodePath turn1 = NodePath::root().turn(1);

} // namespace

class RecordedModelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRequestIsOnDiskBeforeItIsSent()
    {
        RunFolder run;
        Session session(run.create());
        QByteArray seen;
        session.echo.onSend = [&] {
            RunFile reader = run.open(RunFile::Access::Read);
            seen = loadTree(reader)->toText();
        };
        QVERIFY(session.ask(turn1, "hello"));
        QCOMPARE(seen, "root running requests=1\n  turn1 running requests=1\n");
    }

    void aReplyIsOnDiskBeforeItIsUsed()
    {
        RunFolder run;
        Session session(run.create());
        QCOMPARE(session.ask(turn1, "hello")->text, "reply to hello");
        RunFile reader = run.open(RunFile::Access::Read);
        const RunTree tree = *loadTree(reader);
        QCOMPARE(tree.toText(),
            "root running requests=1 in=10 out=5 spent=7\n"
            "  turn1 ok requests=1 in=10 out=5 spent=7\n");
        const RunTree::Node& turn = tree.node(tree.findPath(turn1));
        QCOMPARE(*reader.text(turn.output), "reply to hello");
        QCOMPARE(reader.models()[size_t(turn.model)], "echo");
    }

    void aRequestIsStoredWithItsMessagesByHashAndWithoutSecrets()
    {
        RunFolder run;
        Session session(run.create());
        QVERIFY(session.ask(turn1, "hello"));
        const RunTree& tree = session.recorder.tree();
        QCOMPARE(*session.file.text(tree.node(tree.findPath(turn1)).input),
            "{\"endpoint\":\"http://127.0.0.1:8080/v1\",\"max_output_tokens\":8192,\"messages\":[[\"user\",\""
                + Sha256::of("hello").hex() + "\"]],\"model\":\"echo\",\"sample\":0,\"temperature\":null}");
        QCOMPARE(*session.file.text(*session.file.find(Sha256::of("hello"))), "hello");
    }

    void aResumedRunServesWhatIsRecorded()
    {
        RunFolder run;
        {
            Session session(run.create());
            QVERIFY(session.ask(turn1, "one"));
        }
        Session session(run.open(RunFile::Access::Write));
        const ModelResult served = session.ask(turn1, "one");
        QVERIFY(served->reused);
        QCOMPARE(served->text, "reply to one");
        QCOMPARE(served->servedModel, "echo-1");
        QCOMPARE(served->usage.cost, MicroUsd{7});
        QVERIFY(session.echo.sent.empty());

        QVERIFY(!session.ask(turn1, "one")->reused); // each reply once
        QVERIFY(!session.ask(NodePath::root().turn(2), "two")->reused);
        QCOMPARE(session.recorder.tree().totals().totals.spent, MicroUsd{21});
    }

    void aLongConversationOfAnOlderFileIsServed()
    {
        RunFolder run;
        const auto asked = [](NodePath path, int messages) {
            ChatRequest request = test::request(std::move(path), "hello");
            request.messages.resize(size_t(messages), request.messages.front());
            return request;
        };
        const NodePath turn2 = NodePath::root().turn(2);
        {
            Session session(run.create());
            const ChatRequest long1 = asked(turn1, 20);
            const auto sent = session.recorder.requestSent(
                long1, session.recorder.describe(long1, session.model.endpoint(), RequestForm::Flat), {});
            QVERIFY(sent);
            QVERIFY(session.recorder.replyReceived(*sent, {.text = "as of old"}));
        }
        // The tables of version 2 are those of version 3.
        QVERIFY(Database::open(run.path, SQLITE_OPEN_READWRITE)->execute("PRAGMA user_version=2"));
        const auto ask = [](Session& session, ChatRequest request) {
            return QCoro::waitFor(session.model.complete(std::move(request), {}));
        };
        for (const bool isNew : {true, false}) {
            Session session(run.open(RunFile::Access::Write));
            QVERIFY(session.model.holds(asked(turn1, 20)));
            QCOMPARE(ask(session, asked(turn1, 20))->text, "as of old");
            QCOMPARE(session.model.holds(asked(turn2, 22)), !isNew);
            QCOMPARE(ask(session, asked(turn2, 22))->reused, !isNew);
            QCOMPARE(session.echo.sent.size(), size_t(isNew ? 1 : 0));
        }
    }

    void aReplyRecordedElsewhereIsServedAndMarked()
    {
        RunFolder run;
        {
            Session session(run.create());
            QVERIFY(session.ask(turn1.cell(1).call(2), "same"));
        }
        Session session(run.open(RunFile::Access::Write));
        QVERIFY(session.ask(turn1.cell(1).call(1), "same")->reused);
        const RunTree& tree = session.recorder.tree();
        const RunTree::Node& node = tree.node(tree.findPath(turn1.cell(1).call(1)));
        QVERIFY(node.reused);
        QCOMPARE(node.own.reused, MicroUsd{7});
        QCOMPARE(tree.totals().totals.spent, MicroUsd{7});
        QCOMPARE(tree.totals().calls, 1);
    }

    void aFailureIsRecordedAndSentAgainOnResume()
    {
        RunFolder run;
        {
            Session session(run.create());
            ModelError error;
            static_cast<Error&>(error) = {ErrorCode::ServerFailed, u"500"_s};
            session.echo.results.push_back(std::unexpected(error));
            QVERIFY(!session.ask(turn1, "one"));
            QCOMPARE(
                session.recorder.tree().toText(), "root running requests=1\n  turn1 failed requests=1\n");
        }
        Session session(run.open(RunFile::Access::Write));
        QVERIFY(!session.ask(turn1, "one")->reused);
        QCOMPARE(session.recorder.tree().toText(),
            "root running requests=2 in=10 out=5 spent=7\n"
            "  turn1 ok requests=2 in=10 out=5 spent=7\n");
    }

    void anAbortedStreamMayHaveCostItsEstimate()
    {
        RunFolder run;
        Session session(run.create());
        ModelError error;
        static_cast<Error&>(error) = {ErrorCode::StreamCut, u"cut"_s};
        error.partialText = "half a";
        session.echo.results.push_back(std::unexpected(error));
        QVERIFY(!session.ask(turn1, "one"));
        const RunTree& tree = session.recorder.tree();
        QCOMPARE(tree.toText(),
            "root running requests=1 unknown=1 upto=90\n  turn1 unknown requests=1 unknown=1 upto=90\n");
        QCOMPARE(*session.file.text(tree.node(tree.findPath(turn1)).output), "half a");
    }

    void aRequestThatDidNotLeaveIsNotCounted()
    {
        RunFolder run;
        const NodePath call = turn1.cell(1).call(1);
        {
            Session session(run.create());
            session.echo.results.push_back(
                std::unexpected(ModelError::unsent({ErrorCode::Unreachable, u"refused"_s})));
            QVERIFY(!session.ask(call, "one"));
        }
        Session session(run.open(RunFile::Access::Write));
        const RunTree& tree = session.recorder.tree();
        QCOMPARE(tree.totals().calls, 0);
        QCOMPARE(tree.totals().totals, Totals());
        QCOMPARE(tree.node(tree.findPath(call)).attempts, 0);
        QVERIFY(session.ask(call, "one"));
        QCOMPARE(tree.totals().calls, 1);
        QCOMPARE(tree.node(tree.findPath(call)).attempts, 1);
    }

    void whatAServerDoesNotSayCountsAsEstimated()
    {
        RunFolder run;
        {
            Session session(run.create());
            session.echo.results.push_back(ChatReply{.text = "a", .usage = {}});
            QVERIFY(session.ask(turn1, "one"));
            session.echo.results.push_back(
                ChatReply{.text = "b", .usage = {.inputTokens = 4, .outputTokens = 3}});
            QVERIFY(session.ask(NodePath::root().turn(2), "two"));
        }
        Session session(run.open(RunFile::Access::Write));
        const Totals& used = session.recorder.tree().totals().totals;
        QCOMPARE(used.inputTokens, 104);
        QCOMPARE(used.outputTokens, 53);
        QCOMPARE(used.estimatedTokens, 150);
        QCOMPARE(used.spent, MicroUsd{180});
        QCOMPARE(used.estimated, MicroUsd{180});
    }

    void theFeedGetsWhatWasCommitted()
    {
        RunFolder run;
        Session session(run.create());
        QVERIFY(session.ask(turn1, "one"));
        RunTree tree;
        const RunFeed::Batch batch = session.feed.drain();
        tree.apply(batch.events);
        QCOMPARE(tree.toText(), session.recorder.tree().toText());
        QCOMPARE(batch.models, (std::vector<QByteArray>{"", "echo", "echo-1"}));
        QVERIFY(session.feed.drain().events.empty());
    }
};

QTEST_GUILESS_MAIN(RecordedModelTest)
#include "tst_recorded_model.moc"
