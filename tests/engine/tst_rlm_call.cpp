#include "fakes.h"

#include <QElapsedTimer>
#include <QTest>

using namespace burrow;
using namespace burrow::testing;
using namespace std::chrono_literals;

namespace {

/// A REPL of few words: `answer X` finishes, `raise` fails, `crash` ends the process, `draft X` keeps a
/// draft, everything else is printed.
Task<CellOutput> tinyRepl(Cell cell, HostCalls*, StopToken)
{
    const QByteArray code = cell.code.trimmed();
    CellOutput output;
    if (code == "answer")
        output.answer = "";
    else if (code.startsWith("answer "))
        output.answer = code.sliced(7);
    else if (code == "FINAL_VAR('gone')") {
        output.status = CellStatus::Raised;
        output.err.head = "NameError: gone";
    } else if (code.startsWith("FINAL_VAR("))
        output.answer = "value of " + code.sliced(10).chopped(1);
    else if (code.startsWith("draft "))
        output.answerDraft = code.sliced(6);
    else if (code == "raise") {
        output.status = CellStatus::Raised;
        output.err.head = "Traceback: boom";
    } else if (code == "ask too much") {
        output.status = CellStatus::Raised;
        output.err.head = "Traceback (most recent call last):\n";
        output.err.tail = "LimitReached: No calls are left.\n";
    } else if (code == "crash") {
        output.status = CellStatus::Crashed;
        output.restarted = true;
    } else
        output.out.head = "printed " + code;
    output.variables = {{"hits", "list", 3}};
    co_return output;
}

QByteArray cell(const QByteArray& code)
{
    return "```repl\n" + code + "\n```\n";
}

struct Played {
    Result<QByteArray> answer;
    QByteArray bestSoFar;
};

Played play(FakeRun& run, RlmTask what, StopToken stop = {})
{
    RlmCall call(run.parts, std::move(what));
    auto answer = QCoro::waitFor(call.run(stop));
    return {std::move(answer), call.bestSoFar()};
}

} // namespace

class RlmCallTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void answersCount_data()
    {
        QTest::addColumn<QByteArrayList>("replies");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("requests");
        const auto row = [](const char* name, QByteArrayList replies, QByteArray answer, int requests) {
            QTest::newRow(name) << std::move(replies) << std::move(answer) << requests;
        };
        row("from a cell", {cell("look"), cell("answer 42")}, "42", 2);
        row("from the first cell of all", {cell("answer 42")}, "42", 1);
        row("a ready answer ends the reply", {cell("answer 1") + cell("answer 2")}, "1", 1);
        row("FINAL before looking needs insisting", {"FINAL(7)", "FINAL(7)"}, "7", 2);
        row("FINAL after looking counts at once", {cell("look"), "FINAL(7)"}, "7", 2);
        row("FINAL beside a cell that ran", {cell("look") + "FINAL(7)"}, "7", 1);
        row("FINAL beside a cell that failed does not count", {cell("raise") + "FINAL(7)", cell("answer 8")},
            "8", 2);
        row("FINAL_VAR asks the REPL", {cell("look"), "FINAL_VAR(best)"}, "value of 'best'", 2);
        row("what follows a failing cell does not run", {cell("raise") + cell("answer 1"), cell("answer 2")},
            "2", 2);
        row("an empty answer is none", {cell("answer "), cell("answer 3")}, "3", 2);
        row("an empty answer ends its reply", {cell("answer ") + cell("answer 4"), cell("answer 5")}, "5", 2);
        row("FINAL of nothing is no answer", {cell("look"), "FINAL()", cell("answer 6")}, "6", 3);
        row("prose alone is no answer", {"The answer is 5.", "It is 5.", cell("answer 5")}, "5", 3);
    }
    void answersCount()
    {
        QFETCH(QByteArrayList, replies);
        QFETCH(QByteArray, answer);
        QFETCH(int, requests);
        FakeRun run(FakeModel::script(replies), tinyRepl);
        const Played played = play(run, task("How many?"));
        QVERIFY(played.answer);
        QCOMPARE(*played.answer, answer);
        QCOMPARE(int(run.model.requests.size()), requests);
    }

    void theConversationGrowsByRepliesAndOutputs()
    {
        FakeRun run(FakeModel::script({"I look.\n" + cell("a") + cell("raise"), cell("answer x")}), tinyRepl);
        QVERIFY(play(run, task("How many?")).answer);
        const std::vector<Message>& sent = run.model.requests.back().messages;
        QCOMPARE(sent.size(), 4u);
        QCOMPARE(sent[0].role, Role::System);
        QVERIFY(sent[1].text.endsWith("Question:\nHow many?"));
        QVERIFY(sent[1].text.contains("some text"));
        QCOMPARE(sent[2].role, Role::Assistant);
        QVERIFY(sent[3].text.contains("[cell 1]\nOutput:\nprinted a\nVariables: hits (list, 3)"));
        QVERIFY(sent[3].text.contains("[cell 2]\nErrors:\nTraceback: boom\n"));
    }

    void theFirstReplyWithoutACellIsAskedBackOnce()
    {
        FakeRun run(FakeModel::script({"plan", "plan", cell("answer x")}), tinyRepl);
        QVERIFY(play(run, task("q")).answer);
        QVERIFY(run.model.requests[1].messages.back().text.contains("Have you looked?"));
        QVERIFY(!run.model.requests[2].messages.back().text.contains("Have you looked?"));
        QVERIFY(run.model.requests[2].messages.back().text.contains("held no ```repl cell"));
    }

    void aCutOffReplyIsNamedAsSuch()
    {
        FakeRun run(FakeModel::script({"```repl\nx = ", cell("answer x")}), tinyRepl);
        QVERIFY(play(run, task("q")).answer);
        QVERIFY(run.model.requests[1].messages.back().text.contains("cut off"));
        QCOMPARE(run.repls.cells.size(), 1u);
    }

    void threeFailuresInARowBringAHint()
    {
        FakeRun run(
            FakeModel::script({cell("raise"), cell("raise"), cell("raise"), cell("answer x")}), tinyRepl);
        QVERIFY(play(run, task("q")).answer);
        QVERIFY(!run.model.requests[2].messages.back().text.contains("Several cells"));
        QVERIFY(run.model.requests[3].messages.back().text.contains("Several cells"));
    }

    void theLastTurnAsksForTheBestAnswer_data()
    {
        QTest::addColumn<QByteArray>("last");
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("prose") << QByteArray("Probably 9.") << QByteArray("Probably 9.");
        QTest::newRow("FINAL") << QByteArray("FINAL(9)") << QByteArray("9");
        QTest::newRow("a cell") << cell("answer 9") << QByteArray("9");
        QTest::newRow("a cell that does not finish") << cell("look") << QByteArray("so far");
    }
    void theLastTurnAsksForTheBestAnswer()
    {
        QFETCH(QByteArray, last);
        QFETCH(QByteArray, answer);
        FakeRun run(
            FakeModel::script({cell("draft so far"), cell("look"), last}), tinyRepl, {.maxIterations = 2});
        const Played played = play(run, task("q"));
        QVERIFY(played.answer);
        QCOMPARE(*played.answer, answer);
        QCOMPARE(run.model.requests.back().path, NodePath::root().final());
        QVERIFY(run.model.requests[1].messages.back().text.contains("Turns left: 1"));
    }

    void aCallWithoutAnyAnswerFails_data()
    {
        QTest::addColumn<QByteArray>("last");
        QTest::newRow("a cell that does not finish") << cell("look");
        QTest::newRow("an empty answer") << cell("answer ");
        QTest::newRow("FINAL of nothing") << QByteArray("FINAL()");
        QTest::newRow("a variable that is not there") << QByteArray("FINAL_VAR(gone)");
        QTest::newRow("nothing") << QByteArray(" \n");
    }
    void aCallWithoutAnyAnswerFails()
    {
        QFETCH(QByteArray, last);
        FakeRun run(FakeModel::script({cell("look"), last}), tinyRepl, {.maxIterations = 1});
        const Played played = play(run, task("q"));
        QVERIFY(!played.answer);
        QCOMPARE(played.answer.error().code, ErrorCode::NoAnswer);
        // The window shows it too, and has no options.
        QVERIFY(!played.answer.error().message.contains(QStringLiteral("--")));
    }

    void aCallWhoseCellsALimitEndedHasReachedTheLimit()
    {
        const QByteArray refused = cell("ask too much");
        const RunLimits limits{.maxIterations = 9, .maxConsecutiveErrors = 2};
        FakeRun run(FakeModel::script({refused, refused, refused}), tinyRepl, limits);
        const Played played = play(run, task("q"));
        QVERIFY(!played.answer);
        QCOMPARE(played.answer.error().code, ErrorCode::LimitReached);
        QVERIFY(played.answer.error().message.startsWith(QStringLiteral("No calls are left. ")));

        FakeRun other(FakeModel::script({refused, cell("raise"), cell("raise")}), tinyRepl, limits);
        QCOMPARE(play(other, task("q")).answer.error().code, ErrorCode::NoAnswer);
    }

    void aFinalThatDidNotCountIsNoBestAnswer_data()
    {
        QTest::addColumn<QByteArrayList>("replies");
        QTest::addColumn<QByteArray>("best");
        QTest::newRow("beside a cell that failed")
            << QByteArrayList{cell("raise") + "FINAL(invented)"} << QByteArray();
        QTest::newRow("before looking") << QByteArrayList{"FINAL(invented)"} << QByteArray();
        QTest::newRow("after prose") << QByteArrayList{"Perhaps 4.", cell("raise") + "FINAL(invented)"}
                                     << QByteArray("Perhaps 4.");
    }
    void aFinalThatDidNotCountIsNoBestAnswer()
    {
        QFETCH(QByteArrayList, replies);
        QFETCH(QByteArray, best);
        const RunLimits limits{.maxIterations = int(replies.size()) + 1};
        FakeRun run(
            FakeModel::script(replies + QByteArrayList{cell("raise"), cell("raise")}), tinyRepl, limits);
        const Played played = play(run, task("q"));
        QCOMPARE(played.answer.value_or(QByteArray()), best);
        QCOMPARE(played.bestSoFar, best);
    }

    void aModelIsToldThatItsAnswerIsEmpty()
    {
        FakeRun run(FakeModel::script({cell("answer "), cell("answer x")}), tinyRepl);
        QVERIFY(play(run, task("q")).answer);
        QVERIFY(run.model.requests.back().messages.back().text.contains("it is empty"));
    }

    void anErrorLeavesTheBestSoFar()
    {
        int asked = 0;
        FakeRun run(
            [&](const ChatRequest&) -> ModelResult {
                if (++asked == 1)
                    return ChatReply{.text = cell("draft maybe 4")};
                return std::unexpected(
                    ModelError::unsent({ErrorCode::LimitReached, QStringLiteral("no more")}));
            },
            tinyRepl);
        const Played played = play(run, task("q"));
        QVERIFY(!played.answer);
        QCOMPARE(played.answer.error().code, ErrorCode::LimitReached);
        QCOMPARE(played.bestSoFar, "maybe 4");
    }

    void aDraftSurvivesItsRepl()
    {
        int asked = 0;
        FakeRun run(
            [&](const ChatRequest&) -> ModelResult {
                if (++asked < 3)
                    return ChatReply{.text = cell(asked == 1 ? "draft maybe 4" : "crash")};
                return std::unexpected(
                    ModelError::unsent({ErrorCode::LimitReached, QStringLiteral("no more")}));
            },
            tinyRepl);
        QCOMPARE(play(run, task("q")).bestSoFar, "maybe 4");
    }

    void aFullWindowIsCompacted()
    {
        FakeRun run(
            [turn = 0](const ChatRequest& request) mutable -> ModelResult {
                if (request.path.text().contains("compaction"))
                    return ChatReply{.text = "so far: nothing"};
                return ChatReply{
                    .text = ++turn < 6 ? cell("print " + QByteArray(15'000, 'x')) : cell("answer done")};
            },
            tinyRepl);
        run.models.rootWindow = 20'000;
        const Played played = play(run, task("q"));
        QVERIFY(played.answer);
        int compactions = 0;
        for (const ChatRequest& request : run.model.requests) {
            qint64 bytes = 0;
            for (const Message& message : request.messages)
                bytes += message.text.size();
            QVERIFY2(bytes < 80'000, request.path.text());
            compactions += request.path.text().contains("compaction");
        }
        QVERIFY(compactions >= 1);
        QCOMPARE(run.model.requests.back().messages[2].text, "so far: nothing");
    }

    void aWindowThatIsSmallerThanThoughtIsCompactedToo()
    {
        FakeRun run(
            [turn = 0](const ChatRequest& request) mutable -> ModelResult {
                if (request.path.text().contains("compaction"))
                    return ChatReply{.text = "summary"};
                if (request.messages.size() > 4)
                    return std::unexpected(
                        ModelError{{ErrorCode::WindowExceeded, QStringLiteral("too long")}});
                return ChatReply{.text = ++turn < 3 ? cell("look") : cell("answer done")};
            },
            tinyRepl);
        const Played played = play(run, task("q"));
        QVERIFY(played.answer);
        QCOMPARE(*played.answer, "done");
    }

    void aSummaryShrinksUntilTheServerTakesIt()
    {
        const auto bytesOf = [](const ChatRequest& request) {
            qint64 bytes = 0;
            for (const Message& message : request.messages)
                bytes += message.text.size();
            return bytes;
        };
        FakeRun run(
            [turn = 0, bytesOf](const ChatRequest& request) mutable -> ModelResult {
                if (bytesOf(request) > 12'000)
                    return std::unexpected(
                        ModelError{{ErrorCode::WindowExceeded, QStringLiteral("too long")}});
                if (request.path.text().contains("compaction"))
                    return ChatReply{.text = "summary"};
                return ChatReply{
                    .text = ++turn < 6 ? cell("print " + QByteArray(15'000, 'x')) : cell("answer done")};
            },
            tinyRepl);
        const Played played = play(run, task("q"));
        QVERIFY(played.answer);
        QCOMPARE(*played.answer, "done");
    }

    void aStopIsFeltWithin100Milliseconds()
    {
        FakeRun run(FakeModel::script({cell("look")}), tinyRepl);
        run.model.latency = 1h;
        std::stop_source stop;
        RlmCall call(run.parts, task("q"));
        Task<Result<QByteArray>> running = call.run(stop.get_token());
        QElapsedTimer timer;
        timer.start();
        stop.request_stop();
        const auto answer = QCoro::waitFor(std::move(running));
        QVERIFY(timer.elapsed() < 100);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Cancelled);
    }

    void theLimitOnCostIsToldExactly_data()
    {
        QTest::addColumn<qint64>("cost");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("cents") << qint64(2'500'000) << QByteArray(", 2.50 US dollars in all");
        QTest::newRow("less than a cent") << qint64(4'000) << QByteArray(", 0.004 US dollars in all");
        QTest::newRow("the least") << qint64(1) << QByteArray(", 0.000001 US dollars in all");
    }
    void theLimitOnCostIsToldExactly()
    {
        QFETCH(qint64, cost);
        QFETCH(QByteArray, told);
        FakeRun run(FakeModel::script({cell("answer x")}), tinyRepl, {.maxCost = MicroUsd{cost}});
        QVERIFY(play(run, task("q")).answer);
        QVERIFY(run.model.requests.front().messages.front().text.contains(told));
    }

    void nothingAModelReadsDependsOnTheClock()
    {
        std::vector<std::vector<Message>> conversations;
        for (const auto latency : {0ms, 20ms}) {
            FakeRun run(FakeModel::script({cell("a"), "prose", cell("answer x")}), tinyRepl);
            run.model.latency = latency;
            QVERIFY(play(run, task("q")).answer);
            conversations.push_back(run.model.requests.back().messages);
        }
        QVERIFY(conversations[0] == conversations[1]);
    }
};

QTEST_GUILESS_MAIN(RlmCallTest)
#include "tst_rlm_call.moc"
