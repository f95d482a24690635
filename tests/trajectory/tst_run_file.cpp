#include "fakes.h"

#include <QDir>
#include <QTest>

#include <filesystem>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

class RunFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatWasCommittedIsThereAfterOpening()
    {
        RunFolder run;
        Event event{
            .time = std::chrono::microseconds(5), .kind = EventKind::ReplyReceived, .state = NodeState::Ok};
        {
            RunFile file = run.create();
            event.body = *file.put("a reply");
            event.model = *file.putModel("m");
            event.usage = {.inputTokens = 0, .outputTokens = 3, .cost = MicroUsd{4}};
            QVERIFY(file.append(event));
            QVERIFY(file.commit());
        }
        RunFile file = run.open(RunFile::Access::Read);
        const auto events = file.eventsAfter(0, 10);
        QVERIFY(events);
        QCOMPARE(events->size(), 1u);
        QVERIFY(events->front() == event);
        QCOMPARE(*file.text(event.body), "a reply");
        QCOMPARE(file.models(), (std::vector<QByteArray>{"", "m"}));
    }

    void aNewRunAppearsWhole()
    {
        const RunFolder run;
        Event event{.kind = EventKind::ReplyReceived};
        RunFile file = *RunFile::create(run.path);
        event.body = *file.put("a reply");
        QVERIFY(file.append(event));
        QVERIFY(!QFile::exists(run.path));
        QVERIFY(file.commit());
        RunFile reader = *RunFile::open(run.path, RunFile::Access::Read);
        QCOMPARE(*reader.text(reader.eventsAfter(0, 1)->front().body), "a reply");
        // It goes on where it was.
        QCOMPARE(*file.put("a reply"), event.body);
        QCOMPARE(file.nextSeq(), 2);
        QVERIFY(file.append(event));
        QVERIFY(file.commit());
        QCOMPARE(reader.eventsAfter(0, 9)->size(), 2u);
    }

    void aNewRunInWhichNothingHappenedLeavesNoFile()
    {
        const RunFolder run;
        {
            const RunFile file = *RunFile::create(run.path);
        }
        QVERIFY(QDir(run.folder.path()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    }

    void whatTookTheNameMeanwhileIsLeftAlone()
    {
        const RunFolder run;
        RunFile refused = *RunFile::create(run.path);
        RunFile numbered = *RunFile::create(run.path, RunFile::IfTaken::Number);
        RunFile third = *RunFile::create(run.path, RunFile::IfTaken::Number);
        QFile other(run.path);
        QVERIFY(other.open(QIODevice::WriteOnly) && other.write("mine") == 4 && other.flush());
        QCOMPARE(refused.commit().error().code, ErrorCode::AlreadyExists);
        QCOMPARE(refused.commit().error().code, ErrorCode::AlreadyExists);
        QVERIFY(numbered.commit() && third.commit());
        QCOMPARE(numbered.path(), run.folder.filePath(u"run-2.burrow"_s));
        QCOMPARE(third.path(), run.folder.filePath(u"run-3.burrow"_s));
        QCOMPARE(other.size(), 4);
    }

    void whatARemovedRunLeftIsNoPartOfANewOne()
    {
        const RunFolder run;
        QFile log(run.path + u"-wal"_s);
        QVERIFY(log.open(QIODevice::WriteOnly));
        const auto refused = RunFile::create(run.path);
        QCOMPARE(refused.error().code, ErrorCode::AlreadyExists);
        QVERIFY(refused.error().message.startsWith(log.fileName()));
        RunFile numbered = *RunFile::create(run.path, RunFile::IfTaken::Number);
        QVERIFY(numbered.commit());
        QCOMPARE(numbered.path(), run.folder.filePath(u"run-2.burrow"_s));
    }

    void usageThatWasNotReportedStaysUnknown()
    {
        RunFolder run;
        RunFile file = run.create();
        Event event{.kind = EventKind::ReplyReceived};
        QVERIFY(file.append(event));
        QVERIFY(!file.eventsAfter(0, 1)->front().usage.inputTokens);
    }

    void aTextIsStoredOnce()
    {
        RunFolder run;
        RunFile file = run.create();
        const BlobId first = *file.put(QByteArray(1000, 'x'));
        QCOMPARE(*file.put(QByteArray(1000, 'x')), first);
        QVERIFY(*file.put("y") != first);
        QVERIFY(file.commit());
        RunFile other = run.open(RunFile::Access::Read);
        QCOMPARE(*other.find(Sha256::of(QByteArray(1000, 'x'))), first);
        QCOMPARE(*other.find(Sha256::of("z")), BlobId::None);
    }

    void onlyItsOwnerMayReadARunFile()
    {
        RunFolder run;
        RunFile file = run.create();
        QVERIFY(file.put("x"));
        QVERIFY(file.commit());
        const auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;
        for (const QString& suffix : {u""_s, u"-wal"_s, u"-shm"_s, u".lock"_s})
            QCOMPARE(QFile::permissions(run.path + suffix) & ~ownerOnly, QFile::Permissions());
    }

    void aClosedRunIsOneFile()
    {
        RunFolder run;
        {
            RunFile file = run.create();
            QVERIFY(file.put("x"));
        }
        QCOMPARE(QDir(run.folder.path()).entryList(QDir::Files), QStringList{u"run.burrow"_s});
    }

    void aSecondWriterIsToldWhoWrites()
    {
        RunFolder run;
        const RunFile writer = run.create();
        const auto second = RunFile::open(run.path, RunFile::Access::Write);
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::RunFileLocked);
        QVERIFY(second.error().message.contains(QString::number(QCoreApplication::applicationPid())));
        const RunFile reader = run.open(RunFile::Access::Read);
        QVERIFY(reader.writer());
    }

    void aSecondWriterIsSeenThroughALink()
    {
        RunFolder run;
        const QString link = run.folder.filePath(u"link.burrow"_s);
        const RunFile writer = run.create();
        QVERIFY(QFile::link(run.path, link));
        const auto second = RunFile::open(link, RunFile::Access::Write);
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::RunFileLocked);
        const auto reader = RunFile::open(link, RunFile::Access::Read);
        QVERIFY(reader && reader->writer());
    }

    void aRunWithASecondNameIsNotWritten()
    {
        RunFolder run;
        run.create();
        const QString link = run.folder.filePath(u"link.burrow"_s);
        std::filesystem::create_hard_link(run.path.toStdString(), link.toStdString());
        const auto opened = RunFile::open(link, RunFile::Access::Write);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::RunFileLocked);
        QVERIFY(opened.error().message.contains(u"hard link"_s));
        QVERIFY(RunFile::open(link, RunFile::Access::Read));
        QVERIFY(QFile::remove(link));
        QVERIFY(RunFile::open(run.path, RunFile::Access::Write));
    }

    void theLockEndsWithItsWriter()
    {
        RunFolder run;
        run.create();
        QVERIFY(!run.open(RunFile::Access::Read).writer());
        QVERIFY(RunFile::open(run.path, RunFile::Access::Write));
    }

    void aReaderSeesWhatIsCommittedMeanwhile()
    {
        RunFolder run;
        RunFile writer = run.create();
        RunFile reader = run.open(RunFile::Access::Read);
        Event event;
        QVERIFY(writer.append(event));
        QVERIFY(reader.eventsAfter(0, 10)->empty());
        QVERIFY(writer.commit());
        QCOMPARE(reader.eventsAfter(0, 10)->size(), 1u);
    }

    void theManifestIsKept()
    {
        RunFolder run;
        const std::vector<DocumentRecord> documents{
            {u"a.txt"_s, u"/in/a.txt"_s, 12, u"1:2:3"_s, u"utf-8"_s, {}, std::nullopt, 3, ByteOffset{7}},
            {u"b.png"_s, u"/in/b.png"_s, 5, {}, {}, u"binary"_s, std::nullopt}};
        {
            RunFile file = run.create();
            QVERIFY(file.setDocuments(documents));
            QVERIFY(file.setDocumentHash(0, Sha256::of("x")));
            QVERIFY(file.setValue("note", "value"));
        }
        RunFile file = run.open(RunFile::Access::Read);
        std::vector<DocumentRecord> expected = documents;
        expected[0].hash = Sha256::of("x");
        QCOMPARE(*file.documents(), expected);
        QCOMPARE(*file.value("note"), "value");
        QCOMPARE(*file.value("other"), "");
    }

    void badPathsAreNamed()
    {
        RunFolder run;
        QCOMPARE(RunFile::open(run.path, RunFile::Access::Read).error().code, ErrorCode::NotFound);
        QCOMPARE(RunFile::create(run.folder.filePath(u"no/run.burrow"_s)).error().code, ErrorCode::NotFound);
        run.create();
        QCOMPARE(RunFile::create(run.path).error().code, ErrorCode::AlreadyExists);
    }
};

QTEST_GUILESS_MAIN(RunFileTest)
#include "tst_run_file.moc"
