#include "documents/sample_text.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSet>
#include <QStringDecoder>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace burrow;

Q_DECLARE_METATYPE(burrow::SampleKind)

namespace {

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class SampleTextTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    QString path(const char* name = "sample.txt") const { return m_dir.filePath(QLatin1String(name)); }

    static void addKinds()
    {
        QTest::addColumn<SampleKind>("kind");
        QTest::newRow("ascii") << SampleKind::Ascii;
        QTest::newRow("emoji") << SampleKind::Emoji;
        QTest::newRow("zh") << SampleKind::Chinese;
    }

private Q_SLOTS:
    void theFactStandsInTheTextOnce_data() { addKinds(); }
    void theFactStandsInTheTextOnce()
    {
        QFETCH(SampleKind, kind);
        for (quint64 seed = 0; seed < 60; ++seed) {
            const qint64 size = seed % 3 == 0 ? 1024 : qint64(seed) * 20'011;
            const Result<SamplePlan> plan = writeSample(path(), size, kind, seed, {});
            QVERIFY(plan);
            const QByteArray text = contents(path());
            QCOMPARE(text.size(), size);
            QCOMPARE(text.count(plan->answer), 1);
            QVERIFY(plan->fact.contains(plan->answer));
            QVERIFY(!plan->question.contains(plan->answer));
            QCOMPARE(text.indexOf(plan->fact), plan->offset.value);
            QStringDecoder decode(QStringDecoder::Utf8);
            const QString decoded = decode(text);
            QVERIFY(!decode.hasError());
            if (kind == SampleKind::Ascii)
                QCOMPARE(decoded.size(), text.size());
        }
    }

    void aSeedGivesOneTextAndSeedsDiffer_data() { addKinds(); }
    void aSeedGivesOneTextAndSeedsDiffer()
    {
        QFETCH(SampleKind, kind);
        QSet<QByteArray> facts, questions;
        for (quint64 seed = 0; seed < 40; ++seed) {
            const Result<SamplePlan> plan = writeSample(path(), 4096, kind, seed, {});
            const QByteArray text = contents(path());
            QCOMPARE(writeSample(path(), 4096, kind, seed, {})->offset, plan->offset);
            QCOMPARE(contents(path()), text);
            facts += plan->fact;
            questions += plan->question;
        }
        QCOMPARE(facts.size(), 40);
        QCOMPARE(questions.size(), 40);
    }

    void linesHardlyRepeat()
    {
        QVERIFY(writeSample(path(), 3'000'000, SampleKind::Ascii, 1, {}));
        const QList<QByteArray> lines = contents(path()).split('\n');
        const QSet<QByteArray> distinct(lines.begin(), lines.end());
        QVERIFY2(distinct.size() * 100 > lines.size() * 95, QByteArray::number(distinct.size()));
    }

    void anExistingFileIsOverwritten()
    {
        QVERIFY(writeSample(path(), 100'000, SampleKind::Ascii, 1, {}));
        QVERIFY(writeSample(path(), 2000, SampleKind::Ascii, 2, {}));
        QCOMPARE(contents(path()).size(), 2000);
        QCOMPARE(QDir(m_dir.path()).entryList(QDir::Files).size(), 1);
    }

    void aStoppedSampleLeavesTheOldFile()
    {
        QVERIFY(writeSample(path(), 2000, SampleKind::Ascii, 1, {}));
        const QByteArray before = contents(path());
        std::stop_source stop;
        stop.request_stop();
        const Result<SamplePlan> plan
            = writeSample(path(), 5'000'000, SampleKind::Ascii, 2, stop.get_token());
        QCOMPARE(plan.error().code, ErrorCode::Cancelled);
        QCOMPARE(contents(path()), before);
        QCOMPARE(QDir(m_dir.path()).entryList(QDir::Files).size(), 1);
    }

    void whatIsNoFileStaysAsItIs()
    {
        const QString pipe = m_dir.filePath(QStringLiteral("pipe"));
        if (QProcess::execute(QStringLiteral("mkfifo"), {pipe}) != 0)
            QSKIP("This system has no named pipes among its files.");
        const Result<SamplePlan> plan = writeSample(pipe, 4096, SampleKind::Ascii, 1, {});
        QVERIFY(!plan);
        QCOMPARE(plan.error().code, ErrorCode::NotAFile);
        QVERIFY(QFileInfo::exists(pipe) && !QFileInfo(pipe).isFile());
    }

    void whatCannotBeWrittenIsNamed_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<qint64>("size");
        QTest::addColumn<int>("code");
        const auto row = [](const char* name, qint64 size, ErrorCode code) {
            QTest::newRow(name) << QString::fromLatin1(name) << size << int(code);
        };
        row("no/such/folder.txt", 4096, ErrorCode::NotFound);
        row(".", 4096, ErrorCode::NotAFile);
        row("huge.txt", std::numeric_limits<qint64>::max(), ErrorCode::DiskFull);
        row("tiny.txt", 5, ErrorCode::InvalidArgument);
        row("negative.txt", -1, ErrorCode::InvalidArgument);
    }
    void whatCannotBeWrittenIsNamed()
    {
        QFETCH(QString, name);
        QFETCH(qint64, size);
        QFETCH(int, code);
        const QString target = m_dir.filePath(name);
        const Result<SamplePlan> plan = writeSample(target, size, SampleKind::Ascii, 1, {});
        QVERIFY(!plan);
        QCOMPARE(int(plan.error().code), code);
        QVERIFY2(code == int(ErrorCode::InvalidArgument) || plan.error().message.contains(target),
            qPrintable(plan.error().message));
        QVERIFY(!QFile::exists(target) || name == QLatin1String("."));
    }
};

QTEST_APPLESS_MAIN(SampleTextTest)
#include "tst_sample_text.moc"
