#include "cli_fixture.h"

#include <nlohmann/json.hpp>

#include <csignal>

#include <utime.h>

using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

const QStringList json{u"--json"_s, u"--quiet"_s};

/// `ask` of @p server about @p paths, recorded in run.burrow.
QStringList ask(
    const Cli& cli, const ScriptedServer& server, const QStringList& paths, const QStringList& options = json)
{
    return QStringList(u"ask"_s) + Cli::modelsOf(server) + options
        + QStringList{u"--run-file"_s, cli.path("run.burrow"), u"What does it say?"_s} + paths;
}

QStringList resume(const Cli& cli)
{
    return QStringList(u"resume"_s) + json + QStringList(cli.path("run.burrow"));
}

ScriptedServer::Handler countsDocuments()
{
    return scripted({cell("FINAL(len(context))")});
}

} // namespace

/// What a run makes of its documents, and of their changes.
class DocumentsOfARunTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aListThatChangedIsNotGoneOnWith_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("name");
        QTest::newRow("added") << u"write"_s << u"docs/c.txt"_s;
        QTest::newRow("added before the others") << u"write"_s << u"docs/0.txt"_s;
        QTest::newRow("removed") << u"remove"_s << u"docs/b.txt"_s;
        QTest::newRow("changed, of the same size") << u"write"_s << u"docs/b.txt"_s;
    }
    void aListThatChangedIsNotGoneOnWith()
    {
        QFETCH(const QString, change);
        QFETCH(const QString, name);
        const Cli cli;
        cli.write("docs/a.txt", "alpha");
        cli.write("docs/b.txt", "beta");
        const ScriptedServer server(countsDocuments());
        const Outcome asked = cli.run(ask(cli, server, {cli.path("docs")}));
        QVERIFY2(asked.status == 0, asked.text());
        const int before = server.requestCount();
        if (change == "write"_L1)
            cli.write(name, "BETA");
        else
            QVERIFY(QFile::remove(cli.path(name)));
        const QStringList again = QStringList(u"ask"_s) + json
            + QStringList{u"--continue"_s, cli.path("run.burrow"), u"And now?"_s};
        for (const QStringList& arguments : {resume(cli), again}) {
            const Outcome outcome = cli.run(arguments);
            QVERIFY2(outcome.status == 6, outcome.text());
            QVERIFY2(outcome.saysOneLine() && outcome.err.contains(name.toUtf8()), outcome.text());
        }
        QCOMPARE(server.requestCount(), before);
    }

    /// Neither the cache nor the mark that tells own runs is needed to answer.
    void aHomeThatCannotBeWrittenToIsNotNeeded()
    {
        const Cli cli;
        cli.write("data", "a file in the folder's place");
        cli.write("cache", "here, too");
        const ScriptedServer server(scripted({cell("FINAL(context)")}));
        const QString document = cli.write("a.txt", "caf\xc3\xa9 \xe6\xbc\xa2");
        const Outcome asked = cli.run(ask(cli, server, {document}, {u"--json"_s}));
        QVERIFY2(asked.status == 0, asked.text());
        QCOMPARE(asked.field("answer"), "caf\xc3\xa9 \xe6\xbc\xa2");
        QVERIFY2(asked.err.contains("not kept for the next run"), asked.text());
        QVERIFY2(asked.err.contains("whether you trust it"), asked.text());
        const Outcome resumed = cli.run(resume(cli));
        QVERIFY2(resumed.status != 0 && resumed.err.contains("not made on this machine"), resumed.text());
    }

    void whatWasOnlyTouchedIsTheSame()
    {
        const Cli cli;
        const QString document = cli.write("docs/a.txt", "alpha");
        const ScriptedServer server(countsDocuments());
        QCOMPARE(cli.run(ask(cli, server, {cli.path("docs")})).status, 0);
        const int before = server.requestCount();
        // Twice: the hash stays on record.
        for (const time_t when : {1'000'000'000, 1'100'000'000}) {
            const utimbuf times{when, when};
            QCOMPARE(::utime(document.toUtf8().constData(), &times), 0);
            const Outcome resumed = cli.run(resume(cli));
            QVERIFY2(resumed.status == 0, resumed.text());
        }
        QVERIFY(QFile::remove(document));
        cli.write("docs/a.txt", "alpha");
        QCOMPARE(cli.run(resume(cli)).status, 0);
        QCOMPARE(server.requestCount(), before);
    }

    void aLinkThatAPersonNamesIsRead()
    {
        const Cli cli;
        QVERIFY(QFile::link(cli.write("a.txt", "alpha"), cli.path("link.txt")));
        const ScriptedServer server(scripted({cell("FINAL(context)")}));
        const Outcome outcome = cli.run(ask(cli, server, {cli.path("link.txt")}));
        QVERIFY2(outcome.status == 0, outcome.text());
        QCOMPARE(outcome.field("answer"), "alpha");
    }

    void bytesThatAreNoTextAreSaid()
    {
        const Cli cli;
        const QString document = cli.write("a.txt", "na\xC3\xAFve caf\xC3\xA9 \xFF end");
        const ScriptedServer server(countsDocuments());
        const Outcome outcome = cli.run(ask(cli, server, {document}, {}));
        QVERIFY2(outcome.status == 0, outcome.text());
        QVERIFY2(
            outcome.err.contains(
                "a.txt: bytes that are no utf-8 are read as U+FFFD, in 1 place(s), the first at byte 13"),
            outcome.text());
        QVERIFY(cli.run({u"show"_s, cli.path("run.burrow")}).out.contains("first at byte 13"));
        const nlohmann::json shown = cli.run({u"show"_s, u"--json"_s, cli.path("run.burrow")}).json();
        QCOMPARE(shown["replaced"].at(0)["first_byte"].get<int>(), 13);
    }

    void aRunWhoseDocumentChangedIsNotOfferedToGoOn()
    {
        const Cli cli;
        const QString document = cli.write("a.txt", "alpha");
        const ScriptedServer server([&](const ScriptedRequest&) {
            cli.write("a.txt", "changed");
            return chatReply(cell("FINAL(1)"));
        });
        const Outcome outcome = cli.run(ask(cli, server, {document}, {}));
        QVERIFY2(outcome.status == 6, outcome.text());
        QVERIFY2(!outcome.err.contains("To go on"), outcome.text());
    }

    void aDocumentThatShrinksAtAnyMomentOfTheStartIsNamed_data()
    {
        QTest::addColumn<int>("after");
        for (const int after : {0, 5, 10, 15, 20, 30, 40, 60, 80, 120})
            QTest::addRow("%d ms", after) << after;
    }
    /// While it is listed, measured, mapped by the guest that starts, or read by a cell.
    void aDocumentThatShrinksAtAnyMomentOfTheStartIsNamed()
    {
        QFETCH(const int, after);
        const Cli cli;
        const QString document = cli.write("shrinks.txt", QByteArray(32 << 20, 'x'));
        const ScriptedServer server(scripted({cell("FINAL(context.count('x'))")}));
        QProcess process;
        cli.start(process, ask(cli, server, {document}));
        QVERIFY(process.waitForStarted());
        QTest::qSleep(after);
        QVERIFY(QFile::resize(document, 10));
        const Outcome outcome = Cli::wait(process);
        if (outcome.status == 0) // before it was opened, or after it was read
            QVERIFY2(
                outcome.field("answer") == "10" || outcome.field("answer") == "33554432", outcome.text());
        else
            QVERIFY2(outcome.status == 6 && outcome.err.contains("shrinks.txt"), outcome.text());
    }

    void theAnswerDoesNotWaitForTheHashes()
    {
        const Cli cli;
        const QString document = cli.write("large.txt", "");
        QVERIFY(QFile::resize(document, qint64(2) << 30)); // sparse: takes no space, and seconds to hash
        const ScriptedServer server(scripted({cell("FINAL(len(context))")}));
        QProcess process;
        cli.start(process, ask(cli, server, {document}, {u"--encoding"_s, u"utf-8"_s}));
        QByteArray err;
        QTRY_VERIFY_WITH_TIMEOUT(
            (err += process.readAllStandardError()).contains("Ctrl+C skips"), Cli::patience);
        QCOMPARE(process.readAllStandardOutput(), "2147483648\n");
        QCOMPARE(process.state(), QProcess::Running);
        QCOMPARE(::kill(pid_t(process.processId()), SIGINT), 0);
        QCOMPARE(Cli::wait(process).status, 0);
        // Without hashes, documents that nobody touched are known again.
        const Outcome resumed = cli.run(resume(cli));
        QVERIFY2(resumed.status == 0, resumed.text());
        QCOMPARE(resumed.field("answer"), "2147483648");
        QCOMPARE(server.requestCount(), 1);
    }
};

QTEST_GUILESS_MAIN(DocumentsOfARunTest)
#include "tst_documents_of_a_run.moc"
