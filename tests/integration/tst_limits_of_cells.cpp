#include "cli_fixture.h"

#include <QDir>

using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

/// Passes a limit on memory in a way that Python does not notice: scratch files count.
const QByteArray greedyCell = cell("with open('big', 'wb') as f:\n"
                                   "    for i in range(300): f.write(b'x' * (1 << 20))\n"
                                   "import time; time.sleep(30)");

QStringList ask(const ScriptedServer& server, const QString& document, const QStringList& options)
{
    return QStringList(u"ask"_s) + Cli::modelsOf(server) + options + QStringList{u"What?"_s, document};
}

} // namespace

class LimitsOfCellsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aCellThatIsEndedTakesNothingWithIt()
    {
        const Cli cli;
        const ScriptedServer server([](const ScriptedRequest& request) {
            if (request.body.contains("And then?"))
                return scripted({cell("FINAL(x * 2)")})(request);
            return scripted({cell("x = 41\nprint(llm_query('once'))"), greedyCell, cell("FINAL(x + 1)")})(
                request);
        });
        const QString run = cli.path("run.burrow");
        const Outcome asked = cli.run(ask(server, cli.write("a.txt", "text"),
            {u"--json"_s, u"--run-file"_s, run, u"--cell-memory"_s, u"128MiB"_s}));
        QVERIFY2(asked.status == 0, asked.text());
        QCOMPARE(asked.field("answer"), "42");
        QCOMPARE(asked.count("calls"), 1);
        const QByteArray told = server.requests().back().body;
        QVERIFY2(told.contains("The cell used more than 128 MiB of memory.")
                && told.contains("The variables are as they were before this cell."),
            told);
        QVERIFY2(
            asked.err.contains("root/turn2/cell1: The cell used more than 128 MiB of memory."), asked.err);
        QVERIFY2(asked.err.contains("--cell-memory"), asked.err);

        const Outcome shown = cli.run({u"show"_s, run});
        QVERIFY2(shown.out.contains("limit: root/turn2/cell1: The cell used more than 128 MiB"), shown.out);

        const Outcome continued = cli.run({u"ask"_s, u"--json"_s, u"--continue"_s, run, u"And then?"_s});
        QVERIFY2(continued.status == 0, continued.text());
        QCOMPARE(continued.field("answer"), "82");
        QCOMPARE(continued.count("calls"), 1);
        QVERIFY2(!continued.err.contains("128 MiB"), continued.err);
    }

    void theRunRemembersItsLimits()
    {
        const Cli cli;
        const ScriptedServer server(scripted({cell("FINAL('x')")}));
        const QString run = cli.path("run.burrow");
        const Outcome asked = cli.run(ask(server, cli.write("a.txt", "text"),
            {u"--json"_s, u"--run-file"_s, run, u"--cell-cpu"_s, u"90s"_s, u"--cell-scratch"_s, u"1MiB"_s,
                u"--max-memory"_s, u"1GiB"_s}));
        QVERIFY2(asked.status == 0, asked.text());
        QFile file(run);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        for (const QByteArray field : {"\"cell_cpu_ms\":90000", "\"cell_scratch_bytes\":1048576",
                 "\"max_memory_bytes\":1073741824", "\"cell_memory_bytes\":2147483648"})
            QVERIFY2(bytes.contains(field), field);
    }

    void doctorExplainsTheSandbox()
    {
        const Cli cli;
        const Outcome outcome = cli.run({u"doctor"_s, u"--json"_s});
        QVERIFY2(outcome.status == 0, outcome.text());
        QCOMPARE(outcome.field("sandbox_level"), "full");
        QVERIFY(outcome.field("sandbox_means").startsWith("Cannot see your files"));
        QVERIFY(outcome.json()["sandbox_missing"].is_array());
    }

    void thePythonIsTheOneThatIsNamed()
    {
        const Cli cli;
        const QString settings = cli.write("config/burrow/burrow.ini", "[sandbox]\npython=/no/such/python\n");
        const Outcome examined = cli.run({u"doctor"_s, u"--json"_s});
        QVERIFY2(examined.field("python").contains("/no/such/python"), examined.text());
        QVERIFY2(examined.field("python").contains(settings.toUtf8()), examined.text());
        QCOMPARE(examined.field("sandbox_level"), "none");

        const Outcome asked
            = cli.run({u"ask"_s, u"--model"_s, u"offline"_s, u"why"_s, cli.write("a.txt", "text")});
        QVERIFY2(asked.status == 5 && asked.err.contains("/no/such/python"), asked.text());
        const Outcome named = cli.run(
            {u"ask"_s, u"--python"_s, u"python3"_s, u"--model"_s, u"offline"_s, u"why"_s, cli.path("a.txt")});
        QVERIFY2(named.status == 0, named.text());
    }
};

QTEST_GUILESS_MAIN(LimitsOfCellsTest)
#include "tst_limits_of_cells.moc"
