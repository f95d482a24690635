#include "fakes.h"

#include "trajectory/run_file_schema.h"
#include "trajectory/sqlite.h"

#include <QRandomGenerator>
#include <QTest>

#include <sqlite3.h>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

/// A closed run with calls and a cell.
void writeRun(const QString& path)
{
    RunFile file = *RunFile::create(path);
    const TickingClock clock;
    Recorder recorder(file, clock);
    EchoModel echo;
    RecordedModel model(echo, recorder, &estimate);
    const NodePath cell = NodePath::root().turn(1).cell(1);
    CellOutput output;
    output.out.head = QByteArray(3000, 'o');
    (void)recorder.openRun({.program = "1"});
    (void)recorder.openRlm(NodePath::root(), {"question", "m", {}});
    (void)file.setDocuments({{u"a"_s, u"/a"_s, 1, {}, {}, {}, std::nullopt}});
    (void)QCoro::waitFor(model.complete(request(NodePath::root().turn(1), "first"), {}));
    (void)recorder.cellStarted({cell, "print(1)"});
    for (int call = 1; call <= 40; ++call)
        (void)QCoro::waitFor(
            model.complete(request(cell.call(call), "prompt " + QByteArray::number(call * 7919)), {}));
    (void)recorder.cellFinished(cell, output, {});
    (void)recorder.closeRun(RunState::Answered, "answer");
}

/// Uses all of a file as a program would. Returns the first error.
Result<void> useAll(const QString& path)
{
    Result<RunFile> file = RunFile::open(path, RunFile::Access::Read);
    if (!file)
        return std::unexpected(file.error());
    const Result<RunTree> tree = loadTree(*file);
    if (!tree)
        return std::unexpected(tree.error());
    (void)tree->toText();
    Result<void> used;
    for (int i = 0; i < tree->size(); ++i)
        for (const BlobId id : {tree->node(NodeIndex(i)).input, tree->node(NodeIndex(i)).output})
            if (const auto text = file->text(id); !text && used)
                used = std::unexpected(text.error());
    const auto documents = file->documents();
    if (!documents && used)
        used = std::unexpected(documents.error());
    return used.and_then([&] { return file->check(); });
}

/// Takes a run up again, as `resume` would.
void resume(const QString& path)
{
    Result<RunFile> file = RunFile::open(path, RunFile::Access::Write);
    if (!file)
        return;
    const TickingClock clock;
    Recorder recorder(*file, clock);
    if (!recorder.openRun({}))
        return;
    EchoModel echo;
    RecordedModel recorded(echo, recorder, &estimate);
    ServedModel model(recorded, recorder);
    (void)QCoro::waitFor(model.complete(request(NodePath::root().turn(1), "first"), {}));
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

/// Does with a file what its author might, by plain SQLite.
void tamper(const QString& path, const QByteArray& sql)
{
    Result<Database> database = Database::open(path, SQLITE_OPEN_READWRITE);
    QVERIFY(database);
    const auto done = database->execute(sql.constData());
    QVERIFY2(done, done ? "" : qPrintable(done.error().message));
}

ErrorCode openError(const QString& path)
{
    const auto file = RunFile::open(path, RunFile::Access::Read);
    return file ? ErrorCode(-1) : file.error().code;
}

} // namespace

class RunFileDamageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anUndamagedFileIsAccepted()
    {
        RunFolder run;
        writeRun(run.path);
        const auto used = useAll(run.path);
        QVERIFY2(used, used ? "" : qPrintable(used.error().message));
    }

    void whatIsNoRunFileIsRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("not a run\n").repeated(100);
        Database empty = emptyRunFile();
        QTest::newRow("another SQLite file") << fileOf(empty).replace(68, 4, "abcd");
        QTest::newRow("only a header") << fileOf(empty).first(100);
    }
    void whatIsNoRunFileIsRefused()
    {
        QFETCH(QByteArray, bytes);
        RunFolder run;
        write(run.path, bytes);
        QCOMPARE(openError(run.path), ErrorCode::RunFileInvalid);
        QCOMPARE(openError(run.folder.path()), ErrorCode::RunFileInvalid);
    }

    void aNewerFileIsRefusedInWords()
    {
        RunFolder run;
        writeRun(run.path);
        tamper(run.path, "PRAGMA user_version=99");
        const auto file = RunFile::open(run.path, RunFile::Access::Write);
        QCOMPARE(file.error().code, ErrorCode::RunFileNewer);
        QVERIFY(file.error().message.contains(u"Update Burrow"_s));
    }

    void aSchemaThatIsNotOursIsRefused_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("trigger") << QByteArray("CREATE TRIGGER t AFTER INSERT ON events BEGIN "
                                               "DELETE FROM events; END");
        QTest::newRow("view") << QByteArray("DROP TABLE documents; CREATE VIEW documents AS SELECT 1 AS id");
        QTest::newRow("table") << QByteArray("CREATE TABLE more(x)");
        QTest::newRow("index") << QByteArray("CREATE INDEX i ON events(time)");
        QTest::newRow("column") << QByteArray("ALTER TABLE events ADD COLUMN x INTEGER");
        QTest::newRow("no table") << QByteArray("DROP TABLE events");
        QTest::newRow("version") << QByteArray("PRAGMA user_version=0");
    }
    void aSchemaThatIsNotOursIsRefused()
    {
        QFETCH(QByteArray, sql);
        RunFolder run;
        writeRun(run.path);
        tamper(run.path, sql);
        QCOMPARE(openError(run.path), ErrorCode::RunFileInvalid);
    }

    void aJournalThatMakesNoSenseIsRefused_data()
    {
        QTest::addColumn<QByteArray>("sql");
        for (const char* sql :
            {"UPDATE events SET kind=99 WHERE seq=4", "UPDATE events SET seq=1000000 WHERE seq=4",
                "DELETE FROM events WHERE seq=3", "UPDATE events SET cost=9223372036854775807 WHERE seq=4",
                "UPDATE events SET input_tokens=-5 WHERE seq=4", "UPDATE events SET node=5000 WHERE seq=4",
                "UPDATE events SET parent=4 WHERE seq=4", "UPDATE events SET ordinal=0 WHERE seq=3",
                "UPDATE events SET ordinal=9999999999 WHERE seq=3", "UPDATE events SET state=77 WHERE seq=4",
                "UPDATE events SET time=9223372036854775807 WHERE seq=4"})
            QTest::newRow(sql) << QByteArray(sql);
    }
    void aJournalThatMakesNoSenseIsRefused()
    {
        QFETCH(QByteArray, sql);
        RunFolder run;
        writeRun(run.path);
        tamper(run.path, sql);
        RunFile file = run.open(RunFile::Access::Read);
        const auto tree = loadTree(file);
        QVERIFY(!tree);
        QCOMPARE(tree.error().code, ErrorCode::RunFileInvalid);
    }

    void aTextThatWasChangedIsRefused_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("another text") << QByteArray("UPDATE blobs SET data=x'00'");
        QTest::newRow("a huge one") << QByteArray("UPDATE blobs SET data=zeroblob(100000000) WHERE id<3");
        QTest::newRow("none") << QByteArray("DELETE FROM blobs");
    }
    void aTextThatWasChangedIsRefused()
    {
        QFETCH(QByteArray, sql);
        RunFolder run;
        writeRun(run.path);
        tamper(run.path, sql);
        RunFile file = run.open(RunFile::Access::Read);
        QCOMPARE(file.text(BlobId(1)).error().code, ErrorCode::RunFileInvalid);
    }

    void aTruncatedFileIsRefused()
    {
        RunFolder run;
        writeRun(run.path);
        const QByteArray whole = contents(run.path);
        for (qsizetype size = 0; size < whole.size(); size += 1531) {
            write(run.path, whole.first(size));
            QVERIFY2(!useAll(run.path), qPrintable(QString::number(size)));
            resume(run.path);
        }
    }

    void flippedBytesNeverDoHarm()
    {
        RunFolder run;
        writeRun(run.path);
        const QByteArray whole = contents(run.path);
        QRandomGenerator random(20260101);
        for (int round = 0; round < 300; ++round) {
            QByteArray damaged = whole;
            for (int flips = 1 + round % 3; flips > 0; --flips) {
                // Half of them in the first pages, where the structure is.
                const int end = random.bounded(2) ? 2000 : int(damaged.size());
                damaged[random.bounded(end)] = char(random.bounded(256));
            }
            write(run.path, damaged);
            (void)useAll(run.path);
            if (round % 8 == 0) // it waits for the disk
                resume(run.path);
            QFile::remove(run.path + u"-wal"_s);
            QFile::remove(run.path + u"-shm"_s);
        }
    }

    void aFileOfTheFirstVersionIsMigrated_data()
    {
        QTest::addColumn<RunFile::Access>("access");
        QTest::newRow("to read") << RunFile::Access::Read;
        QTest::newRow("to write") << RunFile::Access::Write;
    }
    void aFileOfTheFirstVersionIsMigrated()
    {
        QFETCH(const RunFile::Access, access);
        RunFolder run;
        {
            Database old = *Database::open(run.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
            QVERIFY(old.execute(schemaSteps().front()));
            QVERIFY(old.execute("PRAGMA application_id=0x42727277; PRAGMA user_version=1;"
                                "INSERT INTO documents VALUES(1, 'a', '/a', 5, 'id', 'utf-8', '', NULL)"));
        }
        {
            RunFile file = run.open(access);
            const DocumentRecord expected{u"a"_s, u"/a"_s, 5, u"id"_s, u"utf-8"_s, {}, std::nullopt};
            QCOMPARE(*file.documents(), std::vector{expected});
        }
        Database database = *Database::open(run.path, SQLITE_OPEN_READWRITE);
        QCOMPARE(*database.number("PRAGMA user_version"), currentSchemaVersion());
        QVERIFY(verifySchema(database, currentSchemaVersion()));
    }

    void anOlderFileIsMigrated()
    {
        RunFolder run;
        writeRun(run.path);
        std::vector<const char*> steps(schemaSteps().begin(), schemaSteps().end());
        steps.push_back("ALTER TABLE documents ADD COLUMN pages INTEGER");
        steps.push_back("CREATE TABLE extra(id INTEGER PRIMARY KEY) STRICT");
        Database database = *Database::open(run.path, SQLITE_OPEN_READWRITE);
        const int version = currentSchemaVersion();
        QVERIFY(verifySchema(database, version, steps));
        QVERIFY(migrateSchema(database, version, steps));
        QCOMPARE(*database.number("PRAGMA user_version"), version + 2);
        QVERIFY(verifySchema(database, version + 2, steps));
        QVERIFY(*database.number("SELECT count(*) FROM events") > 80);
    }

    void aMigrationThatFailsLeavesTheFileAsItWas()
    {
        RunFolder run;
        writeRun(run.path);
        std::vector<const char*> steps(schemaSteps().begin(), schemaSteps().end());
        steps.push_back("CREATE TABLE extra(id INTEGER PRIMARY KEY) STRICT");
        steps.push_back("ALTER TABLE nothing ADD COLUMN x");
        {
            Database database = *Database::open(run.path, SQLITE_OPEN_READWRITE);
            QVERIFY(!migrateSchema(database, currentSchemaVersion(), steps));
        }
        QVERIFY(useAll(run.path));
    }
};

QTEST_GUILESS_MAIN(RunFileDamageTest)
#include "tst_run_file_damage.moc"
