// What a further session of a run takes over from those before.
#include "cli_fixture.h"

using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

const QStringList json{u"--json"_s, u"--quiet"_s};

QStringList resumeOf(const QString& run, const QStringList& options = {})
{
    return QStringList(u"resume"_s) + json + QStringList(run) + options;
}

/// `ask` under one more option, recorded in run.burrow.
QStringList askWith(const Cli& cli, const ScriptedServer& server, const QStringList& option)
{
    return QStringList(u"ask"_s) + Cli::modelsOf(server) + json + option
        + QStringList{u"--run-file"_s, cli.path("run.burrow"), u"What?"_s, cli.write("a.txt", "text")};
}

} // namespace

class ResumeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itGoesOnUnderTheLimitsOfTheLastSession()
    {
        const Cli cli;
        std::atomic<bool> broken = true;
        const ScriptedServer server([&broken](const ScriptedRequest& request) {
            if (request.assistantMessages() == 1 && broken)
                return errorReply(400, "not now");
            return scripted({cell("print(1)"),
                cell("try:\n    FINAL(llm_query('a') + llm_query('b'))\n"
                     "except LimitReached:\n    FINAL('no more')")})(request);
        });
        const QString run = cli.path("run.burrow");
        const Outcome first = cli.run(askWith(cli, server, {u"--max-calls"_s, u"9"_s}));
        QVERIFY2(first.status == 4, first.text());
        const Outcome second = cli.run(resumeOf(run, {u"--max-calls"_s, u"1"_s}));
        QVERIFY2(second.status == 4, second.text());
        broken = false;
        const Outcome third = cli.run(resumeOf(run));
        QVERIFY2(third.status == 0, third.text());
        QCOMPARE(third.field("answer"), "no more");
        // Its models were told the limits that the run began with, and stay told so.
        const QByteArray said = server.requests().front().body;
        QVERIFY(said.contains("9 sub-calls in all"));
        QCOMPARE(server.requests().back().body.contains("sub-calls in all"), false); // the sub-call itself
        QVERIFY(server.requests()[server.requests().size() - 2].body.contains("9 sub-calls in all"));
    }

    void whatIsOnRecordIsServedUnderALimitThatIsPassed()
    {
        const Cli cli;
        // The server says more than was estimated, so the limit is passed and not only reached.
        const ScriptedServer server([](const ScriptedRequest& request) {
            if (request.model() == "root")
                return chatReply(cell("for i in range(9):\n    llm_query(str(i))\n"
                                      "    answer['content'] = f'partial {i}'"),
                    ScriptedUsage{10, 10, {}});
            return chatReply("x", ScriptedUsage{9'000, 9'000, {}});
        });
        const QString run = cli.path("run.burrow");
        const Outcome asked = cli.run(askWith(cli, server, {u"--max-tokens"_s, u"50000"_s}));
        QVERIFY2(asked.status == 3, asked.text());
        QCOMPARE(asked.field("answer"), "partial 2");
        const int before = server.requestCount();
        const Outcome resumed = cli.run(resumeOf(run));
        QVERIFY2(resumed.status == 3, resumed.text());
        QCOMPARE(resumed.field("answer"), "partial 2");
        QCOMPARE(server.requestCount(), before);
    }

    void aLimitOnMoneyHoldsByThePricesThatTheServerTells()
    {
        const Cli cli;
        std::atomic<int> lists = 0;
        const ScriptedServer server([&lists](const ScriptedRequest& request) {
            if (request.method() == "GET") {
                ++lists;
                ScriptedReply list;
                list.body = R"({"data":[)"
                            R"({"id":"root","pricing":{"prompt":"0","completion":"0.00002"}},)"
                            R"({"id":"sub","pricing":{"prompt":"0","completion":"0.00002"}}]})";
                return list;
            }
            if (request.model() == "root")
                return chatReply(
                    cell("for i in range(99):\n    answer['content'] = str(i)\n    llm_query('?')"),
                    ScriptedUsage{10, 10, {}});
            return chatReply("x", ScriptedUsage{10, 5'000, {}}); // a tenth of a dollar
        });
        const QString run = cli.path("run.burrow");
        const Outcome asked = cli.run(askWith(cli, server, {u"--max-cost"_s, u"1"_s}));
        QVERIFY2(asked.status == 3, asked.text());
        // No request is sent that could pass the limit.
        const double cost = asked.json().value("spent_usd", -1.0);
        QVERIFY2(cost > 0.5 && cost <= 1.0, asked.text());
        QCOMPARE(lists, 1);
        const int before = server.requestCount();
        const Outcome resumed = cli.run(resumeOf(run));
        QVERIFY2(resumed.status == 3, resumed.text());
        QCOMPARE(server.requestCount(), before);
    }

    void aSessionThatEndsSoonerKeepsTheBestAnswer()
    {
        const Cli cli;
        const ScriptedServer server(scripted(
            {"I look first.\n" + cell("import time\nanswer['content'] = 'partial'\ntime.sleep(99)")}));
        const QString run = cli.path("run.burrow");
        const Outcome asked = cli.run(askWith(cli, server, {u"--max-time"_s, u"1s"_s}));
        QVERIFY2(asked.status == 3, asked.text());
        QCOMPARE(asked.field("answer"), "partial");
        for (int session = 0; session < 2; ++session) {
            const Outcome resumed = cli.run(resumeOf(run));
            QVERIFY2(resumed.status == 3, resumed.text());
            QCOMPARE(resumed.field("answer"), "partial");
        }
    }

    void aLongConversationIsNotWrittenAnewEachTurn()
    {
        const Cli cli;
        const ScriptedServer server([](const ScriptedRequest& request) {
            return request.assistantMessages() < 60 ? chatReply(cell("1"), ScriptedUsage{10, 5, {}})
                                                    : chatReply(cell("FINAL('done')"));
        });
        const QString run = cli.path("run.burrow");
        const Outcome asked = cli.run(askWith(cli, server, {u"--max-iterations"_s, u"99"_s}));
        QVERIFY2(asked.status == 0, asked.text());
        QCOMPARE(asked.count("turns"), 61);
        const qint64 bytes = QFileInfo(run).size();
        QVERIFY2(bytes < 61 * 3500, QByteArray::number(bytes)); // all 61 requests whole take 300 KB more
        const int sent = server.requestCount();
        const Outcome resumed = cli.run(resumeOf(run));
        QVERIFY2(resumed.status == 0, resumed.text());
        QCOMPARE(resumed.field("answer"), "done");
        QCOMPARE(server.requestCount(), sent);
    }
};

QTEST_GUILESS_MAIN(ResumeTest)
#include "tst_resume.moc"
